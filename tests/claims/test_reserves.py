"""The table of reserves: every axis, its values, and what each does to a plain statement."""

import re
from pathlib import Path

import pytest

from claims.given import claim, ontology
from digitech_kg.claims.model import KINDS, LEVELS, OTHER_LEVEL, firmness_of
from digitech_kg.claims.reserves import AXES, BY_PROPERTY, CERTAINTIES, LIMITS, Axis, Effect
from digitech_kg.namespaces import DK, OWL, RDF, RDFS
from digitech_kg.web.reading import sentences
from digitech_kg.web.reading.sentences import certainty_words, kinds
from stored_site import open_site

DOCS = Path(__file__).parents[2] / "docs" / "claims.md"
GUIDE = Path(__file__).parents[2] / "data" / "README.md"
SHAPES = Path(__file__).parents[2] / "shapes" / "claims.ttl"
WITH_VALUES = [axis for axis in AXES if axis.values]

#: What is weakened by any value, and by some values only.
WEAKENING = {
    "basis", "certainty", "condition", "generality", "heldBy", "limitedToField", "limitedToGroup", "limitedToPlace",
    "limitQuantifier", "limitedToTime", "limitedToViewpoint", "mood", "objectCount", "objectQuantifier", "otherReading",
    "precision", "subjectCount", "subjectQuantifier",
}  # fmt: skip
ADDING = {"comparedWith", "degree", "duration", "focus", "nearness", "phase", "reason", "recency", "time"}


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


def individuals_of(axis: Axis) -> set[object]:
    """Return the individuals of the class that is the range of an axis' property in the ontology."""
    quads = ontology()
    (kind,) = (q.object for q in quads if q.subject == axis.property and q.predicate == RDFS.range)
    return {q.subject for q in quads if q.predicate == RDF.type and q.object == kind}


def documented_values() -> dict[str, set[str]]:
    """Return the values that the table of docs/claims.md names, by the local name of the property."""
    found: dict[str, set[str]] = {}
    for first, second in re.findall(r"^\| (`dk:[^|]*) \| ([^|]*) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE):
        for name in re.findall(r"`dk:(\w+)`", first):
            found.setdefault(name, set()).update(re.findall(r"`(\w+)`", second))
    return found


@pytest.mark.parametrize("axis", WITH_VALUES, ids=lambda axis: axis.name)
def test_the_ontology_has_the_values_of_the_table(axis: Axis) -> None:
    assert individuals_of(axis) == set(axis.values)


@pytest.mark.parametrize("axis", WITH_VALUES, ids=lambda axis: axis.name)
def test_the_values_of_an_axis_are_told_to_differ(axis: Axis) -> None:
    quads = ontology()
    lists = {q.subject: q.object for q in quads if q.predicate == OWL.distinctMembers}
    firsts = {q.subject: q.object for q in quads if q.predicate == RDF.first}
    rests = {q.subject: q.object for q in quads if q.predicate == RDF.rest}
    told = []
    for head in lists.values():
        members = set()
        while head != RDF.nil:
            members.add(firsts[head])
            head = rests[head]
        told.append(members)
    assert any(set(axis.values) <= members for members in told)


def test_the_shapes_name_the_values_that_they_ask_for() -> None:
    messages = SHAPES.read_text(encoding="utf-8")
    told = dict(re.findall(r'sh:message "dk:(\w+) is one of ([^:]+(?::\w[^:]*)*): choose', messages))
    asked = [axis for axis in WITH_VALUES if local(axis.property) in told]
    assert len(asked) > 10
    for axis in asked:
        assert set(re.findall(r"dk:(\w+)", told[local(axis.property)])) == set(map(local, axis.values)), axis.name


def test_the_docs_have_every_axis_and_value() -> None:
    documented = documented_values()
    assert documented.keys() == {local(axis.property) for axis in AXES}
    wrong = {
        axis.name: documented[local(axis.property)] ^ set(map(local, axis.values))
        for axis in WITH_VALUES
        if documented[local(axis.property)] != set(map(local, axis.values))
    }
    assert wrong == {}


@pytest.mark.parametrize("axis", WITH_VALUES, ids=lambda axis: axis.name)
def test_the_guide_for_authors_has_every_value(axis: Axis) -> None:
    rows = [row for row in GUIDE.read_text(encoding="utf-8").splitlines() if f"`dk:{local(axis.property)}`" in row]
    told = {name for row in rows for name in re.findall(r"dk:(\w+)", row)}
    assert set(map(local, axis.values)) <= told


def test_levels_are_the_certainties_and_each_has_words_and_a_mark(tmp_path: Path) -> None:
    assert ("certain", *map(local, reversed(CERTAINTIES))) == LEVELS
    with open_site(tmp_path).test_request_context("/?lang=nb"):
        assert len({certainty_words(level) for level in LEVELS}) == len(LEVELS)
        assert certainty_words("nearlyCertain") == "Nearly certain"


def test_a_mood_without_words_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_site(tmp_path).test_request_context("/"):
        assert {*KINDS, "denial"} == set(kinds())
        monkeypatch.setattr(sentences, "KINDS", (*KINDS, "openOffer"))
        assert kinds()["openOffer"] == ("Open offer", "Open offer", "", "")


def test_a_certainty_that_is_not_on_the_axis_is_not_certain() -> None:
    assert firmness_of(claim("dk:certainty dk:unheardOf")).certainty == OTHER_LEVEL


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
