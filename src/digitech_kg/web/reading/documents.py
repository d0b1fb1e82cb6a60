"""The documents of the dataset with their metadata, and the passages of one of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.passages import Coverage, measure_coverage
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, TERMS, Namespaces, is_true
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name
from digitech_kg.web.reading.reader import GraphReader, RdfTerm, Row, iris_of, text_of, values

#: Quads of documents that are read for one part of a page, unless one document has more.
_MOST_QUADS: Final = 40_000
#: What each part of a document's metadata is called, the best first.
_METADATA: Final = {
    "authors": ("dcterms:creator",),
    "publishers": ("dcterms:publisher",),
    "issued": ("dcterms:issued", "dcterms:date"),
    "pages": ("schema:numberOfPages", "dk:pageCount"),
    "links": ("dcterms:source", "foaf:page"),
    "rights": ("dcterms:license", "dcterms:rights"),
    "languages": ("dcterms:language",),
    "notes": ("skos:editorialNote",),
}


@dataclass(frozen=True)
class DocumentEntry:
    """A document as lists show it: `name` is that of its folder and graph, `about` its own page."""

    name: str
    about: Name
    title: str
    #: Of the title, if it is not the page's.
    language: str = ""
    authors: tuple[DisplayValue, ...] = ()
    publishers: tuple[DisplayValue, ...] = ()
    issued: tuple[DisplayValue, ...] = ()
    pages: tuple[DisplayValue, ...] = ()
    links: tuple[DisplayValue, ...] = ()
    rights: tuple[DisplayValue, ...] = ()
    languages: tuple[DisplayValue, ...] = ()
    #: What was read of it, and what its metadata rest on.
    notes: tuple[DisplayValue, ...] = ()

    @property
    def text_language(self) -> str:
        """The language of the text as a tag; "" if it is not known."""
        return next((value.text for value in self.languages if value.text), "")

    def address_of(self, page: str) -> str:
        """The address of a page in the publisher's PDF, the first of "1 or 2"; "" if there is no PDF or no number."""
        pdf = next((value.name.href for value in self.links if value.name and _is_pdf(value.name.href)), None)
        number = re.match(r"\d+", page)
        return f"{pdf}#page={number[0]}" if pdf and number else ""


@dataclass(frozen=True)
class Passage:
    """A part of a document's text: a section, paragraph, sentence, table, row or cell."""

    iri: str
    kind: str
    order: int
    start: int
    end: int
    hash: str = ""
    page: str = ""
    page_is_estimated: bool = False
    repeats: str = ""
    #: Row and column of a table cell.
    cell: tuple[int, int] | None = None
    parents: frozenset[str] = field(default_factory=frozenset)

    @property
    def anchor(self) -> str:
        """Its name in the address of the document's page."""
        return self.iri.rsplit("/", 1)[1]

    @property
    def is_section(self) -> bool:
        return self.kind == DK.Section.value


def _is_pdf(address: str | None) -> bool:
    return address is not None and urlsplit(address).path.lower().endswith(".pdf")


def is_metadata(iri: str, names: Namespaces) -> bool:
    """Return whether a property is among the metadata of documents, or their title or citation."""
    told = ("dcterms:title", "dcterms:bibliographicCitation", *(c for curies in _METADATA.values() for c in curies))
    return names.shorten(iri) in told


def list_document_names(reader: GraphReader) -> dict[str, str]:
    """Return the IRI of each document whose passages are in the graph, by name; read once per snapshot."""
    return _read_document_names(reader, reader.version)


@lru_cache(maxsize=8)
def _read_document_names(reader: GraphReader, _version: str) -> dict[str, str]:
    names = reader.names
    documents = names.graphs.documents_among(reader.service.snapshot.manifest.graphs)
    known = {name: names.thing(name) for name in documents}
    pairs = " ".join(f"({names.graphs.document(name)} {document})" for name, document in known.items())
    found = {row["document"] for row in reader.rows(browse_queries.DOCUMENTS, pairs=pairs)} if known else set()
    return {name: document.value for name, document in known.items() if document in found}


