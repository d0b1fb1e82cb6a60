"""What a name means: never a likeness where names are short, and never a group where a body is meant."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from books import book_of
from digitech_kg.book.entities import Catalogue
from digitech_kg.matching.ranking import Entity, NameIndex
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import find_project

#: Names as they stand in tables → the thing of the bundled project that they mean for certain, or none.
_TABLE = (Path(__file__).parents[1] / "data/decisions.tsv").read_text(encoding="utf-8").splitlines()
DECISIONS = [(row["spelling"], row["id"]) for row in csv.DictReader(_TABLE, delimiter="\t")]

ORGANISATION = ("Company", "Organisation", "Agent")
INDEX = NameIndex(
    [
        Entity("acme", "Acme Paint", ("极致涂料", "ACM"), ORGANISATION, values={"headquartersCity": ("Lillehammer",)}),
        Entity("delta", "Delta Airfreight", ("Delta Group",), ORGANISATION),
        Entity("institute", "Institute of Rivers", ("Institutt for elver",), ORGANISATION),
        Entity("hong-kong", "Hong Kong", ("香港",), ("Place",)),
        Entity("networks", "networks", (), ("Sector",)),
        Entity("union", "Northern Union", ("NU",), ("Organisation", "Agent")),
        Entity("allies", "Northern Union allies", (), ("StateGroup", "Group", "Agent")),
        Entity("council", "Council of the Northern Union", (), ("OrganisationalUnit", "Organisation", "Agent")),
    ]
)


def certain(query: str) -> str | None:
    return next((c.entity.id for c in INDEX.rank(query) if c.match), None)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("ACM Inc.", "acme"),
        ("Acme Paint Pte Ltd", "acme"),
        ("Acme Paint SpA", "acme"),
        ("Acme Paint (Hong Kong) Limited", "acme"),
        ("Acme Paint Norway AS", "acme"),
        ("Lillehammer Acme Paint", "acme"),
        ("极致涂料（香港）有限公司", "acme"),
        ("Acme Paint Ltd ADR", "acme"),
        ("Acme Paint-W", "acme"),
        ("Acme Paint Inc. (NASDAQ: ACM)", "acme"),
        ("Acme Paint Class A", "acme"),
        ("极致涂料 / Acme Paint", "acme"),
        ("极致涂料 (Acme Colours)", "acme"),
        ("Institutt for elver / Institute of Rivers", "institute"),
        ("Delta Group Holdings", "delta"),
    ],
)
def test_a_name_is_known_with_what_stands_around_it(query: str, meant: str) -> None:
    assert certain(query) == meant


@pytest.mark.parametrize(
    "query",
    [
        "Acme Paint Bank",
        "China Networks",
        "Delta",
        "Acme Paint / Delta Airfreight",
        "Acme Paint / Zenith Glue",
        "Paint Norway",
        "Norway",
        "ACN",
    ],
)
def test_what_may_be_something_else_is_left_open(query: str) -> None:
    assert certain(query) is None


def test_a_name_of_two_things_is_certain_for_neither() -> None:
    found = NameIndex([Entity("a", "Acme"), Entity("b", "Beta", ("Acme",))]).rank("acme")
    assert [c.entity.id for c in found] == ["a", "b"]
    assert not any(c.match for c in found)


def test_a_near_miss_of_a_short_name_is_not_certain() -> None:
    index = NameIndex([Entity("a", "CETC")])
    assert index.rank("CETC")[0].match
    assert not index.rank("CETD")[0].match


@pytest.mark.parametrize("query", ["Northern Union", "The Northern Union", "Northern Union of States"])
def test_a_body_comes_before_its_groups_and_parts(query: str) -> None:
    assert INDEX.rank(query)[0].entity.id == "union"


def test_a_group_is_found_by_its_own_name_and_never_by_likeness_for_certain() -> None:
    assert certain("Northern Union allies") == "allies"
    assert INDEX.rank("Northern Union allied")[0].entity.id == "allies"
    assert certain("Northern Union allied") is None


@pytest.fixture(scope="module")
def bundled_names() -> NameIndex:
    project = find_project()
    return NameIndex(Catalogue(book_of(load_sources(project).quads, project.names)).entities())


@pytest.mark.parametrize(("spelling", "meant"), DECISIONS, ids=[spelling for spelling, _ in DECISIONS])
def test_a_name_in_a_table_is_decided_rightly_or_left_open(spelling: str, meant: str, bundled_names: NameIndex) -> None:
    found = next((c.entity.id for c in bundled_names.rank(spelling) if c.match), "")
    assert found == meant


def test_a_place_beside_a_state_does_not_mean_the_state() -> None:
    index = NameIndex(
        [Entity("oslo", "Oslo", types=("City", "Place")), Entity("no", "Norway", types=("State", "Agent"))]
    )
    assert not any(c.match for c in index.rank("Oslo Norway"))


def test_the_name_itself_comes_before_one_that_only_lacks_its_legal_form() -> None:
    index = NameIndex(
        [Entity("arm", "Acme Paint", (), ORGANISATION), Entity("top", "Acme Paint Group", (), ORGANISATION)]
    )
    assert [c.entity.id for c in index.rank("Acme Paint Group Co., Ltd.") if c.match] == ["top"]
