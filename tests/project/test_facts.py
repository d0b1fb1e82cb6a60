"""What a reader of the brief expects to find in the graph, and what must not be there.

`tests/data/facts/` was written from the text: each fact with its passage, and with every reserve that keeps it from
being a plain one. A value `*` stands for any.
"""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from bundled import BRIEF, GRAPHS, passage, thing
from conftest import ROOT
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import BY_PROPERTY
from digitech_kg.namespaces import DK, RDF
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

FOLDER = ROOT / "tests/data/facts"
#: The short names of reserves in the files.
RESERVES = {
    "subject": DK.subjectQuantifier,
    "object": DK.objectQuantifier,
    "limit": DK.limitQuantifier,
    "place": DK.limitedToPlace,
    "field": DK.limitedToField,
    "group": DK.limitedToGroup,
    "time": DK.limitedToTime,
    "view": DK.limitedToViewpoint,
    "holder": DK.heldBy,
    "if": DK.condition,
    "than": DK.comparedWith,
    "near": DK.nearness,
    "open": DK.listIsOpen,
}


def read(name: str) -> list[dict[str, str]]:
    with Path(FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


FACTS, ABSENT = read("facts.tsv"), read("absent.tsv")


def term(text: str) -> NamedNode | str:
    """Return a thing, a term of the ontology, or the text of a literal."""
    if text.startswith('"'):
        return text.strip('"')
    return DK[text.removeprefix("dk:")] if text.startswith("dk:") else thing(text)


def is_meant(value: object, text: str) -> bool:
    return text == "*" or (value.value if isinstance(value, Literal) else value) == term(text)


Claims = dict[tuple[object, object], list[Claim]]


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> Store:
    return open_read_only(snapshot.store)


@pytest.fixture(scope="module")
def claims(store: Store) -> Claims:
    """The claims of the brief by subject and predicate."""
    found = read_claims(store.quads_for_pattern(None, None, None, GRAPHS.document(BRIEF)))
    key = lambda claim: (str(claim.subject), str(claim.predicate))  # noqa: E731
    return {name: list(group) for name, group in groupby(sorted(found, key=key), key)}


def of_fact(fact: dict[str, str], claims: Claims) -> Iterator[Claim]:
    for claim in claims.get((str(thing(fact["subject"])), str(DK[fact["predicate"]])), []):
        if is_meant(claim.object, fact["object"]) and passage(fact["passage"]) in claim.all(DK.statedIn):
            yield claim


def expected(fact: dict[str, str]) -> set[tuple[str, str]]:
    """Return the reserves of a fact as pairs of property and value."""
    said = [word.partition("=") for word in fact["reserves"].split() if word != "not"]
    return {(RESERVES.get(name, DK[name]).value.rpartition("#")[2], value) for name, _, value in said}


def pairs(claim: Claim, names: set[str]) -> set[tuple[str, str]]:
    """Return what weakens a claim, and its values of some more properties."""
    weakening = {(reserve.axis.property, reserve.value) for reserve in claim.weakening}
    more = {(DK[name], value) for name in names for value in claim.all(DK[name])}
    held = DK.heldBy.value.rpartition("#")[2]
    told = {
        (prop.value.rpartition("#")[2], value.value.replace("#", "/").rpartition("/")[2])
        for prop, value in weakening | more
    }
    # How else the words can be read is said in a sentence.
    told = {(prop, "*" if prop == "otherReading" else value) for prop, value in told}
    return told | {(held, "*") for prop, _ in told if prop == held}


def matches(claim: Claim, fact: dict[str, str]) -> bool:
    wanted = expected(fact)
    told = pairs(claim, {name for name, _ in wanted})
    if ("heldBy", "*") in wanted:
        told = {pair for pair in told if pair[0] != "heldBy" or pair[1] == "*"}
    else:
        told.discard(("heldBy", "*"))
    return claim.is_negated == ("not" in fact["reserves"].split()) and told == wanted


def test_the_lists_are_long_enough() -> None:
    assert len(FACTS) >= 200
    assert len(ABSENT) >= 20
    assert {name for fact in FACTS for name, _ in expected(fact)} <= {
        *(prop.value.rpartition("#")[2] for prop in BY_PROPERTY),
        "listIsOpen",
    }


def test_every_fact_is_found_with_its_reserves(claims: Claims) -> None:
    missing = {}
    for fact in FACTS:
        found = list(of_fact(fact, claims))
        if not any(matches(claim, fact) for claim in found):
            missing[f"{fact['id']} in {fact['passage']}: {fact['reserves']}"] = [
                (claim.iri.value.rpartition("/")[2], claim.is_negated, pairs(claim, set())) for claim in found
            ]
    assert missing == {}


def test_what_the_brief_does_not_say_is_no_plain_fact(store: Store) -> None:
    graphs = (GRAPHS.statements(BRIEF), GRAPHS.things, GRAPHS.document(BRIEF))
    for fact in ABSENT:
        value = None if fact["object"] == "*" else term(fact["object"])
        asked = (thing(fact["subject"]), DK[fact["predicate"]], value)
        stated = [quad for graph in graphs for quad in store.quads_for_pattern(*asked, graph)]
        assert not stated, (fact["id"], fact["why"])


def test_a_plain_fact_would_be_found(store: Store) -> None:
    """The tests of what is absent look where plain facts are."""
    quads = store.quads_for_pattern(thing("huawei"), DK.isInSector, thing("networks"), GRAPHS.statements(BRIEF))
    assert len(list(quads)) == 1


def test_claims_with_a_reserve_are_those_that_are_no_plain_fact(store: Store) -> None:
    graphs = [GRAPHS.document(name) for name in GRAPHS.documents_among(store.named_graphs())]
    claims = [claim for graph in graphs for claim in read_claims(store.quads_for_pattern(None, None, None, graph))]
    members = {quad.subject for quad in store.quads_for_pattern(None, RDF.type, DK.ReservedClaim, None)}
    assert members == {claim.iri for claim in claims if claim.is_complete and not claim.is_plain}
