"""The table of reserves: every axis, its values, and what each does to a plain statement."""

from __future__ import annotations

import pytest

from claims.given import claim
from digitech_kg.claims import AXES, Axis, Effect
from digitech_kg.claims.reserves import BY_PROPERTY, LIMITS
from digitech_kg.namespaces import DK

#: What is weakened by any value, and by some values only.
WEAKENING = {
    "basis", "certainty", "condition", "generality", "heldBy", "limitedToField", "limitedToGroup", "limitedToPlace",
    "limitQuantifier", "limitedToTime", "limitedToViewpoint", "mood", "objectCount", "objectQuantifier", "precision",
    "subjectCount", "subjectQuantifier",
}  # fmt: skip
ADDING = {"comparedWith", "degree", "duration", "nearness", "reason", "recency", "time"}


def local(term: object) -> str:
    return str(term).rpartition("#")[2].rstrip(">")


def test_each_axis_is_a_property_of_its_own() -> None:
    assert len(BY_PROPERTY) == len(AXES)


def test_axes_weaken_add_or_do_neither() -> None:
    assert {local(axis.property) for axis in AXES if axis.effect is Effect.WEAKENING} == WEAKENING
    assert {local(axis.property) for axis in AXES if axis.effect is Effect.ADDING} == ADDING


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.name)
def test_every_value_has_the_effect_of_its_axis_or_its_own(axis: Axis) -> None:
    own = dict(axis.other)
    assert all(axis.effect_of(value) is own.get(value, axis.effect) for value in axis.values)
    assert own.keys() <= set(axis.values)


@pytest.mark.parametrize("degree", ["partly", "lesser"])
def test_less_than_the_whole_weakens(degree: str) -> None:
    assert BY_PROPERTY[DK.degree].effect_of(DK[degree]) is Effect.WEAKENING


def test_limits_are_of_five_kinds() -> None:
    assert sorted(map(local, LIMITS)) == [
        f"limitedTo{kind}" for kind in ("Field", "Group", "Place", "Time", "Viewpoint")
    ]


def test_reserves_of_a_claim_come_in_the_order_of_the_table() -> None:
    found = claim("dk:time '2021' ; dk:limitedToPlace id:norway ; dk:certainty dk:probable ; dk:salience dk:key")
    assert [local(r.axis.property) for r in found.reserves] == ["certainty", "limitedToPlace", "time", "salience"]
    assert [local(r.axis.property) for r in found.weakening] == ["certainty", "limitedToPlace"]
