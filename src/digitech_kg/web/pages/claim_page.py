"""What the page of one claim shows."""

from __future__ import annotations

from dataclasses import dataclass

from digitech_kg.errors import NotFound
from digitech_kg.messages import Message
from digitech_kg.namespaces import DK
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims, load_retrieval, view_claims
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_claim
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True)
class ClaimPage:
    """A claim and the claims that bear on it."""

    claim: ClaimView
    #: What the axis of certainty is called: a claim without a value on it is certain.
    certainty: Name
    #: Claims that support, dispute, … this one.
    bearing: tuple[ClaimView, ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    #: A query for what is on the page.
    query: str


def view_claim(reader: GraphReader, iri: str, language: str) -> ClaimPage:
    """Read what the page of a claim shows. Raises `NotFound` if there is no such claim."""
    path = iri.removeprefix(reader.names.base)
    own, _ = load_claims(reader, "BIND($this AS ?claim) ?claim dk:predicate ?any .", iri)
    if not own:
        message = Message("there is no claim '{name}'", name=path)
        raise NotFound(message, hint="Search for what you meant.", code="unknown-claim")
    others, _ = load_claims(reader, browse_queries.CLAIMS_ON, iri)
    labels = Labels(reader, language, {DK.certainty.value, *iris_in(reader, [*own, *others])})
    views = view_claims(reader, own, labels)
    if not views:
        raise NotFound(Message("the claim '{name}' is incomplete", name=path), hint="Run: digitech-kg validate")
    return ClaimPage(
        views[0],
        labels.name(DK.certainty.value),
        view_claims(reader, others, labels),
        load_retrieval(reader, own),
        query_claim(reader.names, iri),
    )
