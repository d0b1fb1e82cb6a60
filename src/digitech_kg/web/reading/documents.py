"""The documents of the dataset with their metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from digitech_kg.book import Term
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DCTERMS, DK, FOAF, SCHEMA, SKOS, TERMS
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, say_time
from digitech_kg.web.reading.reader import GraphReader

#: What each part of a document's metadata is called, the best first.
_METADATA: Final[dict[str, tuple[NamedNode, ...]]] = {
    "authors": (DCTERMS.creator,),
    "publishers": (DCTERMS.publisher,),
    "issued": (DCTERMS.issued, DCTERMS.date),
    "pages": (SCHEMA.numberOfPages, DK.pageCount),
    "links": (DCTERMS.source, FOAF.page),
    "rights": (DCTERMS.license, DCTERMS.rights),
    "languages": (DCTERMS.language,),
    "notes": (SKOS.editorialNote,),
    "read": (DK.extentRead,),
    "modelled": (DK.extentModelled,),
    "checks": (DK.readingNote,),
}
_PROPERTIES: Final = tuple(prop for properties in _METADATA.values() for prop in properties)
#: What the page of a document tells as its metadata.
METADATA: Final = frozenset((DCTERMS.title, DCTERMS.bibliographicCitation, *_PROPERTIES))


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
    #: How much was read, and how much of that is told: "whole", "selected" or "excerpts".
    read: tuple[DisplayValue, ...] = ()
    modelled: tuple[DisplayValue, ...] = ()
    #: Who read it and held what is told against the text, when and how.
    checks: tuple[DisplayValue, ...] = ()

    @property
    def is_second_hand(self) -> bool:
        """Whether it was read only as others quote it."""
        return _key(self.read) == "excerpts"

    @property
    def was_read(self) -> str:
        """How much of it was read, in a sentence; "" if that is not known. Its notes, if it has any, say it better."""
        sentences = {"whole": _("Read whole."), "selected": _("Read in part."), "excerpts": _("Read in part.")}
        return sentences.get(_key(self.read), "")

    @property
    def told(self) -> str:
        """How much of it is told here, in a sentence; "" if that is not known."""
        quoted = _("Read only as others quote it.")
        sentences = {"whole": _("Told whole."), "selected": _("Told in part."), "excerpts": quoted}
        return sentences.get(_key(self.modelled), "")

    @property
    def text_language(self) -> str:
        """The language of the text as a tag; "" if it is not known."""
        return next((value.text for value in self.languages if value.text), "")

    def address_of(self, page: str) -> str:
        """The address of a page in the publisher's PDF, the first of "1 or 2"; "" if there is no PDF or no number."""
        pdf = next((value.name.href for value in self.links if value.name and _is_pdf(value.name.href)), None)
        number = re.match(r"\d+", page)
        return f"{pdf}#page={number[0]}" if pdf and number else ""


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document as rows and columns name it: by its short name, with its date and how much of it was read."""

    key: str = ""
    text: str = ""
    #: Of the text, if it is not the page's.
    language: str = ""
    #: In words; "" if it is not known.
    date: str = ""
    #: "whole", "selected", "excerpts" or "".
    extent: str = ""
    #: IRIs of those whose words it passes on as their own.
    speaks_for: frozenset[str] = frozenset()

    @property
    def is_second_hand(self) -> bool:
        """Whether it was read only as others quote it."""
        return self.extent == "excerpts"


#: That of a claim of another source.
NO_DOCUMENT: Final = DocumentName()


def name_documents(reader: GraphReader, language: str) -> dict[str, DocumentName]:
    """Return all documents by name: first the one with most claims, then by date. They are read once per snapshot."""
    return _name_documents(reader, reader.version, language)


@lru_cache(maxsize=8)
def _name_documents(reader: GraphReader, _version: str, language: str) -> dict[str, DocumentName]:
    book = reader.book
    told = book.values(book.documents.values(), *_NAMING)
    labels = Labels(reader, language, book.documents.values())
    counts = Counter[str]()
    for group in book.claim_groups:
        counts[group.document] += group.count
    dates = {name: _first(told.get(iri, {}), DCTERMS.issued) for name, iri in book.documents.items()}
    longest = max(counts, key=counts.__getitem__, default="")
    order = sorted(book.documents, key=lambda name: (name != longest, dates[name], name))
    found = {}
    for name in order:
        own = told.get(book.documents[name], {})
        text = labels.name(book.documents[name])
        extent = _first(own, DK.extentRead).removeprefix(TERMS)
        speaks_for = frozenset(term.value for term in own.get(DK.speaksFor, ()))
        date = say_time(dates[name], language)
        found[name] = DocumentName(name, text.text, text.language, date, extent, speaks_for)
    return found


_NAMING: Final = (DK.extentRead, DK.speaksFor, DCTERMS.issued)


def _first(own: Mapping[NamedNode, tuple[Term, ...]], prop: NamedNode) -> str:
    return next((term.value for term in own.get(prop, ())), "")


def _key(values: Iterable[DisplayValue]) -> str:
    """Return the first of some values as the local name of a term."""
    return next((value.name.key for value in values if value.name), "")


def _is_pdf(address: str | None) -> bool:
    return address is not None and urlsplit(address).path.lower().endswith(".pdf")


def find_document(reader: GraphReader, name: str) -> str:
    """Return the IRI of a document. Raises `NotFound` with the names of those that there are."""
    documents = reader.book.documents
    if name not in documents:
        known = ", ".join(sorted(documents))
        hint = f"There are: {known}." if documents else "The data set has no document yet."
        raise NotFound(f"there is no document '{name}'", hint=hint, code="unknown-document")
    return documents[name]


def read_documents(reader: GraphReader, names: Iterable[str], language: str) -> dict[str, DocumentEntry]:
    """Return those of some documents that have passages, with their metadata, by name."""
    documents = {name: iri for name in names if (iri := reader.book.documents.get(name))}
    if not documents:
        return {}
    told = reader.book.values(documents.values(), *_PROPERTIES)
    terms = (term for own in told.values() for values in own.values() for term in values)
    labels = Labels(reader, language, {*documents.values(), *(t.value for t in terms if isinstance(t, NamedNode))})
    return {name: _entry(name, iri, told.get(iri, {}), labels) for name, iri in documents.items()}


def list_documents(reader: GraphReader, language: str) -> tuple[DocumentEntry, ...]:
    """Return all documents with their metadata, by title."""
    found = read_documents(reader, reader.book.documents, language).values()
    return tuple(sorted(found, key=lambda entry: (entry.title.casefold(), entry.name)))


def _entry(name: str, iri: str, told: Mapping[NamedNode, tuple[Term, ...]], labels: Labels) -> DocumentEntry:
    def first(properties: tuple[NamedNode, ...]) -> tuple[DisplayValue, ...]:
        terms = next((told[prop] for prop in properties if prop in told), ())
        return tuple(dict.fromkeys(labels.in_one_language(terms)))

    about, title = labels.name(iri), labels.title(iri)
    return DocumentEntry(name, about, title.text, title.language, *map(first, _METADATA.values()))
