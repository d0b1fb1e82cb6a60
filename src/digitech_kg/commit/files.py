"""Read a project's files for a build, and find the edits made online that they lack."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from digitech_kg.commit.request import ProjectFiles
from digitech_kg.description.catalog import describe_queries
from digitech_kg.errors import Conflict, SourceError, name_some
from digitech_kg.mappings.sssom import check_links, load_links
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import Change, sorted_lines
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.blocks import as_lines, find_owners, root_of
from digitech_kg.sources.loading import Sources, load_sources
from digitech_kg.sources.project import Project, SourceFile
from digitech_kg.triple_store import open_read_only, store_of
from digitech_kg.validation.with_shifty import load_shapes


@dataclass(frozen=True)
class FilesContent:
    """What files say, as a store has it: the quads of a dataset, and those that describe it."""

    sources: Sources
    written: frozenset[Quad]
    catalog: frozenset[Quad]

    def change(self, store: Store, *, keeps_foreign: bool) -> Change:
        """Return what has to change in the graphs of a store that are written by hand, so that it says the same.

        With `keeps_foreign`, graphs that aren't the project's stay.
        """
        graphs = self.sources.project.names.graphs
        kept = graphs.is_foreign if keeps_foreign else lambda _: False
        replaced = (g for g in (DefaultGraph(), *store.named_graphs()) if not (graphs.is_derived(g) or kept(g)))
        now = frozenset(quad for graph in replaced for quad in store.quads_for_pattern(None, None, None, graph))
        return Change(self.written - now, now - self.written)


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


def read_files(write: ProjectFiles, previous: Snapshot | None) -> FilesContent | None:
    """Read the files of a project, and see to it that nothing is lost that only the version before has.

    None if that was made from the same files. Raises `SourceError` for faulty files, and `Conflict` for data of no
    project and for edits that would be lost, unless they are to be discarded.
    """
    if previous is not None and is_up_to_date(write.project, previous) and not write.force:
        return None
    guarded = None if write.discard_edits else previous
    if guarded is not None and guarded.manifest.quads and not guarded.manifest.derives:
        raise _holds_other_data(guarded)
    content = read_content(write.project)
    if guarded is not None and (edits := find_edits(guarded, content.written)):
        raise _would_lose(guarded, edits)
    return content


def is_up_to_date(project: Project, snapshot: Snapshot) -> bool:
    return snapshot.manifest.inputs_sha256 == project.input_digest()


#: Files beside a store with what a project's files say that isn't in it: shapes for all data, those for the ontology
#: alone, and the description of the dataset, saved questions included.
_KEPT: Final = ("shapes.nt", "house-rules.nt", "catalog.nq")


@dataclass(frozen=True)
class VersionSettings:
    """What holds for a version: its names and shapes, what files say of it, and whether anything is derived."""

    names: Namespaces
    #: What tells the input of the last build from another.
    inputs: str = ""
    derives: bool = False
    #: Shapes, as N-Triples; and quads.
    shapes: bytes = b""
    house_rules: bytes = b""
    catalog: bytes = b""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "VersionSettings":
        manifest, kept = snapshot.manifest, ((snapshot.directory / name).read_bytes() for name in _KEPT)
        return cls(manifest.names, manifest.inputs_sha256, manifest.derives, *kept)

    @classmethod
    def of_files(cls, project: Project, content: FilesContent) -> "VersionSettings":
        """Return the settings of a project. Raises `SourceError` for faulty shapes, or if there are none."""
        shapes, house_rules = load_shapes(project.shape_files()), project.house_rule_files()
        ontology_shapes, catalog = load_shapes(house_rules) if house_rules else b"", sorted_lines(content.catalog)
        return cls(project.names, project.input_digest(), True, shapes, ontology_shapes, catalog)

    def write(self, directory: Path) -> None:
        for name, content in zip(_KEPT, (self.shapes, self.house_rules, self.catalog), strict=True):
            (directory / name).write_bytes(content)


def find_edits(snapshot: Snapshot, files: Iterable[Quad]) -> Change:
    """Return what was edited online and isn't in what files say."""
    edits = snapshot.edits()
    if not edits:
        return edits
    graphs, store = edits.graphs(), open_read_only(snapshot.store)
    now = frozenset(quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
    # Some quads may have been taken out and put back.
    online, before = as_lines(now), (as_lines((now - edits.added) | edits.removed), as_lines(now | edits.removed))
    said = set(as_lines(quad for quad in files if quad.graph_name in graphs).values())
    gone = said - set(online.values())
    return Change(
        frozenset(quad for quad in edits.added if online[quad] not in said),
        frozenset(quad for quad in edits.removed if any(lines[quad] in gone for lines in before)),
    )


def _holds_other_data(snapshot: Snapshot) -> Conflict:
    count = snapshot.manifest.quads
    message = f"version {snapshot.version} holds {count:,} quad{'' if count == 1 else 's'} that no project made"
    hint = (
        "Nothing was changed. Give the project a directory of its own with --data-dir. To serve this data, run: "
        "digitech-kg serve --empty --data-dir DIR. To put the project in its place, run: digitech-kg build "
        "--discard-edits (digitech-kg revert undoes that)."
    )
    return Conflict(message, hint=hint)


def _would_lose(snapshot: Snapshot, edits: Change) -> Conflict:
    names, quads = snapshot.names, edits.added | edits.removed
    owners, count = find_owners(quads), len(quads)
    places = {(root_of(quad.subject, owners), quad.graph_name) for quad in quads}
    blocks = sorted(f"{shorten(thing, names)} in {shorten(graph, names)}" for thing, graph in places)
    what = "quad that was" if count == 1 else "quads that were"
    message = f"version {snapshot.version} has {count:,} {what} edited online, and the files say otherwise: "
    message += name_some(blocks)
    hint = (
        "To write them into the files, run: digitech-kg export --to-project. To give them up, run: digitech-kg build "
        "--discard-edits (they stay in the history)."
    )
    return Conflict(message, hint=hint)


def shorten(term: Any, names: Namespaces) -> str:
    return names.shorten(term.value) if isinstance(term, NamedNode) else str(term)
