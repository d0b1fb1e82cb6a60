"""Make a project, add documents to it, and list them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.claims.derivation import measure_coverage
from digitech_kg.claims.labels import best_text
from digitech_kg.claims.languages import guess_language
from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.claims.times import DATE_TYPES, is_date
from digitech_kg.errors import CallError, Fault, SourceError, not_there
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, Namespaces, value_of
from digitech_kg.parts.authoring.passages import CutPassage, cut_passages, passage_quads, read_outline
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import rewrite_turtle
from digitech_kg.sources.loading import check_base, parse_turtle
from digitech_kg.sources.project import BASE, Project, default_prefix, is_language, read_configuration

DEFAULT_LANGUAGE: Final = "en"


def check_language(tag: str) -> None:
    """Raise `CallError` for what is no language tag."""
    if not is_language(tag):
        raise CallError(f"'{tag}' isn't a language tag", hint="Write for example en, nb (not no) or zh-hans.")


def _make_date(text: str) -> Literal:
    if not is_date(Literal(text)):
        raise CallError(f"'{text}' isn't a date", hint="Write it as 2021-06-03, 2021-06 or 2021.")
    return Literal(text, datatype=DATE_TYPES[len(text)])


#: The files of a new project, as texts with places to fill in.
_TEMPLATES: Final = Path(__file__).parent / "template"
#: Names that files of the package cannot have, as tools would take them for its own.
_HIDDEN: Final = {"gitignore": ".gitignore", "gitkeep": ".gitkeep"}


def make_project(folder: Path, base: str | None, languages: tuple[str, ...]) -> None:
    """Write the files of a new project whose labels must be given in some languages; titles are in the first.

    Raises `CallError` for data that don't make sense, and for a folder that is not empty.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CallError(f"{folder} is not an empty folder", hint="Name a folder that is empty or not there yet.")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "graph"
    base = base or f"https://example.org/{name}/"
    base = base if base.endswith(("/", "#")) else f"{base}/"
    if not BASE.fullmatch(base):
        raise CallError(f"'{base}' cannot be a base IRI", hint="Write for example https://example.org/my-graph/")
    for tag in languages:
        check_language(tag)
    names = Namespaces(base, (), languages)
    weakening = (
        (names.shorten(axis.property.value), names.shorten(value.value) if value else "UNDEF")
        for axis in AXES
        for value in (axis.values if axis.other else (None,))
        if (axis.effect_of(value) if value else axis.effect) is Effect.WEAKENING
    )
    values = {
        "base": base,
        "title": name.replace("-", " ").capitalize(),
        "language": languages[0],
        "languages": ", ".join(f'"{tag}"' for tag in languages),
        "reserves": "\n".join(f"    ({name} {value})" for name, value in weakening),
    }
    texts: dict[Path, str | None] = {}
    for path in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        target = folder / path.relative_to(_TEMPLATES).with_name(_HIDDEN.get(path.name, path.name))
        texts[target] = Template(path.read_text(encoding="utf-8")).substitute(values)
    write_texts(texts)


METADATA: Final = "document.ttl"
PASSAGES: Final = "passages.ttl"


def read_files(project: Project) -> tuple[list[Quad], list[Fault]]:
    """Read the ontology, the shared things and the documents of a project: quads, and what is wrong with other files.

    A faulty draft must not stop an author from looking things up.
    """
    sources = (source for source in project.source_files() if "/external/" not in source.graph.value)
    parsed = [parse_turtle(source, project.names.prefixes) for source in sources]
    check_base(parsed, project.names)
    quads = [quad for file in parsed if not file.faults for quad in file.quads]
    return quads, [fault for file in parsed for fault in file.faults]


@dataclass(frozen=True, slots=True)
class Added:
    title: str
    passages: list[CutPassage]
    prefix: str
    files: tuple[Path, ...]
    #: The language, if neither the file nor anybody says it.
    guessed: str
    #: What the file says of its author and date and nobody else does.
    taken: str
    #: What isn't part of the text: how menus and the like begin, and what belongs to printed pages.
    left_out: tuple[str, ...]


