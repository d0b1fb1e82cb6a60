"""Claims as pages show them: what is said, with which reserves, by whom, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.claims.firmness import (
    SALIENCES,
    Firmness,
    firmness_of,
    in_text_order,
    manner_of,
    salience_of,
)
from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import RELATIONS, Effect, Reserve
from digitech_kg.namespaces import DK, SKOS, Namespaces
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name
from digitech_kg.web.reading.reader import GraphReader

#: Axes that the mark of a claim and the words beside it tell already.
_MARKED: Final = frozenset(("certainty", "mood", "heldBy"))
#: How claims stand to each other, in one document and across documents.
RELATED: Final = (*RELATIONS, DK.contradicts, DK.corroborates, DK.firmerThan)


@dataclass(frozen=True, slots=True)
class ReserveView:
    """A value on one axis: `key` is the local name of the axis' property, `axis` what it is called."""

    key: str
    axis: Name
    value: DisplayValue
    effect: Effect


@dataclass(frozen=True, eq=False)
class ClaimView:
    """A claim for a page."""

    claim: Claim
    iri: str
    href: str | None
    sentence: str
    #: Of the sentence, if it is not the page's.
    language: str
    notes: tuple[DisplayValue, ...]
    subject: Name
    predicate: Name
    object: DisplayValue
    #: The document that makes it; None for a claim of another source.
    document: Name | None
    reserves: tuple[ReserveView, ...]
    passages: tuple[Name, ...]
    sources: tuple[Name, ...]
    relations: tuple[tuple[Name, tuple[Name, ...]], ...]

    @property
    def negated(self) -> bool:
        return self.claim.is_negated

    @property
    def external(self) -> bool:
        return self.claim.is_external

    @property
    def manner(self) -> str:
        return manner_of(self.claim)

    @property
    def firm(self) -> Firmness:
        return firmness_of(self.claim)

    @property
    def document_key(self) -> str | None:
        """The name of its document in addresses."""
        return self.document.iri.rsplit("/", 1)[1] if self.document else None

    @property
    def salience(self) -> str:
        """How much it matters to its document: one of `SALIENCES`."""
        return salience_of(self.claim)

    @property
    def cues(self) -> tuple[DisplayValue, ...]:
        """The words of the document that show how it is put."""
        return tuple(reserve.value for reserve in self.reserves if reserve.key == "cue")

    @property
    def holders(self) -> tuple[DisplayValue, ...]:
        """Whose view it is, if not the author's."""
        return tuple(reserve.value for reserve in self.reserves if reserve.key == "heldBy")

    @property
    def times(self) -> tuple[Any, ...]:
        """The dates that it has, as they are stored."""
        return self.claim.all(DK.time)

    @property
    def said_times(self) -> tuple[str, ...]:
        """The dates that it has, in words."""
        return tuple(reserve.value.text for reserve in self.reserves if reserve.key == "time")

    @property
    def stance(self) -> str:
        """How the author sees the view of others, as a local name; "" if that is not told."""
        return next((r.value.name.key for r in self.reserves if r.key == "stance" and r.value.name), "")

    @property
    def remarks(self) -> tuple[ReserveView, ...]:
        """The reserves that weaken it and that its mark doesn't show."""
        return tuple(reserve for reserve in self.weakening if reserve.key not in _MARKED)

    @property
    def is_certain(self) -> bool:
        """Whether nothing is said that makes it less than certain."""
        return not self.claim.all(DK.certainty)

    @property
    def shown_reserves(self) -> tuple[ReserveView, ...]:
        """The reserves that a short view shows: all that weaken or add, and the author's stance."""
        return tuple(r for r in self.reserves if r.effect is not Effect.NEUTRAL or r.key == "stance")

    @property
    def weakening(self) -> tuple[ReserveView, ...]:
        """The reserves that keep it from being a plain statement."""
        return tuple(reserve for reserve in self.reserves if reserve.effect is Effect.WEAKENING)


