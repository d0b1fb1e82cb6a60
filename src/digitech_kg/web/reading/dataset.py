"""The metadata of the dataset, such as its title and licence, and its documents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from pyoxigraph import NamedNode

from digitech_kg.book import ClaimFilter, Term
from digitech_kg.claims.labels import best_text
from digitech_kg.engine.request import QueryService
from digitech_kg.errors import DigitechError, not_there
from digitech_kg.namespaces import DCAT, DCTERMS, DK, FOAF, SCHEMA, SKOS, TERMS
from digitech_kg.web.http.languages import _, current_language
from digitech_kg.web.reading.claim_views import ClaimView, lang
from digitech_kg.web.reading.labels import EmbeddedText, Labels, Name, find_embedded_texts, licence_name, say_time
from digitech_kg.web.reading.reader import GraphReader, by_language, once_per_version

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
    "checks": (DK.readingNote,),
}
_ADDRESSES: Final = tuple(NamedNode(f"http://www.w3.org/2006/vcard/ns#{name}") for name in ("hasEmail", "hasURL"))
_PROPERTIES: Final = (*chain.from_iterable(_METADATA.values()), DK.extentRead, DK.extentModelled)
#: What the page of a document tells as its metadata.
METADATA_PROPERTIES: Final = frozenset((DCTERMS.title, DCTERMS.bibliographicCitation, *_PROPERTIES))


@dataclass(frozen=True, eq=False)
class Document:
    """A document: `key` is its name in addresses and that of its graph; without one, there is none."""

    key: str = ""
    #: Its short name, with the language of that if it is not the page's.
    text: str = ""
    language: str = ""
    #: What leads to its own page.
    about: Name = Name()  # noqa: RUF009
    title: str = ""
    title_language: str = ""
    #: When it was published, in words; "" if it is not known. A text without a date says so, with its likely year.
    date: str = ""
    is_undated: bool = False
    #: The same as the data have it, to be sorted by.
    written: str = ""
    #: How much was read, and how much of that is told: "whole", "selected", "excerpts" or "".
    extent: str = ""
    extent_told: str = ""
    #: How many passages state something, and how many main claims it has.
    stating: int = 0
    claims: int = 0
    #: How many of its sentences and cells nothing tells.
    uncovered: int = 0
    #: IRIs of those whose words it passes on as their own. A text within it may do so with those of its authors.
    speaks_for: frozenset[str] = frozenset()
    #: IRIs of what it says nothing of.
    silent_on: frozenset[str] = frozenset()
    #: The family names of authors by their IRIs, where these do not come last.
    families: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[Name, ...] = ()
    publishers: tuple[Name, ...] = ()
    issued: tuple[Name, ...] = ()
    pages: tuple[Name, ...] = ()
    links: tuple[Name, ...] = ()
    rights: tuple[Name, ...] = ()
    languages: tuple[Name, ...] = ()
    #: What was read of it, and what its metadata rest on.
    notes: tuple[Name, ...] = ()
    #: Who checked the claims against the text, when and how.
    checks: tuple[Name, ...] = ()
    #: For a section that is a text of its own, its kind, such as "press release".
    kind: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_second_hand(self) -> bool:
        """Whether it was read only as others quote it."""
        return self.extent == "excerpts"

    @property
    def is_unfinished(self) -> bool:
        """Whether claims of it are still to be written: it has none, or less is told than was read.

        In this case, the document may say something that no claim says. A document that is marked as complete leaves
        sentences out for a reason.
        """
        told_less = self.extent_told not in ("", "whole", self.extent)
        return not self.claims or told_less or (self.extent_told != "whole" and self.uncovered > 0)

    @property
    def was_read(self) -> str:
        """How much of it was read, in a sentence; "" if that is not known. Its notes, if it has any, say it better."""
        sentences = {"whole": _("Read whole."), "selected": _("Read in part."), "excerpts": _("Read in part.")}
        return sentences.get(self.extent, "")

    @property
    def told(self) -> str:
        """How much of it is told here, in a sentence; "" if that is not known, or if it is all and its notes say so."""
        whole, quoted = "" if self.notes else _("Covered in full."), _("Read only as others quote it.")
        sentences = {"whole": whole, "selected": _("Covered in part."), "excerpts": quoted}
        return sentences.get(self.extent_told, "")

    @property
    def text_language(self) -> str:
        """The language of the text as a tag; "" if it is not known."""
        return next((value.text for value in self.languages if not value.iri), "")

    def address_of(self, page: str) -> str:
        """The address of a page in the publisher's PDF, the first of "1 or 2"; "" if there is no PDF or no number."""
        links = (value.href for value in self.links if value.href)
        pdf = next((link for link in links if urlsplit(link).path.lower().endswith(".pdf")), None)
        number = re.match(r"\d+", page)
        return f"{pdf}#page={number[0]}" if pdf and number else ""


#: The document of a claim of another source.
NO_DOCUMENT: Final = Document()


