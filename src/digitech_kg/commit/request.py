"""What can be committed, on whose behalf, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from digitech_kg.namespaces import GraphName
from digitech_kg.snapshot import Change
from digitech_kg.sources import Project


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Make the dataset what a project's files say.

    Online writes that the files don't have, and data of no project, are a conflict unless `discard_edits` gives them
    up. A version that was built from the same files stays, unless `force` is set.
    """

    project: Project
    discard_edits: bool = False
    force: bool = False
    infers: bool = True


@dataclass(frozen=True, slots=True)
class SparqlUpdate:
    """An update request; `using` and `using_named` are those of the protocol (SPARQL 1.1 Protocol, section 2.2.3)."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """A file with triples, and the name of its format."""

    path: Path
    format: str


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A write of the Graph Store Protocol: `method` is PUT, POST or DELETE; the graph None is the default graph."""

    method: str
    graph: str | None
    payloads: tuple[Payload, ...] = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """Quads to add and to remove, as they are; of the graphs named in `replaces` nothing else stays."""

    change: Change
    replaces: frozenset[GraphName] = frozenset()


@dataclass(frozen=True, slots=True)
class Revert:
    """Take back what one version, given by its whole name, changed in what is written by hand."""

    version: str


Write = ProjectFiles | SparqlUpdate | GraphWrite | Patch | Revert


@dataclass(frozen=True, slots=True)
class Commit:
    """On whose behalf something is written, why, and under which conditions."""

    action: str = "update"
    author: str = ""
    message: str = ""
    request_id: str = ""
    #: Graphs that may be written, by IRI or as `access.DEFAULT_GRAPH`; None means all.
    graphs: frozenset[str] | None = None
    #: Entity tags of which one must fit, and entity tags of which none may fit.
    if_match: tuple[str, ...] = ()
    if_none_match: tuple[str, ...] = ()
    dry_run: bool = False


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
    #: Seconds by step.
    seconds: dict[str, float] = field(default_factory=dict)
    #: The change as N-Quads, for a dry run.
    difference: dict[str, str] | None = None


class Writer(Protocol):
    """Carries out writes for one service. Thread-safe."""

    def prepare(self) -> None:
        """Get ready for the first write, without waiting."""

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write, or raise why not."""

    def close(self) -> None:
        """Let a write that is under way finish, and end."""


@runtime_checkable
class Writable(Protocol):
    """A query service over data elsewhere that says where writes go; None if it is only read."""

    writer: Writer | None
