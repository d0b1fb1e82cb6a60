"""What people ask first of a thing of some kind: which claims answer, so that its page can begin with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.names import Name

_DK = PREFIXES["dk"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, answered by claims with these predicates that have the thing as subject, or as object."""

    key: str
    predicates: tuple[str, ...]
    incoming: bool = False
    #: Whether the page says so if the document does not tell.
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its claims; none means that the document does not say."""

    key: str
    claims: tuple[ClaimView, ...]
    incoming: bool

    @property
    def mixed(self) -> bool:
        """Whether the claims have different predicates, so that each has to be named."""
        return len({claim.predicate for claim in self.claims}) > 1


#: Questions by kind; the first kind that a thing is of counts.
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "Recommendation": (
        Question("advised", ("advises",), needed=True),
        Question("responds", ("respondsTo",), needed=True),
        Question("topic", ("isAbout",)),
        Question("addressed", ("isConductedBy", "appliesTo", "targets"), needed=True),
    ),
    "Event": (
        Question("status", ("hasEventStatus",), needed=True),
        Question("when", ("occursIn",), needed=True),
        Question("who", ("isConductedBy",), needed=True),
        Question("where", ("takesPlaceIn",)),
        Question("involved", ("targets", "involves")),
        Question("why", ("isExplainedBy", "isCausedBy")),
        Question("effects", ("causes", "isIndicationOf", "precedes")),
    ),
    "Policy": (
        Question("adopted", ("isAdoptedBy",), needed=True),
        Question("when", ("adoptedIn",)),
        Question("aims", ("aimsAt",)),
        Question("applies", ("appliesTo", "targets")),
        Question("demands", ("requires", "restricts", "prohibits", "promotes")),
    ),
    "Document": (
        Question("author", ("isAuthoredBy", "isPublishedBy")),
        Question("published", ("publicationYear", "isInSeries", "numberInSeries")),
        Question("topic", ("isAbout", "studies")),
        Question("aims", ("aimsAt",)),
        Question("excluded", ("excludesFromScope",)),
        Question("recommends", ("hasRecommendation",)),
    ),
    "Concern": (
        Question("raised", ("raisesConcern",), incoming=True),
        Question("worried", ("isConcernedAbout",), incoming=True),
        Question("harmed", ("endangers", "affects")),
        Question("taken_up", ("respondsTo",), incoming=True, needed=True),
    ),
}


def answer_questions(
    kinds: Iterable[str], about: Iterable[ClaimView], towards: Iterable[ClaimView]
) -> tuple[Answer, ...]:
    """Answer the questions of a thing's kind from the document's claims; nothing for kinds without questions."""
    local = {kind.removeprefix(_DK) for kind in kinds}
    kind = next((kind for kind in QUESTIONS if kind in local), None)
    if kind is None:
        return ()
    sides = {False: [c for c in about if not c.external], True: [c for c in towards if not c.external]}
    found = (_answer(question, sides[question.incoming]) for question in QUESTIONS[kind])
    return tuple(a for a, q in zip(found, QUESTIONS[kind], strict=True) if a.claims or q.needed)


def _answer(question: Question, claims: list[ClaimView]) -> Answer:
    fitting = tuple(claim for claim in claims if claim.predicate.key in question.predicates)
    return Answer(question.key, fitting, question.incoming)


def count_firmness(claims: Iterable[ClaimView]) -> tuple[tuple[Name, int], ...]:
    """Count claims by certainty, the most frequent first, without those that deny without reserve."""
    counts = Counter(claim.certainty for claim in claims if not claim.plainly_denied)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].text)))