@once_per_version
def read_documents(reader: GraphReader) -> dict[str, Document]:
    """Return all documents that have passages by name: first the one with most claims, then by date."""
    book, documents = reader.book, reader.book.documents
    told = book.values(documents.values(), *_PROPERTIES, DCTERMS.title, DK.speaksFor, DK.saysNothingOf)
    terms = (term for own in told.values() for values in own.values() for term in values)
    labels = Labels(reader, {*documents.values(), *(t.value for t in terms if isinstance(t, NamedNode))})
    authors = {term.value for own in told.values() for term in own.get(DCTERMS.creator, ())}
    families = {iri: _first(own, FOAF.familyName) for iri, own in book.values(authors, FOAF.familyName).items()}
    counts, mains = (book.count_by_document(wanted) for wanted in (ClaimFilter(), ClaimFilter(part="0")))
    longest = max(counts, key=counts.__getitem__, default="")
    made = (_document(name, iri, told.get(iri, {}), labels, families) for name, iri in documents.items())
    found = {}
    for each in sorted(made, key=lambda each: (each.key != longest, each.written, each.key)):
        stating, (uncovered, _all) = book.stated_passages.get(each.key, 0), book.uncovered.get(each.key, (0, 0))
        found[each.key] = replace(each, stating=stating, claims=mains.get(each.key, 0), uncovered=uncovered)
    return found


def _document(
    key: str, iri: str, told: Mapping[NamedNode, tuple[Term, ...]], labels: Labels, families: Mapping[str, str]
) -> Document:
    def first(properties: tuple[NamedNode, ...]) -> tuple[Name, ...]:
        terms = next((told[prop] for prop in properties if prop in told), ())
        return tuple(dict.fromkeys(map(labels.value, labels.in_one_language(terms))))

    name = labels.name(iri)
    title = labels.best(told[DCTERMS.title]) if DCTERMS.title in told else name
    issued = _first(told, DCTERMS.issued) or _first(told, DCTERMS.date)
    date, is_undated = say_time(issued, labels.languages[0]), issued.endswith("~")
    metadata: dict[str, Any] = {field: first(properties) for field, properties in _METADATA.items()}
    return Document(
        key,
        name.text,
        name.language,
        name,
        title.text,
        title.language,
        _("undated, %(around)s", around=date) if is_undated else date,
        is_undated,
        issued,
        _first(told, DK.extentRead).removeprefix(TERMS),
        _first(told, DK.extentModelled).removeprefix(TERMS),
        speaks_for=frozenset(term.value for prop in (DK.speaksFor, DCTERMS.creator) for term in told.get(prop, ())),
        silent_on=frozenset(term.value for term in told.get(DK.saysNothingOf, ())),
        families=families,
        **metadata,
    )


def find_made_by(reader: GraphReader, iri: str) -> list[Document]:
    """Return the documents that somebody wrote or published."""
    documents = read_documents(reader).values()
    return [own for own in documents if iri in {maker.iri for maker in (*own.authors, *own.publishers)}]


@once_per_version
def read_embedded_texts(reader: GraphReader) -> dict[str, Document]:
    """Return the texts of their own within documents, by the IRIs of their passages."""
    book, parts, root = reader.book, find_embedded_texts(reader), reader.names.prefixes["passage"]
    own = book.values({part.section for part in parts.values()}, *_PROPERTIES, DCTERMS.title)
    named = {term.value for values in own.values() for terms in values.values() for term in terms}
    labels, texts = Labels(reader, {*own, *named}), dict[EmbeddedText, Document]()
    for part in parts.values():
        if part not in texts:
            iri = part.section
            key, values = iri.removeprefix(root).replace("/", "-"), own.get(iri, {})
            made = replace(_document(key, iri, values, labels, {}), kind=part.kind)
            texts[part] = made if DCTERMS.title in values else replace(made, title="")
    return {iri: texts[part] for iri, part in parts.items()}


@once_per_version
def speakers(reader: GraphReader) -> dict[str, list[str]]:
    """Return those whose view some main claim is, each with all for whom they speak, by IRI."""
    speaking = (document.speaks_for for document in read_documents(reader).values())
    return reader.book.speakers(chain.from_iterable(speaking))


@once_per_version
def name_topics(reader: GraphReader) -> dict[str, str]:
    return {topic.iri: reader.text(topic.label, topic.name) for topic in reader.book.topics.values()}


