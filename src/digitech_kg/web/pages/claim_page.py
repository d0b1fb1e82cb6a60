"""What the page of one claim shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.book import ClaimFilter
from digitech_kg.claims.model import Claim
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, TERMS
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.pages.answers.citing import Note, Notes, Origin, Reference
from digitech_kg.web.reading.claim_views import RELATED, ClaimView, iris_in, load_retrieval, view_claims
from digitech_kg.web.reading.documents import DocumentEntry, read_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.page_queries import query_claim
from digitech_kg.web.reading.reader import GraphReader


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
    book, path = reader.book, iri.removeprefix(reader.names.base)
    own = book.claims([iri])
    if not own:
        raise NotFound(f"there is no claim '{path}'", hint="Search for what you meant.", code="unknown-claim")
    others = book.claims(book.find_claims(ClaimFilter(bears_on=iri, outside="1"), order="iri"))
    links = dict.fromkeys(
        [*_links(own[0]), *((key, True, one.iri.value) for one in others for key in _bearing(one, iri))]
    )
    also, related = book.same_said(iri), book.claims(other for *_, other in links)
    document = reader.names.document_of(iri) or ""
    entry = read_documents(reader, [document], language).get(document)
    sections = book.sections_of(term.value for term in own[0].passages if isinstance(term, NamedNode))
    named = {DK.certainty.value, *sections.values(), *(name for pair in also for name in pair)}
    labels = Labels(reader, language, named | iris_in(reader, [*own, *related]))
    views = view_claims(reader, own, labels)
    if not views:
        raise NotFound(f"the claim '{path}' is incomplete", hint="Run: digitech-kg validate")
    bearing = {view.iri: view for view in view_claims(reader, related, labels)}
    section_names = {passage: labels.name(section) for passage, section in sections.items()}
    return ClaimPage(
        views[0],
        entry,
        Notes(reader, language, views, copies).make(views[0]),
        {passage: name for passage, name in section_names.items() if entry is None or name.text != entry.title},
        labels.name(DK.certainty.value),
        tuple((key, reverse, bearing[other]) for key, reverse, other in links if other in bearing),
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
