"""What the page of a thing tells of each document: its claims about the thing, apart from those of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.web.pages.key_questions import KeyAnswer, answer_questions
from digitech_kg.web.pages.plain_facts import by_name
from digitech_kg.web.reading.claim_views import ClaimView, count_manners
from digitech_kg.web.reading.labels import Name

ClaimGroups = tuple[tuple[Name, tuple[ClaimView, ...]], ...]


@dataclass(frozen=True)
class DocumentPart:
    """The claims of one document that have to do with a thing."""

    #: None for claims whose document is not known.
    document: Name | None
    #: How many claims have the thing as subject or object, by manner; empty on a page that has only some of them.
    counts: tuple[tuple[str, int], ...]
    #: What people ask first of things of its kind.
    answers: tuple[KeyAnswer, ...]
    #: Claims about what a recommendation advises.
    advice: tuple[ClaimView, ...]
    #: Claims with the thing as subject, by predicate, but those that answer a question.
    about: ClaimGroups
    #: Claims with the thing as object, in the order of their predicates.
    towards: tuple[ClaimView, ...]
    #: Claims that have the thing as holder, limit, condition and the like.
    beside: tuple[ClaimView, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return self.document.iri.rsplit("/", 1)[1] if self.document else "other-claims"

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class ThingClaims:
    """The claims that have to do with a thing, by the role that it has in them."""

    about: tuple[ClaimView, ...]
    towards: tuple[ClaimView, ...]
    beside: tuple[ClaimView, ...]
    advice: tuple[ClaimView, ...]

    @property
    def outside(self) -> ClaimGroups:
        """What other sources than the documents say, by predicate."""
        return group_claims(claim for claim in self.about if claim.external)

    def of(self, document: Name | None) -> ThingClaims:
        """Return the claims of one document."""
        roles = (self.about, self.towards, self.beside, self.advice)
        return ThingClaims(
            *(tuple(claim for claim in role if not claim.external and claim.document == document) for role in roles)
        )


def split_by_document(claims: ThingClaims, kinds: list[str], *, is_whole: bool) -> tuple[DocumentPart, ...]:
    """Return what each document says, the one that says most first."""
    everything = (*claims.about, *claims.towards, *claims.beside, *claims.advice)
    documents = dict.fromkeys(claim.document for claim in everything if not claim.external)
    parts = [
        (len(own.about + own.towards), _part(document, own, kinds, is_whole))
        for document, own in ((document, claims.of(document)) for document in documents)
    ]
    ordered = sorted(parts, key=lambda part: (-part[0], part[1].anchor))
    return tuple(part for _, part in ordered)


def _part(document: Name | None, claims: ThingClaims, kinds: list[str], is_whole: bool) -> DocumentPart:
    answers = answer_questions(kinds, claims.about, claims.towards) if claims.about or claims.towards else ()
    told = {claim.iri for answer in answers for claim in answer.claims}
    counted = {view.iri: view.claim for view in (*claims.about, *claims.towards)} if is_whole else {}
    return DocumentPart(
        document,
        count_manners(counted.values()),
        answers,
        claims.advice,
        group_claims(claim for claim in claims.about if claim.iri not in told),
        tuple(sorted((c for c in claims.towards if c.iri not in told), key=lambda c: (c.predicate.text, c.iri))),
        claims.beside,
    )


def group_claims(claims: Iterable[ClaimView]) -> ClaimGroups:
    """Return claims by predicate."""
    return by_name((claim.predicate, claim) for claim in claims)
