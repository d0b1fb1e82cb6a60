"""What the page of one passage shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digitech_kg.book import ClaimFilter, Passage
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.reading.claim_views import ClaimView, find_claims, iris_in, view_claims
from digitech_kg.web.reading.documents import read_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_passage
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True)
class PassagePage:
    """A passage, its place, and what is taken from it."""

    name: Name
    passage: Passage
    kind: Name
    document: Name
    #: What the document is called in the address of its reading view.
    document_name: str
    section: Name | None
    claims: tuple[ClaimView, ...]
    things: tuple[Name, ...]
    repeats: Name | None
    parts: tuple[Name, ...]
    #: Whether the server has a copy of the text.
    has_copy: bool
    #: From the copy, if its hash fits.
    quotation: str | None
    #: Of the quotation; "" if it is not known.
    text_language: str
    #: A query for what is on the page.
    query: str

    @property
    def key(self) -> str:
        """The part of its IRI that names the document and the passage."""
        return f"{self.document_name}/{self.passage.anchor}"


def view_passage(reader: GraphReader, iri: str, language: str, copies: Mapping[str, TextCopy]) -> PassagePage:
    """Read what the page of a passage shows. Raises `NotFound` if there is no such passage."""
    book, name = reader.book, reader.names.document_of(iri) or ""
    passage = book.find_passages([iri]).get(iri)
    document = read_documents(reader, [name], language).get(name)
    if passage is None or document is None:
        path = iri.removeprefix(reader.names.base)
        raise NotFound(f"there is no passage '{path}'", hint="Search for what you meant.", code="unknown-passage")
    held = book.find_passages(part for part, _ in book.pointing(iri, DK.isPartOf))
    parts = [part.iri for part in held.values() if part.kind != DK.Mention.value]
    things = [thing for thing, _ in book.pointing(iri, DK.describedIn)]
    claims, _ = find_claims(reader, ClaimFilter(passage=iri, outside="1"))
    section = book.sections_of([iri]).get(iri, "")
    wanted = {iri, passage.kind, passage.repeats, section, document.about.iri, *parts, *things}
    labels = Labels(reader, language, wanted | iris_in(reader, claims))
    copy = copies.get(name)
    return PassagePage(
        name=labels.name(iri),
        passage=passage,
        kind=labels.name(passage.kind),
        document=labels.name(document.about.iri),
        document_name=name,
        section=labels.name(section) if section else None,
        claims=view_claims(reader, claims, labels),
        things=tuple(map(labels.name, things)),
        repeats=labels.name(passage.repeats) if passage.repeats else None,
        parts=tuple(map(labels.name, parts)),
        has_copy=copy is not None,
        quotation=copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None,
        text_language=document.text_language,
        query=query_passage(reader.names, iri),
    )
