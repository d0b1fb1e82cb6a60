"""Whether two claims that cannot both be plainly true can still both hold as they are put."""

from __future__ import annotations

from enum import Enum

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import BY_PROPERTY, Effect
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.positions import CONFLICT, COUNTS, FULL, SCALES, Mood, Position
from digitech_kg.comparison.scopes import are_apart
from digitech_kg.namespaces import DK

_DEGREES = BY_PROPERTY[DK.degree]


class Verdict(Enum):
    """What opposite claims are to each other."""

    #: One of the two is wrong, or both.
    CONTRADICTION = "contradiction"
    #: They point in opposite directions and can both be right.
    COMPATIBLE = "compatible"
    #: A later document says that something expected has not come about.
    NOT_BORNE_OUT = "not borne out"
    #: They are no answers to the same question: one says what is, the other what should be, or asks.
    UNRELATED = "unrelated"


def oppose(first: Position, second: Position, hierarchy: Hierarchy, *, later: Position | None) -> Verdict:
    """Return how two claims stand to each other of which only one could be plainly true; `later` is the newer one."""
    moods = {first.mood, second.mood}
    if Mood.QUESTION in moods or (Mood.ADVICE in moods and len(moods) > 1):
        return Verdict.UNRELATED
    if _have_room(first, second, hierarchy):
        return Verdict.COMPATIBLE
    if moods == {Mood.FACT, Mood.FORECAST}:
        # What is now and what is expected can differ, unless the one who tells it writes after the other. Who finds
        # something possible does not tell that it has come about.
        if later is None or later.mood is not Mood.FACT:
            return Verdict.COMPATIBLE
        return Verdict.NOT_BORNE_OUT if later.strength(DK.certainty) == FULL else Verdict.CONTRADICTION
    return Verdict.CONTRADICTION


def denies_degree_only(denial: Position, affirmation: Position) -> bool:
    """Whether a denial leaves room for an affirmation: "does not invest heavily" denies only what is as heavy."""
    if denial.rejects or not denial.claim.is_negated:
        return False
    denied = [_DEGREES.values.index(degree) for degree in _adding_degrees(denial)]
    claimed = [_DEGREES.values.index(degree) for degree in _adding_degrees(affirmation)]
    return bool(denied) and (not claimed or max(claimed) < min(denied))


def _have_room(first: Position, second: Position, hierarchy: Hierarchy) -> bool:
    for scale in SCALES:
        if _strength(first, scale) + _strength(second, scale) < CONFLICT and not _measure_alike(first, second, scale):
            return True
    if are_apart(first, second, hierarchy):
        return True
    if not (first.ownership or second.ownership) and first.holders != second.holders:
        # Both only report views, of different people.
        return True
    affirmation, denial = (first, second) if first.affirms else (second, first)
    return denies_degree_only(denial, affirmation)


def _measure_alike(first: Position, second: Position, scale: NamedNode) -> bool:
    """Whether both say how something compares with one other thing: "less than X" and "not less than X" conflict."""
    others = set(first.claim.all(DK.comparedWith))
    return scale == DK.degree and bool(others) and others == set(second.claim.all(DK.comparedWith))


def _strength(position: Position, scale: NamedNode) -> float:
    """A number of things is a part of them."""
    counted = {DK.subjectQuantifier: COUNTS[0], DK.objectQuantifier: COUNTS[1]}.get(scale)
    part = 1.0 if counted is not None and position.claim.all(counted) else FULL
    return min(position.strength(scale), part)


def _adding_degrees(position: Position) -> list[NamedNode]:
    return [
        degree
        for degree in position.claim.all(DK.degree)
        if degree in _DEGREES.values and _DEGREES.effect_of(degree) is Effect.ADDING
    ]
