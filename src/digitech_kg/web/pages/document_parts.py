"""What the page of a thing tells of each document: its claims about the thing, apart from those of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from digitech_kg.web.pages.key_questions import KeyAnswer, KeyQuestion, answer_questions
from digitech_kg.web.pages.plain_facts import by_name
from digitech_kg.web.reading.claim_views import ClaimView, by_weight
from digitech_kg.web.reading.labels import Name

ClaimGroups = tuple[tuple[Name, tuple[ClaimView, ...]], ...]

#: In which groups a page tells claims about a thing: those that matter most, then by how they are put.
GROUPS: Final = ("key", "stated", "denied", "reserved", "predicted", "advised", "held")


@dataclass(frozen=True)
class DocumentPart:
    """The claims of one document that have to do with a thing."""

    #: None for claims whose document is not known.
    document: Name | None
    #: How many claims have the thing as subject or object, and how many of them are key.
    total: int
    key: int
    #: What people ask first of things of its kind.
    answers: tuple[KeyAnswer, ...]
    #: Claims about what a recommendation advises.
    advice: tuple[ClaimView, ...]
    #: Claims with the thing as subject, by a key of `GROUPS`, but those that answer a question.
    about: tuple[tuple[str, tuple[ClaimView, ...]], ...]
    #: Claims about other things that have the thing as object.
    towards: tuple[ClaimView, ...]
    #: Claims that have the thing as holder, limit, condition and the like.
    beside: tuple[ClaimView, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return self.document.iri.rsplit("/", 1)[1] if self.document else "other-claims"


@dataclass(frozen=True)
class ThingClaims:
    """The claims that have to do with a thing, by the role that it has in them."""

    about: tuple[ClaimView, ...]
    towards: tuple[ClaimView, ...]
    beside: tuple[ClaimView, ...]
    advice: tuple[ClaimView, ...]

    @property
    def all(self) -> tuple[ClaimView, ...]:
        return (*self.about, *self.towards, *self.beside, *self.advice)

    @property
    def outside(self) -> ClaimGroups:
        """What other sources than the documents say, by predicate, in the order of time."""
        return group_claims(sorted((claim for claim in self.about if claim.external), key=_time))

    def of(self, document: Name | None) -> ThingClaims:
        """Return the claims of one document."""
        roles = (self.about, self.towards, self.beside, self.advice)
        return ThingClaims(
            *(tuple(claim for claim in role if not claim.external and claim.document == document) for role in roles)
        )


def split_by_document(claims: ThingClaims, questions: tuple[KeyQuestion, ...]) -> tuple[DocumentPart, ...]:
    """Return what each document says, the one that says most first."""
    documents = dict.fromkeys(claim.document for claim in claims.all if not claim.external)
    parts = [_part(document, claims.of(document), questions) for document in documents]
    return tuple(sorted(parts, key=lambda part: (-part.total, part.anchor)))


def group_of(claim: ClaimView) -> str:
    """Return in which of `GROUPS` a page tells a claim."""
    firm = claim.firm
    if firm.voice == "other":
        return "held"
    if firm.kind in ("recommendation", "norm"):
        return "advised"
    if firm.kind == "prediction":
        return "predicted"
    return {"plain": "stated", "denied": "denied"}.get(claim.manner, "denied" if firm.denied else "reserved")


def group_claims(claims: Iterable[ClaimView]) -> ClaimGroups:
    """Return claims by predicate."""
    return by_name((claim.predicate, claim) for claim in claims)


def _part(document: Name | None, claims: ThingClaims, questions: tuple[KeyQuestion, ...]) -> DocumentPart:
    answers = answer_questions(questions, claims.about, claims.towards) if claims.about or claims.towards else ()
    told = {claim.iri for answer in answers for claim in answer.claims}
    counted = {claim.iri: claim.salience for claim in (*claims.about, *claims.towards)}
    return DocumentPart(
        document,
        len(counted),
        sum(salience == "key" for salience in counted.values()),
        answers,
        _sorted(claims.advice),
        _grouped(claim for claim in claims.about if claim.iri not in told),
        _sorted(claim for claim in claims.towards if claim.iri not in told),
        _sorted(claims.beside),
    )


def _grouped(claims: Iterable[ClaimView]) -> tuple[tuple[str, tuple[ClaimView, ...]], ...]:
    groups: dict[str, list[ClaimView]] = defaultdict(list)
    for claim in _sorted(claims):
        groups["key" if claim.salience == "key" else group_of(claim)].append(claim)
    return tuple((key, tuple(groups[key])) for key in GROUPS if groups[key])


def _sorted(claims: Iterable[ClaimView]) -> tuple[ClaimView, ...]:
    return tuple(sorted(claims, key=lambda claim: (*by_weight(claim), claim.iri)))


def _time(claim: ClaimView) -> tuple[str, str]:
    return min((str(term.value) for term in claim.times), default=""), claim.iri
