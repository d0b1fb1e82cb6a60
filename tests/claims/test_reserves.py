"""The table of reserves: every axis, its values, and what each does to a plain statement."""

from __future__ import annotations

import pytest

from claims.given import claim, read, shared
from digitech_kg.claims import AXES, Axis, Effect, ListedReserve, list_reserves, read_claims, read_labels
from digitech_kg.claims.reserves import BY_PROPERTY, LIMITS
from digitech_kg.namespaces import DK

#: What is weakened by any value, and by some values only.
WEAKENING = {
    "basis", "certainty", "condition", "generality", "heldBy", "limitedToField", "limitedToGroup", "limitedToPlace",
    "limitQuantifier", "limitedToTime", "limitedToViewpoint", "mood", "objectCount", "objectQuantifier", "subjectCount",
    "subjectQuantifier",
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


def listed(said: str, language: str = "en") -> list[tuple[str, str]]:
    labels = read_labels(shared())
    found = list_reserves(claim(said), lambda term: labels.text(term, language), language)
    return [(each.axis, each.text) for each in found]


def test_reserves_are_listed_by_name() -> None:
    said = 'dk:certainty dk:probable ; dk:time "2021-21"^^edtf:EDTF'
    assert listed(said) == [("certainty", "probable"), ("time", "in spring 2021")]
    assert listed(said, "nb") == [("visshet", "sannsynlig"), ("tid", "våren 2021")]


def test_listed_reserve_tells_whether_it_weakens() -> None:
    (found,) = list_reserves(claim("dk:limitedToPlace id:norway"), lambda term: local(term))
    assert isinstance(found, ListedReserve)
    assert found.effect is Effect.WEAKENING
    assert found.property == DK.limitedToPlace


def test_source_of_an_external_claim_is_its_first_reserve() -> None:
    turtle = "note-claim:c a dk:ExternalClaim ; dk:attestedBy id:register ; dk:certainty dk:probable ."
    labels = read_labels(shared())
    (external,) = read_claims(read(turtle))
    found = list_reserves(external, lambda term: labels.text(term, "en"))
    assert [(each.axis, each.text) for each in found] == [
        ("is attested by", "Company Register"),
        ("certainty", "probable"),
    ]


def test_claim_without_reserve_lists_none() -> None:
    assert listed("dk:negated true") == []
