"""What people ask first of a thing of some kind: which claims answer, so that its page can begin with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.namespaces import TERMS
from digitech_kg.web.reading.claim_views import ClaimView


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """A question, answered by claims with these predicates that have the thing as subject, or as object."""

    key: str
    predicates: tuple[str, ...]
    incoming: bool = False
    #: Whether the page says so if the document does not tell.
    needed: bool = False


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """A question with its claims; none means that the document does not say."""

    key: str
    claims: tuple[ClaimView, ...]


#: Questions by kind; the first kind that a thing is of counts.
QUESTIONS: dict[str, tuple[KeyQuestion, ...]] = {
    "Recommendation": (
        KeyQuestion("advised", ("advises",), needed=True),
        KeyQuestion("responds", ("respondsTo",), needed=True),
        KeyQuestion("topic", ("isAbout",)),
        KeyQuestion("addressed", ("isConductedBy", "appliesTo", "targets"), needed=True),
    ),
    "Event": (
        KeyQuestion("status", ("hasEventStatus",), needed=True),
        KeyQuestion("when", ("occursIn",), needed=True),
        KeyQuestion("who", ("isConductedBy",), needed=True),
        KeyQuestion("where", ("takesPlaceIn",)),
        KeyQuestion("involved", ("targets", "involves")),
        KeyQuestion("why", ("isExplainedBy", "isCausedBy")),
        KeyQuestion("effects", ("causes", "isIndicationOf", "precedes")),
    ),
    "Policy": (
        KeyQuestion("adopted", ("isAdoptedBy",), needed=True),
        KeyQuestion("when", ("adoptedIn",)),
        KeyQuestion("aims", ("aimsAt",)),
        KeyQuestion("applies", ("appliesTo", "targets")),
        KeyQuestion("demands", ("requires", "restricts", "prohibits", "promotes")),
    ),
    "Document": (
        KeyQuestion("author", ("isAuthoredBy", "isPublishedBy")),
        KeyQuestion("published", ("publicationYear", "isInSeries", "numberInSeries")),
        KeyQuestion("topic", ("isAbout", "studies")),
        KeyQuestion("aims", ("aimsAt",)),
        KeyQuestion("excluded", ("excludesFromScope",)),
        KeyQuestion("recommends", ("hasRecommendation",)),
    ),
    "Concern": (
        KeyQuestion("raised", ("raisesConcern",), incoming=True),
        KeyQuestion("worried", ("isConcernedAbout",), incoming=True),
        KeyQuestion("harmed", ("endangers", "affects")),
        KeyQuestion("taken_up", ("respondsTo",), incoming=True, needed=True),
    ),
}


def answer_questions(
    kinds: Iterable[str], about: Iterable[ClaimView], towards: Iterable[ClaimView]
) -> tuple[KeyAnswer, ...]:
    """Answer the questions of a thing's kind from the claims of one document; nothing for kinds without questions."""
    local = {kind.removeprefix(TERMS) for kind in kinds}
    kind = next((kind for kind in QUESTIONS if kind in local), None)
    if kind is None:
        return ()
    sides = {False: tuple(about), True: tuple(towards)}
    found = ((question, _answer(question, sides[question.incoming])) for question in QUESTIONS[kind])
    return tuple(answer for question, answer in found if answer.claims or question.needed)


def _answer(question: KeyQuestion, claims: tuple[ClaimView, ...]) -> KeyAnswer:
    fitting = tuple(claim for claim in claims if claim.predicate.key in question.predicates)
    return KeyAnswer(question.key, fitting)
