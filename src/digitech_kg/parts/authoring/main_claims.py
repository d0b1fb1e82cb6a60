"""Propose which claims of a document are main claims, and which are parts of them, for a person to confirm.

A main claim is what a clause with a finite verb asserts. The rules look at one passage at a time, each at what those
before it left: they take away what only serves another claim of the passage. A claim that somebody has looked at, by
giving it an edited sentence, a main claim or a part, is not proposed again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim, in_text_order
from digitech_kg.claims.reserves import LIMITS, QUALITY
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK, RDFS

#: Links within a passage that say which claim serves which.
_LINKS: Final = (DK.illustrates, DK.supports, DK.followsFrom, DK.repeats)
#: Predicates that mostly spell out what the name of a thing says already.
_NAMING: Final = (DK.isAbout, DK.involves, DK.isPartOf, DK.isKindOf, DK.isMemberOf)
_Rule = Callable[[Claim, Sequence[Claim]], bool]


@dataclass(frozen=True, slots=True)
class PassageProposal:
    """The claims of a passage that nobody has looked at: main claims, and parts, each with its main claim."""

    passage: str
    mains: tuple[Claim, ...]
    parts: tuple[tuple[Claim, Claim], ...]


def propose_main_claims(claims: Iterable[Claim]) -> Iterator[PassageProposal]:
    """Yield what is proposed for each passage of a document, in the order of the text."""
    claims = list(claims)
    gathered = {main for claim in claims for main in claim.all(DK.elaborates)}
    alone = (claim for claim in claims if claim.passages and not claim.all(DK.elaborates))
    by_passage = grouped((_place_of(claim), claim) for claim in alone)
    for passage in sorted(by_passage, key=in_text_order):
        known = [claim for claim in by_passage[passage] if claim.all(RDFS.comment) or claim.iri in gathered]
        fresh = [claim for claim in by_passage[passage] if claim not in known]
        if fresh:
            yield _propose(passage, fresh, known)


def _propose(passage: str, fresh: Sequence[Claim], known: Sequence[Claim]) -> PassageProposal:
    left = sorted(fresh, key=lambda claim: (DK.key not in claim.all(DK.salience), claim.iri.value))
    for rule in _RULES:
        for claim in reversed(left):
            others = [other for other in (*known, *left) if other is not claim]
            if others and DK.key not in claim.all(DK.salience) and rule(claim, others):
                left = [other for other in left if other is not claim]
    mains = (*known, *left)
    parts = ((claim, _main_of(claim, mains)) for claim in fresh if claim not in left)
    return PassageProposal(passage, tuple(left), tuple(parts))


def _is_linked(claim: Claim, others: Sequence[Claim]) -> bool:
    linked = {other for link in _LINKS for other in claim.all(link)}
    return any(other.iri in linked for other in others)


def _describes_an_end_of_another(claim: Claim, others: Sequence[Claim]) -> bool:
    return any(claim.subject in (other.object, *_limits(other)) for other in others)


def _gives_a_quality(claim: Claim, others: Sequence[Claim]) -> bool:
    return claim.predicate == QUALITY and any(claim.subject == other.subject for other in others)


def _repeats_the_manner_of_another(claim: Claim, others: Sequence[Claim]) -> bool:
    """Whether another says the like of the same subject or object, as in a list."""
    alike = (other for other in others if _manner(other) == _manner(claim))
    return any(claim.subject == other.subject or claim.object == other.object for other in alike)


#: In this order; what a rule takes away is a part.
_RULES: Final[tuple[_Rule, ...]] = (
    lambda claim, _: DK.minor in claim.all(DK.salience),
    lambda claim, _: DK.encoderReading in claim.all(DK.basis),
    _is_linked,
    lambda claim, _: claim.predicate in _NAMING,
    _describes_an_end_of_another,
    _gives_a_quality,
    _repeats_the_manner_of_another,
)


def _main_of(part: Claim, mains: Sequence[Claim]) -> Claim:
    """Return the main claim that a part belongs to most likely: a link tells it, else what the two speak of."""
    linked = {other for link in _LINKS for other in part.all(link)}

    def order(main: Claim) -> tuple[bool, bool, bool, bool]:
        ends, meets = (main.object, *_limits(main)), {part.subject, part.object} & {main.subject, main.object}
        return main.iri not in linked, part.subject not in ends, _manner(part) != _manner(main), not meets

    return min(mains, key=order)


def _manner(claim: Claim) -> tuple[object, ...]:
    return claim.predicate, claim.is_negated, frozenset(claim.all(DK.mood)), frozenset(claim.all(DK.heldBy))


def _limits(claim: Claim) -> list[NamedNode]:
    return [value for limit in LIMITS for value in claim.all(limit)]


def _place_of(claim: Claim) -> str:
    """Return the passage that a claim is counted in: the last one if several state it together, else the first."""
    passages = sorted((str(passage.value) for passage in claim.passages), key=in_text_order)
    return passages[-1] if DK.together in claim.all(DK.passagesStateIt) else passages[0]