def topics_of(reader: GraphReader, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the IRIs of the topics of claims or things, of those that have any."""
    told = reader.book.values(iris, DK.hasTopic)
    return {iri: tuple(topic.value for topic in own[DK.hasTopic]) for iri, own in told.items()}


def _first(own: Mapping[NamedNode, tuple[Term, ...]], prop: NamedNode) -> str:
    return next((term.value for term in own.get(prop, ())), "")


def find_document(reader: GraphReader, name: str) -> Document:
    """Return a document. Raises `NotFound` with the names of those that there are."""
    documents = read_documents(reader)
    if name not in documents:
        raise not_there("document", name, documents)
    return documents[name]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the dataset says of itself, in English where there is a choice; "" for what is not given."""

    title: str = "Dataset"
    license: str = ""
    creator: str = ""
    #: The same by language tag, if it has names in several.
    creators: Mapping[str, str] = field(default_factory=dict)
    publisher: str = ""
    #: Where people can write to.
    contact: str = ""
    #: How the dataset wants to be cited, if it says so in a sentence of its own.
    citation: str = ""
    version: str = ""
    #: Name of the snapshot.
    snapshot: str = ""
    issued: str = ""
    #: Title and description by language tag as it is stored, in small letters.
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    #: A short title for where there is little room, by language tag.
    short_titles: Mapping[str, str] = field(default_factory=dict)
    #: The IRI of what shows best what there is, such as an issue; "" if nothing is named.
    example: str = ""
    #: What readers of it must know, by language tag.
    notes: Mapping[str, str] = field(default_factory=dict)
    #: What is new in its version, by language tag.
    news: Mapping[str, str] = field(default_factory=dict)


#: How what a new project says of its publisher begins, until somebody is named: no page says that.
_UNNAMED: Final = "publisher not named yet"


@once_per_version
def read_metadata(reader: GraphReader) -> Metadata:
    book, dataset = reader.book, reader.names.dataset.value
    found = book.values([dataset]).get(dataset, {})
    own = {prop: [v for v in values if not v.value.startswith(_UNNAMED)] for prop, values in found.items()}

    def texts(prop: NamedNode) -> dict[str, str]:
        return by_language(own.get(prop, ()))

    def text(prop: NamedNode) -> str:
        values = sorted(own.get(prop, ()), key=lambda value: getattr(value, "language", None) != "en")
        return values[0].value if values else ""

    def name_of(prop: NamedNode) -> str:
        """Return the name of an agent, or what stands for one."""
        agent = text(prop)
        names = by_language(book.values([agent], FOAF.name).get(agent, {}).get(FOAF.name, ()))
        name = best_text(names, ("en", "", *reader.names.languages)) or agent
        return "" if name.startswith(_UNNAMED) else name

    def address() -> str:
        """Return an address of the contact, or the contact if it is one: none is a page of the dataset itself."""
        contact = text(DCAT.contactPoint)
        told = book.values([contact], *_ADDRESSES).get(contact, {})
        found = [*(term.value for prop in _ADDRESSES for term in told.get(prop, ())), contact]
        fitting = (a for a in found if a.startswith(("mailto:", "http")) and not a.startswith(reader.names.base))
        return next(fitting, "")

    return Metadata(
        title=text(DCTERMS.title) or Metadata().title,
        license=text(DCTERMS.license),
        creator=name_of(DCTERMS.creator),
        creators=texts(DCTERMS.creator),
        publisher=name_of(DCTERMS.publisher),
        contact=address(),
        citation=text(DCTERMS.bibliographicCitation),
        version=text(DCAT.version),
        snapshot=reader.version,
        issued=text(DCTERMS.issued),
        titles=texts(DCTERMS.title),
        descriptions=texts(DCTERMS.description),
        short_titles=texts(DCTERMS.alternative),
        example=text(SKOS.example),
        notes=texts(SKOS.editorialNote),
        news=texts(SKOS.historyNote),
    )


def register_dataset(app: Flask, service: QueryService) -> None:
    """Let every template name the dataset, its licence and its base IRI, and choose among texts in languages."""
    names = service.names
    app.jinja_env.globals.update(licence_name=licence_name, base_iri=names.base)
    app.jinja_env.filters["lang"] = lang

    @app.template_filter()
    def best(texts: Mapping[str, str], default: str = "") -> Name:
        text, language = GraphReader(service, current_language()).text_and_language(texts, default)
        return Name(text=text, language=language)

    @app.template_global()
    def date_of(claim: ClaimView, document: Document) -> str:
        """Return when a claim was made: the date of the text within its document, or else that of the document."""
        parts = read_embedded_texts(GraphReader(service, current_language()))
        return next((parts[p.iri] for p in claim.passages if p.iri in parts), document).date

    @app.context_processor
    def context() -> dict[str, Any]:
        reader = GraphReader(service, current_language())
        try:
            metadata, several = read_metadata(reader), len(reader.book.documents) > 1
        except DigitechError:
            # A page that tells of a failing engine is shown all the same.
            metadata, several = Metadata(), False
        title, language = reader.text_and_language(metadata.titles, metadata.title)
        told = {
            "metadata": metadata,
            # What the head of each page calls it.
            "brand": reader.text(metadata.short_titles, title),
            "title": title,
            "title_language": language,
            "description": reader.text(metadata.descriptions),
        }
        return {"dataset": told, "several_documents": several}
