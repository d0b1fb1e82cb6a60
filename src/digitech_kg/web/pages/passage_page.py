"""What the page of one passage shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims, view_claims
from digitech_kg.web.reading.documents import Passage, list_document_names, list_documents, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_passage
from digitech_kg.web.reading.reader import GraphReader, iris_of, node


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
    document = reader.names.document_of(iri) or ""
    passages = read_passages(reader, document) if document in list_document_names(reader) else {}
    if iri not in passages:
        path = iri.removeprefix(reader.names.base)
        message = f"there is no passage '{path}'"
        raise NotFound(message, hint="Search for what you meant.", code="unknown-passage")
    passage, parents = passages[iri], passages[iri].parents
    parts = [p.iri for p in passages.values() if iri in p.parents and p.kind != DK.Mention.value]
    things = sorted(iris_of(reader.rows(browse_queries.DESCRIBED_IN, this=node(iri))))
    claims, _ = load_claims(reader, browse_queries.CLAIMS_IN, iri)
    about = list_document_names(reader)[document]
    wanted = {iri, about, passage.kind, passage.repeats, *parts, *things, *parents}
    section = section_of(iri, passages)
    labels = Labels(reader, language, {*wanted, section or "", *iris_in(reader, claims)})
    copy = copies.get(document)
    return PassagePage(
        name=labels.name(iri),
        passage=passage,
        kind=labels.name(passage.kind),
        document=labels.name(about),
        document_name=document,
        section=labels.name(section) if section else None,
        claims=view_claims(reader, claims, labels),
        things=_names(things, labels),
        repeats=labels.name(passage.repeats) if passage.repeats else None,
        parts=_names(parts, labels),
        has_copy=copy is not None,
        quotation=copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None,
        text_language=next((e.text_language for e in list_documents(reader, language) if e.name == document), ""),
        query=query_passage(reader.names, iri),
    )


def section_of(iri: str, passages: Mapping[str, Passage]) -> str | None:
    """Return the section that a passage is part of, itself or through what it is part of; None outside of sections."""
    seen, waiting = {iri}, sorted(passages[iri].parents)
    while waiting:
        parent = waiting.pop(0)
        if parent in seen or parent not in passages:
            continue
        if passages[parent].is_section:
            return parent
        seen.add(parent)
        waiting += sorted(passages[parent].parents)
    return None


def _names(iris: Iterable[str], labels: Labels) -> tuple[Name, ...]:
    return tuple(map(labels.name, iris))
