"""Whether two sets of limits, conditions or times leave room for each other."""

from __future__ import annotations

from enum import Enum

from pyoxigraph import NamedNode

from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.positions import SCOPES, Position, years_of
from digitech_kg.namespaces import DK

_TIMES = (DK.time, DK.limitedToTime)


class Relation(Enum):
    """How one scope lies to another."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    OVERLAPPING = "overlapping"
    APART = "apart"


def are_apart(first: Position, second: Position, hierarchy: Hierarchy) -> bool:
    """Whether two claims speak of different places, times or conditions."""
    return any(relate(first, second, axis, hierarchy) is Relation.APART for axis in SCOPES)


def relate(first: Position, second: Position, axis: NamedNode, hierarchy: Hierarchy) -> Relation:
    """Return how the scope of one claim on an axis lies to that of another; without one, a claim is unlimited."""
    ours, theirs = first.scope(axis), second.scope(axis)
    if ours == theirs:
        return Relation.SAME
    if not ours or not theirs:
        return Relation.NARROWER if ours else Relation.WIDER
    if axis in _TIMES:
        return _relate_times(ours, theirs)
    contained = all(any(hierarchy.is_within(one, other) for other in theirs) for one in ours)
    contains = all(any(hierarchy.is_within(other, one) for one in ours) for other in theirs)
    if contained or contains:
        return Relation.NARROWER if contained else Relation.WIDER
    meets = any(hierarchy.is_within(a, b) or hierarchy.is_within(b, a) for a in ours for b in theirs)
    return Relation.OVERLAPPING if meets else Relation.APART


def _relate_times(ours: frozenset[str], theirs: frozenset[str]) -> Relation:
    """Two times that name no year, such as two periods with names, are told apart by their names."""
    our_years, their_years = ([years_of(key) for key in keys] for keys in (ours, theirs))
    pairs = [(a, b) for a in our_years for b in their_years if a is not None and b is not None]
    if not pairs:
        return Relation.OVERLAPPING if ours & theirs else Relation.APART
    return Relation.OVERLAPPING if any(a[0] <= b[1] and b[0] <= a[1] for a, b in pairs) else Relation.APART
