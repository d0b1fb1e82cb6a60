"""What the page of one claim shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digitech_kg.claims.model import Claim
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, TERMS
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.pages.answers.citing import Note, Notes, Origin, Reference
from digitech_kg.web.pages.passage_page import section_of
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import (
    RELATED,
    ClaimView,
    iris_in,
    load_claims,
    load_claims_of,
    load_retrieval,
    view_claims,
)
from digitech_kg.web.reading.documents import DocumentEntry, list_documents, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_claim
from digitech_kg.web.reading.reader import GraphReader, node, text_of


@dataclass(frozen=True)
class ClaimPage:
    """A claim, where it is made, and the claims that bear on it."""

    claim: ClaimView
    #: The document that makes it; None for a claim of another source.
    document: DocumentEntry | None
    #: Its passages with their words, and how it is cited.
    note: Note
    #: The section of each passage, by the passage's IRI; none where it is called as the document is.
    sections: Mapping[str, Name]
    #: What the axis of certainty is called: a claim without a value on it is certain.
    certainty: Name
    #: How it bears on other claims, or in reverse (`True`) how they bear on it.
    related: tuple[tuple[str, bool, ClaimView], ...]
    #: Other things of which the same document says the same.
    also: tuple[tuple[Name, str], ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    #: A query for what is on the page.
    query: str

    def references(self, origin: Origin) -> list[Reference]:
        """Return what is cited with it: the claim itself, at an origin, then what makes it."""
        key = "-".join(self.claim.iri.rsplit("/", 2)[1:])
        return [origin.reference(key, self.claim.sentence, self.note.short), *self.note.references]


def view_claim(reader: GraphReader, iri: str, language: str, copies: Mapping[str, TextCopy]) -> ClaimPage:
    """Read what the page of a claim shows. Raises `NotFound` if there is no such claim."""
    path = iri.removeprefix(reader.names.base)
    own, _ = load_claims(reader, "BIND($this AS ?claim) ?claim dk:predicate ?any .", iri)
    if not own:
        message = f"there is no claim '{path}'"
        raise NotFound(message, hint="Search for what you meant.", code="unknown-claim")
    others, _ = load_claims(reader, browse_queries.CLAIMS_ON, iri)
    links = dict.fromkeys(
        [*_links(own[0]), *((key, True, one.iri.value) for one in others for key in _bearing(one, iri))]
    )
    also = [
        (text_of(row, "subject"), text_of(row, "claim"))
        for row in reader.rows(browse_queries.SAME_SAID, this=node(iri))
    ]
    document = reader.names.document_of(iri) or ""
    entry = next((entry for entry in list_documents(reader, language) if entry.name == document), None)
    passages = read_passages(reader, document) if entry else {}
    wanted = {DK.certainty.value, *iris_in(reader, own), *(name for pair in also for name in pair)}
    sections = {passage: section for passage in wanted & passages.keys() if (section := section_of(passage, passages))}
    labels = Labels(reader, language, {*wanted, *sections.values()})
    views = view_claims(reader, own, labels)
    if not views:
        raise NotFound(f"the claim '{path}' is incomplete", hint="Run: digitech-kg validate")
    related = {view.iri: view for view in load_claims_of(reader, [other for *_, other in links], language)}
    named = {passage: labels.name(section) for passage, section in sections.items()}
    return ClaimPage(
        views[0],
        entry,
        Notes(reader, language, views, copies).make(views[0]),
        {passage: name for passage, name in named.items() if entry is None or name.text != entry.title},
        labels.name(DK.certainty.value),
        tuple((key, reverse, related[other]) for key, reverse, other in links if other in related),
        tuple((labels.name(subject), labels.name(claim).href or "") for subject, claim in also),
        load_retrieval(reader, own),
        query_claim(reader.names, iri),
    )


def _links(claim: Claim) -> list[tuple[str, bool, str]]:
    """Return how a claim bears on others, by the local names of the relations."""
    return [(p.value.removeprefix(TERMS), False, str(other.value)) for p in RELATED for other in claim.all(p)]


def _bearing(other: Claim, iri: str) -> list[str]:
    """Return how another claim bears on one; what is the same from both sides is told of that one already."""
    return [key for key, _, on in _links(other) if on == iri and key != DK.contrastsWith.value.removeprefix(TERMS)]
