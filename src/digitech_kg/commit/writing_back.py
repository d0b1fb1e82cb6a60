"""Write what was edited online into the project's files, in the project's own layout, to be reviewed and kept there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.commit.files import find_edits, read_content
from digitech_kg.errors import CallError, Conflict
from digitech_kg.namespaces import RDF, GraphName, Namespaces
from digitech_kg.snapshot import Change, Snapshot
from digitech_kg.sources import Project, load_sources
from digitech_kg.sources.blocks import Block, split_blocks
from digitech_kg.sources.configuration import FILE_NAME as PROJECT_FILE
from digitech_kg.sources.configuration import FOLDER_NAME
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import format_turtle, rewrite_turtle
from digitech_kg.sources.project import SourceFile
from digitech_kg.sources.turtle import ParsedFile
from digitech_kg.triple_store import stored_spellings

#: File for new things of a graph that has none of their class.
_NEW_FILE: Final = "added.ttl"


@dataclass(frozen=True)
class WrittenBack:
    """The files that were written, by name, and the graphs with edits that no Turtle file of a project is for."""

    files: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass
class _Draft:
    """A file, and what it is to say."""

    source: SourceFile
    text: str = ""
    quads: list[Quad] = field(default_factory=list)


def write_back(snapshot: Snapshot, project: Project) -> WrittenBack:
    """Write the edits of a snapshot into a project's files: all of them, or none if something is at fault.

    Only blocks of what was edited change. A new thing goes where most of its kind are. Raises `CallError` for a file
    that is not in the project's layout, `SourceError` or `Conflict` if the files would not say what the store does.
    """
    names, files = project.names, read_content(project).written
    edits = list(find_edits(snapshot, files).values())
    change = Change(frozenset().union(*(e.added for e in edits)), frozenset().union(*(e.removed for e in edits)))
    imported = _imported(project)

    def has_place(quad: Quad) -> bool:
        return _folder_of(quad.graph_name, names) is not None and quad not in imported

    placeable = change.only(has_place)
    drafts = _draft(project, placeable)
    texts = {name: _text_of(draft, names) for name, draft in sorted(drafts.items())}
    if texts:
        _check(project, texts, (files - placeable.removed) | placeable.added)
        write_texts({project.root / name: text for name, text in texts.items()})
    left = {str(quad.graph_name) for quad in change.added | change.removed if not has_place(quad)}
    left |= {graph for graph in snapshot.manifest.graphs if not graph.startswith(names.graphs.root)}
    return WrittenBack(tuple(texts), tuple(sorted(names.shorten(graph.strip("<>")) for graph in left)))


def _imported(project: Project) -> frozenset[Quad]:
    """Return what the files say that a project imports, as a store gives it back. These files belong to others."""
    quads = [quad for file in load_sources(project).files if not _is_own(project, file.source) for quad in file.quads]
    spellings = stored_spellings(quad.object for quad in quads if isinstance(quad.object, Literal))
    return frozenset(_as_stored(quad, spellings) for quad in quads)


def _is_own(project: Project, source: SourceFile) -> bool:
    return source.path.is_relative_to(project.root)


def _folder_of(graph: GraphName, names: Namespaces) -> str | None:
    """Return the folder of a project whose files fill a graph, or None if there can be none."""
    graphs = names.graphs
    if graph in (graphs.ontology, graphs.things):
        return "ontology" if graph == graphs.ontology else "data/things"
    if graphs.is_derived(graph) or not isinstance(graph, NamedNode):
        return None
    if (document := graphs.document_of(graph)) is not None:
        return f"data/documents/{document}" if FOLDER_NAME.fullmatch(document) else None
    source = graph.value.removeprefix(graphs.external("").value)
    return f"data/external/{source}" if source != graph.value and FOLDER_NAME.fullmatch(source) else None


def _draft(project: Project, edits: Change) -> dict[str, _Draft]:
    """Return the files that change, by name, with what they are to say."""
    graphs = edits.graphs()
    files = load_sources(project).files
    parsed = [file for file in files if file.source.graph in graphs and _is_own(project, file.source)]
    literals = (q.object for file in parsed for q in file.quads if isinstance(q.object, Literal))
    spellings = stored_spellings(literals)
    drafts: dict[str, _Draft] = {}
    for file in parsed:
        kept = [quad for quad in file.quads if _as_stored(quad, spellings) not in edits.removed]
        if len(kept) < len(file.quads):
            drafts[file.source.name] = _Draft(file.source, file.text, kept)
    for (_, subject), block in sorted(split_blocks(edits.added).items()):
        found = _place(project, parsed, subject, block)
        drafts.setdefault(found.source.name, found).quads += sorted(block.quads, key=str)
    return drafts


def _place(project: Project, parsed: Iterable[ParsedFile], subject: str, block: Block) -> _Draft:
    """Return the file that a block goes into, as it is."""
    graph = next(iter(block.quads)).graph_name
    files = [file for file in parsed if file.source.graph == graph]
    new = f"{_folder_of(graph, project.names)}/{_NEW_FILE}"
    fitness = {file.source.name: _fitness(file, subject, block) for file in files}
    best = max(files, key=lambda file: fitness[file.source.name], default=None)
    if best is None or not any(fitness[best.source.name]):
        best = next((file for file in files if file.source.name == new), None)
    if best is not None:
        return _Draft(best.source, best.text, list(best.quads))
    assert isinstance(graph, NamedNode)  # noqa: S101 - only such graphs have folders
    return _Draft(SourceFile(project.root / new, new, graph))


def _fitness(file: ParsedFile, subject: str, block: Block) -> tuple[bool, int, int]:
    """Tell how well a block fits into a file: nodes without a name are there, its subject, or others of its kind."""
    # Labels of nodes without a name are of one file.
    nodes = {term for q in file.quads for term in (q.subject, q.object) if isinstance(term, BlankNode)}
    roots = {quad.subject for quad in block.quads if str(quad.subject) == subject or subject.startswith("_:")}
    kinds = {q.object for q in block.quads if q.predicate == RDF.type and q.subject in roots}
    there = [q.predicate == RDF.type for q in file.quads if q.subject in roots]
    alike = sum(quad.predicate == RDF.type and quad.object in kinds for quad in file.quads)
    return any(quad.subject in nodes for quad in block.quads), len(there) and 1 + any(there), alike


def _as_stored(quad: Quad, spellings: Mapping[Literal, Literal]) -> Quad:
    value = spellings[quad.object] if isinstance(quad.object, Literal) else quad.object
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _text_of(draft: _Draft, names: Namespaces) -> str | None:
    """Return the new text of a file, or None if nothing is left in it. Raises `CallError` for another layout."""
    name = draft.source.name
    if draft.text and format_turtle(draft.text, name, names) != draft.text:
        hint = "Bring it into the layout first: digitech-kg format. Comments are lost then."
        raise CallError(f"{name} is not in the project's layout, so more would change than was edited", hint=hint)
    if not draft.quads:
        return None
    return rewrite_turtle(draft.text, name, (quad.triple for quad in draft.quads), names)


def _check(project: Project, texts: dict[str, str | None], wanted: frozenset[Quad]) -> None:
    """Have a copy of the project read with the new files, to see that it is sound and says what the store does."""
    with tempfile.TemporaryDirectory(prefix="digitech-kg-") as directory:
        copy = Project(Path(directory))
        for folder in ("ontology", "data", "shapes"):
            if (project.root / folder).is_dir():
                shutil.copytree(project.root / folder, copy.root / folder)
        shutil.copyfile(project.root / PROJECT_FILE, copy.root / PROJECT_FILE)
        write_texts({copy.root / name: text for name, text in texts.items()})
        found, expected = split_blocks(read_content(copy).written), split_blocks(wanted)
    different = [k for k in {*found, *expected} if found.get(k, Block()).content != expected.get(k, Block()).content]
    if different:
        graph, subject = (project.names.shorten(part.strip("<>")) for part in min(different))
        hint = "Write it into the files by hand; digitech-kg export --since shows what was edited."
        raise Conflict(f"the files cannot say what the store says of {subject} in {graph}", hint=hint)