def find_document(reader: GraphReader, name: str) -> str:
    """Return the IRI of a document. Raises `NotFound` with the names of those that there are."""
    documents = list_document_names(reader)
    if name not in documents:
        known = ", ".join(sorted(documents))
        hint = f"There are: {known}." if documents else "The data set has no document yet."
        raise NotFound(f"there is no document '{name}'", hint=hint, code="unknown-document")
    return documents[name]


def list_documents(reader: GraphReader, language: str) -> tuple[DocumentEntry, ...]:
    """Return all documents with their metadata, by title."""
    documents = list_document_names(reader)
    if not documents:
        return ()
    properties = " ".join(curie for curies in _METADATA.values() for curie in curies)
    rows = reader.rows(browse_queries.METADATA, these=values(documents.values()), properties=properties)
    labels = Labels(reader, language, {*documents.values(), *iris_of(rows)})
    entries = (_entry(reader, name, iri, rows, labels) for name, iri in documents.items())
    return tuple(sorted(entries, key=lambda entry: (entry.title.casefold(), entry.name)))


def split_documents(reader: GraphReader, documents: Iterable[DocumentEntry]) -> list[list[DocumentEntry]]:
    """Return documents in parts, each of which a page can read as a whole. There is always a first part."""
    sizes, graphs = reader.service.snapshot.manifest.graphs, reader.names.graphs
    parts: list[list[DocumentEntry]] = [[]]
    quads = 0
    for document in documents:
        size = sizes.get(graphs.document(document.name).value, 0)
        if parts[-1] and quads + size > _MOST_QUADS:
            parts.append([])
            quads = 0
        parts[-1].append(document)
        quads += size
    return parts


def _entry(reader: GraphReader, name: str, iri: str, rows: list[Row], labels: Labels) -> DocumentEntry:
    found: dict[str, list[RdfTerm]] = defaultdict(list)
    for row in rows:
        if text_of(row, "document") == iri:
            found[text_of(row, "property")].append(row["value"])
    own = {prop: dict.fromkeys(labels.in_one_language(terms)) for prop, terms in found.items()}

    def first(part: str) -> tuple[DisplayValue, ...]:
        properties = (reader.names.expand(curie) or "" for curie in _METADATA[part])
        return next((tuple(own[prop]) for prop in properties if prop in own), ())

    about, title = labels.name(iri), labels.title(iri)
    return DocumentEntry(name, about, title.text, title.language, *(first(part) for part in _METADATA))


def read_passages(reader: GraphReader, document: str) -> dict[str, Passage]:
    """Return the passages of a document by IRI, in their order in the text."""
    graph, found = reader.names.graphs.document(document), dict[str, Passage]()
    parents: dict[str, set[str]] = defaultdict(set)
    rows = reader.rows(browse_queries.PASSAGES, graph=graph)
    for row in rows:
        parents[text_of(row, "passage")].add(text_of(row, "parent"))
    for row in rows:
        iri = text_of(row, "passage")
        # A class of the project's own may stand beside ours, which tells what to do with the passage.
        if iri not in found or not found[iri].kind.startswith(TERMS):
            found[iri] = _passage(row, frozenset(parents[iri]))
    return found


def _passage(row: Row, parents: frozenset[str]) -> Passage:
    def number(variable: str) -> int:
        return int(text_of(row, variable) or 0)

    return Passage(
        text_of(row, "passage"),
        text_of(row, "kind"),
        number("order"),
        number("start"),
        number("end"),
        text_of(row, "hash"),
        text_of(row, "page"),
        is_true(row.get("estimated")),
        text_of(row, "repeats"),
        (number("row"), number("column")) if "row" in row and "column" in row else None,
        parents,
    )


def measure_document(reader: GraphReader, document: str) -> tuple[list[Claim], Coverage]:
    """Return the claims of a document, and which of its passages they and its descriptions cite."""
    quads = reader.quads(reader.names.graphs.document(document))
    coverage = (found for found in measure_coverage(quads, reader.names) if found.document == document)
    return read_claims(quads), next(coverage, Coverage(document, {}, {}, {}))
