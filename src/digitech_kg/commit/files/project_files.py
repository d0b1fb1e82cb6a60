"""What a project's files change in a dataset: all that is written by hand, as the files have it, with online edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad, Store

from digitech_kg.commit.files.merging import merge_edits
from digitech_kg.commit.request import ProjectFiles
from digitech_kg.commit.rules import Rules, load_rules
from digitech_kg.description import describe_queries
from digitech_kg.errors import CallError, Conflict, SourceError
from digitech_kg.mappings.model import check_links, load_links
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import Change, Manifest, Snapshot
from digitech_kg.sources import Project, SourceFile, Sources, load_sources
from digitech_kg.triple_store import store_of

_NO_EDITS: Final = Change()


@dataclass(frozen=True)
class FilesContent:
    """What files say, as a store has it: the quads of a dataset, and those that describe it."""

    sources: Sources
    written: frozenset[Quad]
    catalog: frozenset[Quad]


@dataclass(frozen=True)
class FilesChange:
    """How to make a dataset what files say."""

    content: FilesContent
    rules: Rules
    #: What tells one input of a build from another.
    inputs: str
    #: What online writes changed in what the files say, and is to stay.
    edits: Change = _NO_EDITS
    #: Whether the version before was made from the same.
    is_unchanged: bool = False

    @property
    def names(self) -> Namespaces:
        """The names of the project."""
        return self.content.sources.project.names

    def place_of(self, subject: str) -> str | None:
        """Return `file:line` of the block that describes the subject with this IRI, if a file has one."""
        return self.content.sources.place_of(subject)

    def change(self, store: Store) -> Change:
        """Return what has to change in the graphs of a store that are written by hand."""
        graphs = self.names.graphs
        wanted = (self.content.written - self.edits.removed) | self.edits.added
        now = frozenset(quad for quad in store if not graphs.is_derived(quad.graph_name))
        return Change(wanted - now, now - wanted)


def read_content(project: Project, extra: tuple[SourceFile, ...] = ()) -> FilesContent:
    """Read a project's files, and `extra` ones as if they were its own. Raises `SourceError` with all their faults."""
    try:
        sources = load_sources(project, extra)
    except SourceError as error:
        raise SourceError([*error.faults, *check_links(project)]) from None
    quads = [*sources.quads, *load_links(project, sources.quads), *describe_queries(sources.queries, project.names)]
    # A store keeps values, so it may write literals otherwise than a file. What writes derive later is as it does.
    stored = frozenset(store_of(quads))
    catalog = frozenset(quad for quad in stored if quad.graph_name == project.names.graphs.catalog)
    return FilesContent(sources, stored - catalog, catalog)


def read_files(write: ProjectFiles, previous: Snapshot | None) -> FilesChange:
    """Read the files of a project and decide what becomes of online edits.

    Raises `SourceError` for faulty files or shapes, `Conflict` for edits that would be lost, `EditsCollide` for things
    that were changed both online and in the files, `CallError` if the data directory holds data of no project.
    """
    project = write.project
    inputs = f"{project.input_digest()}{'' if write.infers else '-without-inferences'}"
    rules = load_rules(project)
    if previous is not None and previous.manifest.inputs_sha256 == inputs and not write.force:
        return FilesChange(
            FilesContent(Sources(project, [], (), ()), frozenset(), frozenset()), rules, inputs, is_unchanged=True
        )
    if previous is not None and write.edits == "conflict" and previous.manifest.edits:
        raise _would_lose(previous.manifest)
    content = read_content(project)
    edits = _NO_EDITS
    if previous is not None and write.edits == "keep":
        if not previous.manifest.derives:
            hint = "Name the project's own data directory with --data-dir; for other data there is digitech-kg import."
            raise CallError("the data directory holds data of no project", hint=hint)
        edits = merge_edits(previous, content.written)
    return FilesChange(content, rules, inputs, edits)


def is_up_to_date(project: Project, snapshot: Snapshot) -> bool:
    """Whether a snapshot was built from the project as it is."""
    return snapshot.manifest.inputs_sha256.split("-")[0] == project.input_digest()


def _would_lose(manifest: Manifest) -> Conflict:
    message = (
        f"version {manifest.version} has {manifest.edits:,} quads that were edited online and are not in the files"
    )
    hint = (
        "To bring both together, run: digitech-kg sync. To give the edits up, run: digitech-kg build --discard-edits "
        "(they stay in the history)."
    )
    return Conflict(message, hint=hint)
