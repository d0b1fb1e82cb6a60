"""What a project's files say, and what was edited online that they don't say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Quad, Store

from digitech_kg.commit.request import ProjectFiles
from digitech_kg.commit.rules import Rules, load_rules
from digitech_kg.description import describe_queries
from digitech_kg.errors import Conflict, SourceError
from digitech_kg.mappings.model import check_links, load_links
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import Change, Snapshot
from digitech_kg.sources import Project, SourceFile, Sources, load_sources
from digitech_kg.sources.blocks import Block, Key, split_blocks
from digitech_kg.triple_store import open_read_only, store_of

#: Things that a message names.
_MOST_NAMED: Final = 5
_NOTHING: Final = Block()


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
    #: Whether graphs that aren't the project's stay.
    keeps_foreign: bool = True
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
        graphs, wanted = self.names.graphs, self.content.written
        kept = graphs.is_foreign if self.keeps_foreign else lambda _: False
        replaced = (g for g in (DefaultGraph(), *store.named_graphs()) if not (graphs.is_derived(g) or kept(g)))
        now = frozenset(quad for graph in replaced for quad in store.quads_for_pattern(None, None, None, graph))
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
    """Read the files of a project, and see to it that nothing is lost that only the version before has.

    Raises `SourceError` for faulty files or shapes, and `Conflict` for edits, or data of no project, that would be
    lost; not if they are to be discarded.
    """
    project = write.project
    inputs = f"{project.input_digest()}{'' if write.infers else '-without-inferences'}"
    rules = load_rules(project)
    if previous is not None and previous.manifest.inputs_sha256 == inputs and not write.force:
        nothing = FilesContent(Sources(project, [], (), ()), frozenset(), frozenset())
        return FilesChange(nothing, rules, inputs, is_unchanged=True)
    guarded = previous if not write.discard_edits else None
    if guarded is not None and not guarded.manifest.derives and guarded.manifest.quads:
        raise HoldsOtherData(guarded)
    content = read_content(project)
    if guarded is not None and (edits := find_edits(guarded, content.written)):
        raise _would_lose(guarded, edits)
    return FilesChange(content, rules, inputs, keeps_foreign=not write.discard_edits)


def is_up_to_date(project: Project, snapshot: Snapshot) -> bool:
    """Whether a snapshot was built from the project as it is."""
    return snapshot.manifest.inputs_sha256.split("-")[0] == project.input_digest()


def find_edits(snapshot: Snapshot, files: Iterable[Quad]) -> Mapping[Key, Change]:
    """Return what was edited online and isn't in what files say, by graph and subject."""
    edits = snapshot.edits()
    if not edits:
        return {}
    graphs, store = edits.graphs(), open_read_only(snapshot.store)
    now = frozenset(quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
    online, before = split_blocks(now), split_blocks((now - edits.added) | edits.removed)
    said = split_blocks(quad for quad in files if quad.graph_name in graphs)
    found = {}
    for key in sorted({*online, *before}):
        new, old = online.get(key, _NOTHING), before.get(key, _NOTHING)
        if not _holds(said.get(key, _NOTHING), gained=new.content - old.content, lost=old.content - new.content):
            found[key] = Change(new.quads - old.quads, old.quads - new.quads)
    return found


def _holds(block: Block, *, gained: frozenset[str], lost: frozenset[str]) -> bool:
    return gained <= block.content and not lost & block.content


class HoldsOtherData(Conflict):
    """A data directory holds data that no project made."""

    title = Conflict.title

    def __init__(self, snapshot: Snapshot) -> None:
        count = snapshot.manifest.quads
        message = f"version {snapshot.version} holds {count:,} quad{'' if count == 1 else 's'} that no project made"
        hint = (
            "Nothing was changed. Give the project a directory of its own with --data-dir. To serve this data, run: "
            "digitech-kg serve --empty --data-dir DIR. To put the project in its place, run: digitech-kg build "
            "--discard-edits (digitech-kg revert takes that back)."
        )
        super().__init__(message, hint=hint)


def _would_lose(snapshot: Snapshot, edits: Mapping[Key, Change]) -> Conflict:
    names = snapshot.names
    blocks = [f"{names.shorten(thing.strip('<>'))} in {names.shorten(graph.strip('<>'))}" for graph, thing in edits]
    more = f" and {len(blocks) - _MOST_NAMED:,} more" if len(blocks) > _MOST_NAMED else ""
    count = sum(map(len, edits.values()))
    what = "quad that was" if count == 1 else "quads that were"
    message = f"version {snapshot.version} has {count:,} {what} edited online and not in the files: "
    message += f"{', '.join(blocks[:_MOST_NAMED])}{more}"
    hint = (
        "To write them into the files, run: digitech-kg export --to-project. To give them up, run: digitech-kg build "
        "--discard-edits (they stay in the history)."
    )
    return Conflict(message, hint=hint)