def by_weight(view: ClaimView) -> tuple[int, str]:
    """Return what sorts claims: those that matter most first, then as the text has them."""
    first = in_text_order(view.passages[0].iri) if view.passages else ""
    return SALIENCES.index(view.salience), first


def load_claims_of(reader: GraphReader, iris: Sequence[str], language: str) -> tuple[ClaimView, ...]:
    """Return the claims with some IRIs, in their order."""
    claims = reader.book.claims(iris) if iris else []
    return view_claims(reader, claims, Labels(reader, language, iris_in(reader, claims))) if claims else ()


def load_retrieval(reader: GraphReader, claims: Iterable[Claim]) -> dict[str, str]:
    """Return when what the sources of claims say was fetched, by the source's IRI."""
    sources = {term.value for claim in claims for term in claim.all(DK.attestedBy)}
    dates = reader.book.values(sources, DK.retrievedOn) if sources else {}
    return {source: found[DK.retrievedOn][-1].value for source, found in dates.items()}


def iris_in(reader: GraphReader, claims: Iterable[Claim]) -> set[str]:
    """Return every IRI that has to be named to show claims."""
    iris, names = set(), reader.names
    for claim in claims:
        iris |= {claim.iri.value, *(prop.value for prop in claim.values)}
        iris |= {term.value for terms in claim.values.values() for term in terms if isinstance(term, NamedNode)}
        if document := document_of(names, claim):
            iris.add(document)
    return iris


def document_of(names: Namespaces, claim: Claim) -> str | None:
    """Return the IRI of the document that makes a claim; None for a claim of another source."""
    name = None if claim.is_external else names.document_of(claim.iri.value)
    return names.thing(name).value if name else None


def view_claims(reader: GraphReader, claims: Iterable[Claim], labels: Labels) -> tuple[ClaimView, ...]:
    """Return claims for a page. Those without a subject or predicate are left out: nothing can be said of them."""
    complete = (claim for claim in claims if claim.subject is not None and claim.predicate is not None)
    names = reader.names
    return tuple(_view(claim, labels, document_of(names, claim)) for claim in complete)


def _view(claim: Claim, labels: Labels, document: str | None) -> ClaimView:
    def names(prop: NamedNode) -> tuple[Name, ...]:
        return tuple(labels.name(term.value) for term in claim.all(prop) if isinstance(term, NamedNode))

    name = labels.name(claim.iri.value)
    shown = DisplayValue() if claim.object is None else labels.value(claim.object)
    relations = ((labels.name(r.value), names(r)) for r in RELATED if claim.all(r))
    return ClaimView(
        claim=claim,
        iri=claim.iri.value,
        href=name.href,
        sentence=_sentence(name, claim, labels, shown),
        language=name.language,
        notes=tuple(map(labels.value, claim.all(SKOS.scopeNote))),
        subject=labels.name(claim.subject.value),  # type: ignore[union-attr]
        predicate=labels.name(claim.predicate.value),  # type: ignore[union-attr]
        object=shown,
        document=labels.name(document) if document else None,
        reserves=tuple(_reserve(reserve, labels) for reserve in claim.reserves),
        passages=tuple(sorted(names(DK.statedIn), key=lambda passage: in_text_order(passage.iri))),
        sources=names(DK.attestedBy),
        relations=tuple(relations),
    )


def _sentence(name: Name, claim: Claim, labels: Labels, shown: DisplayValue) -> str:
    """Return how a claim reads: its sentence, or its parts, since nobody composes what other sources say."""
    if name.text != name.curie:
        return name.text
    parts = (labels.name(claim.subject.value), labels.name(claim.predicate.value))  # type: ignore[union-attr]
    return ": ".join((*(part.text for part in parts), shown.name.text if shown.name else shown.text))


def _reserve(reserve: Reserve, labels: Labels) -> ReserveView:
    axis = labels.name(reserve.axis.property.value)
    return ReserveView(axis.key, axis, labels.value(reserve.value), reserve.effect)
