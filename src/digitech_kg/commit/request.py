"""The kinds of writes, who makes one and on which conditions, and its outcome.

An entity tag begins with the version in which its graph, or for queries and updates the dataset, was last changed; what
follows a full stop tells representations of one state apart. Source: RFC 9110, section 13.1.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitech_kg.errors import PreconditionFailed
from digitech_kg.formats import Format
from digitech_kg.namespaces import GraphName
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.manifest import Manifest, graph_key
from digitech_kg.sources.project import Project


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Make the dataset what a project's files say.

    Online writes that the files don't have are a conflict unless `discard_edits` gives them up. A version that was
    built from the same files stays, unless `force` is set.
    """

    project: Project
    discard_edits: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class SparqlUpdate:
    """An update request; `using` and `using_named` are those of the protocol (SPARQL 1.1 Protocol, section 2.2.3)."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RdfFile:
    path: Path
    format: Format
    #: It is compressed by gzip.
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """Bring files in: triples go to `graph`, quads to the graphs that they name.

    With `replace`, nothing else stays in these graphs. A `strict` one is a write of the Graph Store Protocol to one
    graph: its files are bodies of a request, held to limits, which name no other graph. Without files the graph goes.
    """

    files: tuple[RdfFile, ...]
    graph: GraphName | None = None
    replace: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Revert:
    """Take back what one version, given by its whole name, changed in what is written by hand."""

    version: str


#: A `Change` is applied as it is.
Write = ProjectFiles | SparqlUpdate | Import | Revert | Change


@dataclass(frozen=True, slots=True)
class Commit:
    """On whose behalf something is written, why, and under which conditions."""

    action: str = "update"
    author: str = ""
    message: str = ""
    request_id: str = ""
    #: Entity tags of which one must fit, and entity tags of which none may fit; without their quotation marks, and weak
    #: ones only among the latter.
    if_match: tuple[str, ...] = ()
    if_none_match: tuple[str, ...] = ()
    dry_run: bool = False

    def check_conditions(self, manifest: Manifest, write: Write) -> None:
        """Raise `PreconditionFailed` if the state is not the one that the write was made for."""
        state = _state(manifest, write)
        if self.if_match and not _fits(state, self.if_match):
            hint = "Somebody else has written in the meantime. Get it again, make your change, and send that."
            now = f"is at version {state}, not at the one that If-Match names" if state else "does not exist"
            raise PreconditionFailed(f"what you write to {now}", hint=hint)
        if _fits(state, self.if_none_match):
            hint = "Leave out If-None-Match to overwrite it."
            raise PreconditionFailed(f"what you write to exists already, at version {state}", hint=hint)


@dataclass(frozen=True)
class Outcome:
    """What a write did. `version` is the one that holds now; a write that changed nothing made no new one."""

    version: str
    previous: str
    published: bool
    #: What changed in graphs that are written by hand, by graph: number of quads added and removed.
    graphs: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: What changed in all graphs.
    added: int = 0
    removed: int = 0
    warnings: tuple[dict[str, Any], ...] = ()
    #: Documents that were computed anew.
    documents: tuple[str, ...] = ()
    #: The change as N-Quads, for a dry run; of a very long one the beginning.
    difference: dict[str, str] | None = None


def _state(manifest: Manifest, write: Write) -> str:
    """Return the version in which what is written to was last changed; "" if it does not exist."""
    if not isinstance(write, Import) or write.graph is None:
        return manifest.version
    return manifest.graph_versions.get(graph_key(write.graph), "")


def _fits(state: str, tags: tuple[str, ...]) -> bool:
    """What does not exist fits no tag, the asterisk included (RFC 9110, section 13.1)."""
    versions = (tag.partition(".")[0] for tag in tags)
    return state != "" and (tags == ("*",) or state in versions)