def add_document(
    project: Project,
    file: Path,
    document: str,
    *,
    title: str | None = None,
    language: str | None = None,
    published: str | None = None,
) -> Added:
    """Cut a file into passages, and write them and what is said of the document into a project: all files, or none.

    `published` is a year, month or day. Raises `CallError` for a file, a name or a date that can't be used.
    """
    if document in project.documents:
        hint = "Nothing has changed. Give a new edition a name of its own, for example with its year."
        raise CallError(f"the project has a document '{document}' already", hint=hint)
    quads, _ = read_files(project)
    try:
        names, _ = read_configuration(project.root, (*project.documents, document), project.sources)
    except SourceError as error:
        raise CallError(f"a document cannot be called '{document}'", hint=error.faults[0].mend) from None
    node = names.thing(document)
    if any(quad.subject == node for quad in quads):
        hint = "A document needs a name of its own. Choose another one, for example with its year."
        raise CallError(f"id:{document} is another thing of the project", hint=hint)
    outline, prefix = read_outline(file), default_prefix(document)
    guessed = "" if language or outline.language else guess_language(outline.text) or DEFAULT_LANGUAGE
    title, language = title or outline.title or document, language or outline.language or guessed
    by_file = outline.published if not published and is_date(Literal(outline.published or "")) else None
    check_language(language)
    passages = cut_passages(outline, language)
    called = Literal(title, language=language)
    said = [Triple(node, RDF.type, DK.Document), Triple(node, DCTERMS.language, Literal(language))]
    said += (Triple(node, prop, called) for prop in (RDFS.label, DCTERMS.title))
    said += [Triple(node, DCTERMS.issued, _make_date(day)) for day in (published, by_file) if day]
    said += (Triple(node, DCTERMS.creator, _find_by_label(author, quads, names)) for author in outline.authors)
    cut = (quad.triple for quad in passage_quads(passages, outline, document, language, names))
    folder = project.root / "data/documents" / document
    texts: dict[Path, str | None] = {
        folder / METADATA: rewrite_turtle("", METADATA, said, names),
        folder / PASSAGES: rewrite_turtle("", PASSAGES, cut, names),
    }
    write_texts(texts)
    taken = [f"published {by_file}"] if by_file else []
    taken += [f"written by {', '.join(outline.authors)}"] if outline.authors else []
    return Added(title, passages, prefix, tuple(texts), guessed, ", ".join(taken), outline.left_out)


def _find_by_label(text: str, quads: Sequence[Quad], names: Namespaces) -> NamedNode | Literal:
    """Return the thing of the project that is called so; else the text itself, for which `validate` asks more."""
    called = (value_of(q.subject) for q in quads if q.predicate == RDFS.label and value_of(q.object) == text)
    return next((NamedNode(iri) for iri in called if iri.startswith(names.base)), Literal(text))


def check_presence(project: Project, document: str) -> None:
    if document not in project.documents:
        see = "See them with: digitech-kg document list; add one with: digitech-kg document add FILE --id NAME"
        raise not_there("document", document, project.documents, see)


def list_documents(project: Project, quads: Sequence[Quad]) -> list[tuple[str, ...]]:
    """Return of each document name, title, class, date, passages that can be cited, claims, and passages covered."""
    names, view = project.names, GraphView(quads)
    coverages = {found.document: found for found in measure_coverage(quads, names)}
    claims = Counter(quad.graph_name for quad in quads if quad.predicate == RDF.type and quad.object == DK.Claim)
    rows: list[tuple[str, ...]] = []
    for document in project.documents:
        node, coverage = names.thing(document), coverages.get(document)
        title = best_text(view.texts(node, DCTERMS.title) or view.texts(node, RDFS.label), names.languages)
        of_class, published = view.value(node, RDF.type), view.value(node, DCTERMS.issued)
        total = len(coverage.claims) if coverage else 0
        covered = total - len(coverage.uncovered) if coverage else 0
        numbers = (str(total), str(claims[names.graphs.document(document)]), f"{covered} of {total}")
        shown = (names.shorten(of_class.value) if of_class else "", published.value if published else "")
        rows.append((document, title, *shown, *numbers))
    return rows
