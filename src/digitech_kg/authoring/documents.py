"""Add a document to a project, and replace its passages when its text has changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.authoring.metadata import (
    DEFAULT_LANGUAGE,
    DocumentMetadata,
    check_class,
    fill_in,
    metadata_quads,
    read_metadata,
)
from digitech_kg.authoring.passages import Passage, cut_passages, passage_quads, read_passages
from digitech_kg.authoring.plain_text import read_outline
from digitech_kg.authoring.project_files import (
    METADATA,
    PASSAGES,
    DocumentFiles,
    check_name,
    choose_prefix,
    files_of,
    read_files,
    register,
)
from digitech_kg.authoring.renaming import Renamed, keep_names
from digitech_kg.claims import measure_coverage
from digitech_kg.errors import CallError
from digitech_kg.namespaces import DK, RDF, RDFS, value_of
from digitech_kg.sources import Project
from digitech_kg.sources.configuration import FILE_NAME
from digitech_kg.sources.files import write_texts


@dataclass(frozen=True, slots=True)
class Added:
    """A document that is new in a project."""

    passages: list[Passage]
    metadata: DocumentMetadata
    prefix: str
    files: tuple[Path, ...]
    #: How the parts begin that were taken for menus and the like.
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document whose text has changed."""

    renamed: Renamed
    files: tuple[Path, ...]
    #: By name of a passage that has changed or is gone: the claims and things that cite it.
    to_check: dict[str, tuple[str, ...]]
    #: How the parts begin that were taken for menus and the like.
    left_out: tuple[str, ...]


def add_document(
    project: Project,
    file: Path,
    document: str,
    metadata: DocumentMetadata,
    *,
    prefix: str | None = None,
) -> Added:
    """Cut a file into passages, and write them and the metadata into a project: all files, or none.

    Raises `CallError` for a file, a name or metadata that cannot be taken.
    """
    check_name(document)
    if document in project.documents:
        hint = "Choose another name, or cut the text again with --replace."
        raise CallError(f"the project has a document '{document}' already", hint=hint)
    outline = read_outline(file)
    prefix = choose_prefix(project.names, document, prefix)
    files = files_of(project, document, prefix)
    check_class(metadata, read_files(project)[0], files.names)
    language = metadata.language or outline.language or DEFAULT_LANGUAGE
    metadata = fill_in(metadata, DocumentMetadata(outline.title or document, language, document_class="dk:Document"))
    passages = cut_passages(outline, language)
    quads = passage_quads(passages, outline, document, language, files.names)
    texts = {
        **files.rewrite(METADATA, metadata_quads(metadata, document, files.names)),
        **files.rewrite(PASSAGES, quads),
        project.root / FILE_NAME: register(project.root, document, prefix),
    }
    write_texts(texts)
    return Added(passages, metadata, prefix, tuple(texts), outline.left_out)


def replace_document(project: Project, file: Path, document: str, metadata: DocumentMetadata) -> Replaced:
    """Cut a document's text into passages anew; those whose text is the same keep their names.

    Of the metadata only what is given changes. What others wrote of a passage that goes on stays. Raises `CallError`
    if there is no such document, and as `add_document` does.
    """
    check_presence(project, document)
    outline = read_outline(file)
    files = files_of(project, document)
    said, _ = read_files(project)
    check_class(metadata, said, files.names)
    new = metadata_quads(metadata, document, files.names)
    language = fill_in(metadata, read_metadata(said, document, files.names)).language or DEFAULT_LANGUAGE
    before = files.read(PASSAGES)
    renamed = keep_names(read_passages(before, document, files.names), cut_passages(outline, language))
    quads = list(passage_quads(_without_known_labels(renamed), outline, document, language, files.names))
    texts = files.rewrite(PASSAGES, [*quads, *_carried_over(before, quads, language)])
    if new:
        texts |= files.rewrite(METADATA, _replaced(files.read(METADATA), new))
    write_texts(texts)
    to_check = _citing(said, [*renamed.changed, *renamed.vanished], files)
    return Replaced(renamed, tuple(texts), to_check, outline.left_out)


def check_presence(project: Project, document: str) -> None:
    """Raise `CallError` if a project has no such document."""
    if document not in project.documents:
        there = ", ".join(project.documents) or "none"
        hint = f"It has: {there}. Add one with: digitech-kg document add FILE --id NAME"
        raise CallError(f"the project has no document '{document}'", hint=hint)


def _without_known_labels(renamed: Renamed) -> list[Passage]:
    """Return passages without the labels of sections whose heading is what it was: somebody may have bettered them."""
    new = {*renamed.added, *renamed.changed}
    same = {passage.parent for passage in renamed.passages if passage.type == DK.Heading and passage.name not in new}
    return [replace(passage, label=None) if passage.name in same else passage for passage in renamed.passages]


def _carried_over(before: Iterable[Quad], now: Collection[Quad], language: str) -> Iterator[Quad]:
    """Yield what somebody wrote of passages that go on: notes, pages, labels in other languages."""
    written: dict[object, set[NamedNode]] = defaultdict(set)
    for quad in now:
        written[quad.subject].add(quad.predicate)
    for quad in before:
        translated = quad.predicate == RDFS.label and _language(quad) != language.lower()
        if quad.subject in written and (translated or quad.predicate not in written[quad.subject]):
            yield quad


def _replaced(before: Iterable[Quad], new: Collection[Quad]) -> list[Quad]:
    """Return quads with the values of `new` in the place of older ones; texts in other languages stay."""
    places = {(quad.subject, quad.predicate, _language(quad)) for quad in new}
    return [*(quad for quad in before if (quad.subject, quad.predicate, _language(quad)) not in places), *new]


def _language(quad: Quad) -> str | None:
    return quad.object.language if isinstance(quad.object, Literal) else None


def _citing(quads: Iterable[Quad], passages: list[str], files: DocumentFiles) -> dict[str, tuple[str, ...]]:
    """Return what cites these passages, by their names."""
    wanted = {files.names.passage(files.document, name).value: name for name in passages}
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for quad in quads:
        value = value_of(quad.object)
        if quad.predicate in (DK.statedIn, DK.describedIn, DK.repeatsPassage) and value in wanted:
            found[wanted[value]][files.names.shorten(value_of(quad.subject))] = None
    return {name: tuple(found[name]) for name in passages if name in found}


def list_documents(project: Project, quads: Sequence[Quad]) -> list[tuple[str, ...]]:
    """Return of each document name, title, class, date, passages that can be cited, claims, and passages covered."""
    names = project.names
    coverages = {found.document: found for found in measure_coverage(quads, names)}
    claims = Counter(quad.graph_name for quad in quads if quad.predicate == RDF.type and quad.object == DK.Claim)
    rows: list[tuple[str, ...]] = []
    for document in project.documents:
        metadata, coverage = read_metadata(quads, document, names), coverages.get(document)
        of_class = names.shorten(metadata.document_class) if metadata.document_class else ""
        total = len(coverage.claims) if coverage else 0
        covered = total - len(coverage.uncovered) if coverage else 0
        numbers = (str(total), str(claims[names.graphs.document(document)]), f"{covered} of {total}")
        rows.append((document, metadata.title or "", of_class, metadata.published or "", *numbers))
    return rows
