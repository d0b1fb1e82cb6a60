"""What the page of one claim shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digitech_kg.authoring import TextCopy
from digitech_kg.errors import NotFound
from digitech_kg.messages import Message
from digitech_kg.namespaces import DK
from digitech_kg.web.pages.passage_page import section_of
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims, load_retrieval, view_claims
from digitech_kg.web.reading.documents import DocumentEntry, Passage, list_documents, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_claim
from digitech_kg.web.reading.reader import GraphReader, node, text_of


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A passage that states the claim: where it stands, and its words if the server has a copy of the text."""

    name: Name
    section: Name | None
    passage: Passage | None
    quotation: str | None


@dataclass(frozen=True)
class ClaimPage:
    """A claim, where it is made, and the claims that bear on it."""

    claim: ClaimView
    #: The document that makes it; None for a claim of another source.
    document: DocumentEntry | None
    places: tuple[ClaimPlace, ...]
    #: What the axis of certainty is called: a claim without a value on it is certain.
    certainty: Name
    #: Claims that support, dispute, … this one.
    bearing: tuple[ClaimView, ...]
    #: Other things of which the same document says the same.
    also: tuple[tuple[Name, str], ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    #: A query for what is on the page.
    query: str


def view_claim(reader: GraphReader, iri: str, language: str, copies: Mapping[str, TextCopy]) -> ClaimPage:
    """Read what the page of a claim shows. Raises `NotFound` if there is no such claim."""
    path = iri.removeprefix(reader.names.base)
    own, _ = load_claims(reader, "BIND($this AS ?claim) ?claim dk:predicate ?any .", iri)
    if not own:
        message = Message("there is no claim '{name}'", name=path)
        raise NotFound(message, hint="Search for what you meant.", code="unknown-claim")
    others, _ = load_claims(reader, browse_queries.CLAIMS_ON, iri)
    also = [
        (text_of(row, "subject"), text_of(row, "claim"))
        for row in reader.rows(browse_queries.SAME_SAID, this=node(iri))
    ]
    document = reader.names.document_of(iri) or ""
    entry = next((entry for entry in list_documents(reader, language) if entry.name == document), None)
    passages = read_passages(reader, document) if entry else {}
    sections = {passage: section_of(passage, passages) or "" for passage in passages}
    wanted = {DK.certainty.value, *iris_in(reader, [*own, *others]), *(name for pair in also for name in pair)}
    labels = Labels(reader, language, {*wanted, *sections.values()})
    views = view_claims(reader, own, labels)
    if not views:
        raise NotFound(Message("the claim '{name}' is incomplete", name=path), hint="Run: digitech-kg validate")
    return ClaimPage(
        views[0],
        entry,
        tuple(_place(name, passages, sections, labels, copies.get(document)) for name in views[0].passages),
        labels.name(DK.certainty.value),
        view_claims(reader, others, labels),
        tuple((labels.name(subject), labels.name(claim).href or "") for subject, claim in also),
        load_retrieval(reader, own),
        query_claim(reader.names, iri),
    )


def _place(
    name: Name, passages: Mapping[str, Passage], sections: Mapping[str, str], labels: Labels, copy: TextCopy | None
) -> ClaimPlace:
    passage, section = passages.get(name.iri), sections.get(name.iri)
    quotation = copy.quote(passage.start, passage.end, passage.hash) if copy and passage and passage.hash else None
    return ClaimPlace(name, labels.name(section) if section else None, passage, quotation)
