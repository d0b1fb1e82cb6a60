"""How two claims are put differently, as reasons: one sentence for each reserve that only one of them has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import AXES, LIMITS, QUANTIFIERS, Axis, Effect
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.naming import Document, Named
from digitech_kg.comparison.opposition import denies_degree_only
from digitech_kg.comparison.positions import COUNTS, Position
from digitech_kg.comparison.reasons import SENTENCES, Reason
from digitech_kg.comparison.scopes import Relation, relate
from digitech_kg.namespaces import DK, TERMS

_LIMIT_SENTENCES = {
    DK.limitedToGroup: "limited to group",
    DK.limitedToTime: "limited to time",
    DK.limitedToViewpoint: "limited to viewpoint",
}
_OF_THE_SUBJECT = (DK.subjectQuantifier, DK.subjectCount)


def tell_differences(first: Position, second: Position, hierarchy: Hierarchy) -> Iterator[Reason]:
    """Yield what is said of one claim and not of the other on the axes that weaken, and of times that differ."""
    for ours, theirs in ((first, second), (second, first)):
        yield from tell_reserves(ours, theirs)
        if ours.rejects and not ours.holders:
            yield _reason("view disputed, holder unnamed", ours)
        if denies_degree_only(ours, theirs):
            yield _reason("degree denied", ours)
    if relate(first, second, DK.time, hierarchy) is Relation.APART:
        for position in (first, second):
            yield _reason("time", position, values=sorted(position.claim.all(DK.time), key=str))


def tell_reserves(ours: Position, theirs: Position) -> Iterator[Reason]:
    """Yield what weakens one claim and not the other."""
    for axis in AXES:
        if axis.property != DK.stance and _differs(ours, theirs, axis):
            yield from _tell(ours, axis)


def _differs(ours: Position, theirs: Position, axis: Axis) -> bool:
    if axis.property == DK.heldBy and ours.rejects != theirs.rejects:
        return True
    if axis.property == DK.heldBy and ours.ownership != theirs.ownership:
        return True
    return set(ours.claim.all(axis.property)) != set(theirs.claim.all(axis.property))


def _tell(position: Position, axis: Axis) -> Iterator[Reason]:
    found = sorted(position.claim.all(axis.property), key=str)
    values = [value for value in found if axis.effect_of(value) is Effect.WEAKENING]
    if not values:
        return
    prop = axis.property
    if prop == DK.heldBy:
        yield _reason(_view(position), position, values=values)
    elif prop in LIMITS:
        yield _reason(_LIMIT_SENTENCES.get(prop, "limited to"), position, values=values)
    elif prop == DK.condition:
        yield _reason("condition", position, values=values)
    elif prop in COUNTS:
        yield _reason("count", position, values=values, thing=_counted(position, prop))
    elif prop in QUANTIFIERS:
        for value in values:
            yield _reason(f"quantifier {_local(value)}", position, values=[value], thing=_counted(position, prop))
    else:
        for value in values:
            yield _reason(f"{axis.name} {_local(value)}", position, values=[value])


def _view(position: Position) -> str:
    if position.rejects:
        return "view disputed"
    shares = {1: "view partlyEndorsed", 2: "view endorsed"}
    return shares.get(position.ownership, "view reported")


def _counted(position: Position, prop: NamedNode) -> list[Any]:
    if prop == DK.limitQuantifier:
        return sorted((value for limit in LIMITS for value in position.claim.all(limit)), key=str)
    return [position.claim.subject if prop in _OF_THE_SUBJECT else position.claim.object]


def _reason(identifier: str, position: Position, **values: Any) -> Reason:
    """Return a sentence about a claim; for a value that the table does not have, one that only names it."""
    named = {key: [Named(value, position.document) for value in found] for key, found in values.items()}
    known = identifier if identifier in SENTENCES else "other reserve"
    return Reason(known, {"document": [Document(position.document)], **named})


def _local(value: Any) -> str:
    return str(value.value).removeprefix(TERMS)
