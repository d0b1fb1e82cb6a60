"""Read a project's files for a build, and write edits made online into them, in the project's own layout."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from digitech_kg.commit.request import ProjectFiles
from digitech_kg.description.catalog import describe_queries
from digitech_kg.errors import CallError, Conflict, SourceError, name_some
from digitech_kg.iteration import grouped
from digitech_kg.mappings.sssom import check_links, load_links
from digitech_kg.namespaces import RDF, GraphName, Namespaces
from digitech_kg.snapshot.changes import Change, sorted_lines
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.blocks import as_lines, find_owners, root_of
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import format_turtle, rewrite_turtle
from digitech_kg.sources.loading import ParsedFile, Sources, load_sources
from digitech_kg.sources.project import FOLDER_NAME, PROJECT_FILE, Project, SourceFile
from digitech_kg.triple_store import open_read_only, store_of, stored_spellings
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
    blocks = sorted(f"{_shorten(thing, names)} in {_shorten(graph, names)}" for thing, graph in places)
    what = "quad that was" if count == 1 else "quads that were"
    message = f"version {snapshot.version} has {count:,} {what} edited online, and the files say otherwise: "
    message += name_some(blocks)
    hint = (
        "To write them into the files, run: digitech-kg export --to-project. To give them up, run: digitech-kg build "
        "--discard-edits (they stay in the history)."
    )
    return Conflict(message, hint=hint)


def _shorten(term: Any, names: Namespaces) -> str:
    return names.shorten(term.value) if isinstance(term, NamedNode) else str(term)


#: File for new things of a graph that has none of their class.
_NEW_FILE: Final = "added.ttl"


@dataclass(frozen=True)
class WrittenBack:
    """The files that were written, the graphs with edits that no Turtle file is for, and those of no project."""

    files: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def write_back(
    snapshot: Snapshot, project: Project, read: Callable[[Project], FilesContent] = read_content
) -> WrittenBack:
    """Write the edits of a snapshot into a project's files: all of them, or none if something is at fault.

    Only blocks of what was edited change. A new thing goes where most of its kind are. Raises `CallError` for a file
    that is not in the project's layout, `SourceError` or `Conflict` if the files would not say what the store does, and
    what `read` raises of the project as it would be.
    """
    content = read_content(project)
    names, files, parsed = project.names, content.written, content.sources.files
    change = find_edits(snapshot, files)
    spellings = stored_spellings(q.object for file in parsed for q in file.quads if isinstance(q.object, Literal))
    own = {file.source.name: file for file in parsed if project.is_own(file.source)}
    # Files that a project imports belong to others.
    others = [file for file in parsed if file.source.name not in own]
    imported = {_as_stored(quad, spellings) for file in others for quad in file.quads}

    def has_place(quad: Quad) -> bool:
        return _folder_of(quad.graph_name, names) is not None and quad not in imported

    placeable = change.only(has_place)
    _refuse_both_changed(snapshot, placeable, files)
    drafts = _draft(own, placeable, spellings, names)
    texts = {
        name: _new_text(name, own[name].text if name in own else "", quads, names)
        for name, quads in sorted(drafts.items())
    }
    if texts:
        _check_result(project, texts, (files - placeable.removed) | placeable.added, read)
        write_texts({project.root / name: text for name, text in texts.items()})
    left = {str(quad.graph_name) for quad in change.added | change.removed if not has_place(quad)}
    foreign = {graph for graph in snapshot.manifest.graphs if not graph.startswith(names.graphs.root)}
    shown = (tuple(sorted(names.shorten(graph.strip("<>")) for graph in found)) for found in (left, foreign))
    return WrittenBack(tuple(texts), *shown)


def _refuse_both_changed(snapshot: Snapshot, change: Change, files: Iterable[Quad]) -> None:
    """Raise `Conflict` for a block that was edited and that the files have changed otherwise since the last build."""
    touched, edits, store = change.graphs(), snapshot.edits(), open_read_only(snapshot.store)
    now = {quad for graph in touched for quad in store.quads_for_pattern(None, None, None, graph)}
    said, before = as_lines(q for q in files if q.graph_name in touched), as_lines((now - edits.added) | edits.removed)
    changed, edited = (set(lines.values()) ^ set(before.values()) for lines in (said, as_lines(now)))
    both = changed - edited
    blocks = {(q.graph_name, q.subject) for q in change.added | change.removed if isinstance(q.subject, NamedNode)}
    for quad, line in sorted((said | before).items(), key=str):
        if line in both and (quad.graph_name, quad.subject) in blocks:
            raise _cannot_say(quad, snapshot.names)


def _folder_of(graph: GraphName, names: Namespaces) -> str | None:
    """Return the folder of a project whose files fill a graph, or None if there can be none."""
    graphs = names.graphs
    if graphs.is_derived(graph) or not isinstance(graph, NamedNode):
        return None
    if graph == graphs.ontology:
        return "ontology"
    if graph in (graphs.things, graphs.topics, graphs.issues):
        return f"data/{graph.value.removeprefix(graphs.root)}"
    if (document := graphs.document_of(graph)) is not None:
        return f"data/documents/{document}" if FOLDER_NAME.fullmatch(document) else None
    source = graph.value.removeprefix(graphs.external("").value)
    return f"data/external/{source}" if source != graph.value and FOLDER_NAME.fullmatch(source) else None


def _draft(
    own: Mapping[str, ParsedFile], edits: Change, spellings: Mapping[Literal, Literal], names: Namespaces
) -> dict[str, list[Quad]]:
    """Return what the files that change are to say, by their names."""
    graphs, drafts = edits.graphs(), dict[str, list[Quad]]()
    for name, file in own.items():
        if file.source.graph in graphs:
            kept = [quad for quad in file.quads if _as_stored(quad, spellings) not in edits.removed]
            if len(kept) < len(file.quads):
                drafts[name] = kept
    owners, quads_added = find_owners(edits.added), sorted(edits.added, key=str)
    added = grouped(((quad.graph_name, root_of(quad.subject, owners)), quad) for quad in quads_added)
    for (graph, root), quads in sorted(added.items(), key=str):
        # The file that they fit best, or a new one.
        fitness = {n: _fitness(file, root, quads) for n, file in own.items() if file.source.graph == graph}
        new = f"{_folder_of(graph, names)}/{_NEW_FILE}"
        name = max(fitness, key=fitness.__getitem__) if any(map(any, fitness.values())) else new
        drafts.setdefault(name, list(own[name].quads) if name in own else []).extend(quads)
    return drafts


def _fitness(file: ParsedFile, root: Any, quads: Iterable[Quad]) -> tuple[bool, int, int]:
    """Tell how well quads fit into a file: nodes without a name are there, their thing, or others of its kind."""
    # Labels of nodes without a name are of one file.
    nodes = {term for q in file.quads for term in (q.subject, q.object) if isinstance(term, BlankNode)}
    kinds = {q.object for q in quads if q.predicate == RDF.type and q.subject == root}
    there = [q.predicate == RDF.type for q in file.quads if q.subject == root]
    alike = sum(quad.predicate == RDF.type and quad.object in kinds for quad in file.quads)
    return any(quad.subject in nodes for quad in quads), len(there) and 1 + any(there), alike


def _as_stored(quad: Quad, spellings: Mapping[Literal, Literal]) -> Quad:
    value = spellings[quad.object] if isinstance(quad.object, Literal) else quad.object
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _new_text(name: str, text: str, quads: Sequence[Quad], names: Namespaces) -> str | None:
    """Return the new text of a file, or None if nothing is left in it. Raises `CallError` for another layout."""
    if text and format_turtle(text, name, names) != text:
        hint = "Format it first: digitech-kg format. This removes comments."
        raise CallError(f"{name} is not in the project's layout, so more than the edits would change", hint=hint)
    return rewrite_turtle(text, name, (quad.triple for quad in quads), names) if quads else None


def _check_result(
    project: Project, texts: dict[str, str | None], wanted: frozenset[Quad], read: Callable[[Project], FilesContent]
) -> None:
    """Have a copy of the project read with the new files, to see that it is sound and says what the store does."""
    with tempfile.TemporaryDirectory(prefix="digitech-kg-") as directory:
        copy = Project(Path(directory))
        for folder in ("ontology", "data", "shapes"):
            if (project.root / folder).is_dir():
                shutil.copytree(project.root / folder, copy.root / folder)
        shutil.copyfile(project.root / PROJECT_FILE, copy.root / PROJECT_FILE)
        write_texts({copy.root / name: text for name, text in texts.items()})
        found, expected = as_lines(read(copy).written), as_lines(wanted)
    both = set(found.values()) & set(expected.values())
    different = [quad for quad, line in (found | expected).items() if line not in both]
    if different:
        raise _cannot_say(min(different, key=str), project.names)


def _cannot_say(quad: Quad, names: Namespaces) -> Conflict:
    subject, graph = _shorten(quad.subject, names), _shorten(quad.graph_name, names)
    hint = "Write it into the files by hand; digitech-kg history VERSION shows what was edited."
    return Conflict(f"the files can't express what the store says about {subject} in {graph}", hint=hint)
