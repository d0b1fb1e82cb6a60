"""Write edits made online into a project's files, in the project's own layout."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.commit.files import FilesContent, find_edits, read_content, shorten
from digitech_kg.errors import CallError, Conflict
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import RDF, GraphName, Namespaces
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.blocks import as_lines, find_owners, root_of
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import format_turtle, rewrite_turtle
from digitech_kg.sources.loading import ParsedFile
from digitech_kg.sources.project import FOLDER_NAME, PROJECT_FILE, Project
from digitech_kg.triple_store import open_read_only, stored_spellings

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
    subject, graph = shorten(quad.subject, names), shorten(quad.graph_name, names)
    hint = "Write it into the files by hand; digitech-kg history VERSION shows what was edited."
    return Conflict(f"the files can't express what the store says about {subject} in {graph}", hint=hint)
