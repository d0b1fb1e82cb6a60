"""Which reserves a claim can be made with: the one table that everything else reads.

A *weakening* reserve says that a plain triple would say more than the document does: less than certain, another mood
than statement, somebody else's view, not in every case, an unnamed part of a group, within limits, under a condition.
An *adding* one says more than the triple, which holds all the same: "invests heavily" entails "invests". What is
*neutral* tells where a claim stands, not how it is put. In a denial most adding reserves weaken: "doesn't invest
heavily" leaves open that it invests. Of a quality a comparative weakens: "stricter" leaves open whether it is strict.

The names follow FactBank (certainty), CRMinf (belief and its holder), AIF (claims about claims) and Wikidata's
qualifiers (manner of a statement, P5102 and P1480). `docs/claims.md` explains each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from digitech_kg.namespaces import DK

Value = NamedNode | Literal
#: Relates a thing to a quality. A comparative leaves open whether the thing has it: "stricter" doesn't say "strict".
QUALITY: Final = DK.hasCharacteristic
#: Relates a recommendation to what it advises: said plainly, it is advice all the same.
ADVICE: Final = DK.advises


class Effect(Enum):
    """What a reserve does to the plain triple of a claim."""

    WEAKENING = "weakening"
    ADDING = "adding"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Axis:
    """One property by which a claim is put: its values in their order, and which of them weaken."""

    name: str
    property: NamedNode
    #: The values that it can have, from the weakest to the strongest where they have an order; empty if any.
    values: tuple[NamedNode, ...] = ()
    #: What a value does that is not in `other`.
    effect: Effect = Effect.WEAKENING
    #: The values that do something else.
    other: tuple[tuple[NamedNode, Effect], ...] = ()
    #: The values that weaken where the claim gives a quality.
    comparatives: tuple[NamedNode, ...] = ()

    def weakens_denials(self) -> bool:
        """Whether a value narrows what is denied: the plain denial would say more. A reason does not."""
        return self.effect is Effect.ADDING and self.property != DK.reason

    def effect_of(self, value: Value, *, denied: bool = False, of_quality: bool = False) -> Effect:
        """Return what a value does to the plain triple, or to its denial."""
        if (denied and self.weakens_denials()) or (of_quality and value in self.comparatives):
            return Effect.WEAKENING
        return next((effect for term, effect in self.other if term == value), self.effect)


def _terms(*names: str) -> tuple[NamedNode, ...]:
    return tuple(DK[name] for name in names)


#: Predicates that say by themselves that something doesn't happen or isn't so.
PREVENTING: Final = (
    *_terms("differsFrom", "excludesFromScope", "hasShortcomingIn", "hinders", "lobbiesAgainst"),
    *_terms("opposes", "prohibits", "restricts", "revokes", "runsCounterTo"),
)
#: How many of a group, from the fewest on.
QUANTITIES: Final = _terms("few", "some", "several", "many", "most", "all")
#: Ordered as a sentence names them.
AXES: Final[tuple[Axis, ...]] = (
    Axis("certainty", DK.certainty, _terms("doubtful", "possible", "probable")),
    Axis(
        "mood",
        DK.mood,
        _terms("prediction", "promise", "recommendation", "norm", "order", "definition", "openQuestion", "hypothesis"),
        # What is ordered holds by being said.
        other=((DK.order, Effect.ADDING),),
    ),
    Axis("holder", DK.heldBy),
    Axis("quantifier of the holder", DK.holderQuantifier, QUANTITIES, Effect.NEUTRAL),
    Axis("stance", DK.stance, _terms("disputed", "reported", "partlyEndorsed", "endorsed"), Effect.NEUTRAL),
    Axis("basis", DK.basis, _terms("encoderReading", "hearsay", "report")),
    Axis("other reading", DK.otherReading),
    Axis("generality", DK.generality, _terms("sometimes", "often", "typically")),
    Axis(
        "degree",
        DK.degree,
        (
            *_terms("partly", "slightly", "moderately", "considerably", "heavily"),
            *_terms("lesser", "roughlyEqual", "greater", "greatest"),
        ),
        Effect.ADDING,
        ((DK.partly, Effect.WEAKENING), (DK.lesser, Effect.WEAKENING)),
        _terms("slightly", "moderately", "lesser", "roughlyEqual", "greater"),
    ),
    Axis("focus", DK.focus, _terms("especially", "mainly", "only", "notOnly"), Effect.ADDING),
    Axis("comparison", DK.comparedWith, (), Effect.ADDING),
    Axis("precision", DK.precision, _terms("approximate", "atLeast", "atMost")),
    Axis("quantifier of the subject", DK.subjectQuantifier, QUANTITIES),
    Axis("quantifier of the object", DK.objectQuantifier, QUANTITIES),
    Axis("number of the subject", DK.subjectCount),
    Axis("number of the object", DK.objectCount),
    Axis("limit by place", DK.limitedToPlace),
    Axis("limit by field", DK.limitedToField),
    Axis("limit by group", DK.limitedToGroup),
    Axis("limit by time", DK.limitedToTime),
    Axis("limit by viewpoint", DK.limitedToViewpoint),
    Axis("quantifier of the limit", DK.limitQuantifier, QUANTITIES),
    Axis("limits together", DK.limitsApply, _terms("together", "eachAlone"), Effect.NEUTRAL),
    Axis("condition", DK.condition),
    Axis("reason", DK.reason, (), Effect.ADDING),
    Axis("time", DK.time, (), Effect.ADDING),
    Axis("recency", DK.recency, _terms("longAgo", "inRecentYears", "recently"), Effect.ADDING),
    Axis("phase", DK.phase, _terms("already", "still", "ongoing"), Effect.ADDING),
    Axis("duration", DK.duration, _terms("briefly", "forSomeTime", "forYears", "forManyYears"), Effect.ADDING),
    Axis("nearness in time", DK.nearness, _terms("longBefore", "shortlyBefore", "shortlyAfter"), Effect.ADDING),
    Axis("cue", DK.cue, (), Effect.NEUTRAL),
    Axis("passages", DK.passagesStateIt, _terms("together", "eachAlone"), Effect.NEUTRAL),
    Axis("salience", DK.salience, _terms("minor", "normal", "key"), Effect.NEUTRAL),
)
BY_PROPERTY: Final = {axis.property: axis for axis in AXES}
#: The limits of every kind; in the ontology they are below `dk:limitedTo`.
LIMITS: Final = tuple(axis.property for axis in AXES if axis.name.startswith("limit by"))
QUANTIFIERS: Final = tuple(axis.property for axis in AXES if axis.name.startswith(("quantifier", "number")))

#: What kind of utterance a mood makes of a claim; of several moods the first here counts.
MOOD_KINDS: Final[Mapping[NamedNode | None, str]] = {
    DK.openQuestion: "question",
    # Nobody stands for what is only supposed.
    DK.hypothesis: "question",
    DK.recommendation: "advice",
    DK.norm: "advice",
    DK.prediction: "forecast",
    DK.promise: "forecast",
    DK.order: "fact",
    DK.definition: "fact",
}
#: From the least to the most certain; a claim of which nothing is said is certain.
CERTAINTIES: Final = BY_PROPERTY[DK.certainty].values
#: How claims bear on claims.
RELATIONS: Final = _terms("supports", "qualifies", "disputes", "illustrates", "contrastsWith", "followsFrom", "repeats")


class Reserve(NamedTuple):
    """A value of a claim on an axis, and what it does to the claim's plain triple, or to its denial."""

    axis: Axis
    value: Value
    effect: Effect

    @property
    def is_known(self) -> bool:
        """Whether the axis lists the value, or takes any."""
        return not self.axis.values or self.value in self.axis.values
