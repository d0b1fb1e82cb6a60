"""Names that give away what a claim or thing lacks: a way to the state in it, somebody who is counted."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from bundled import GRAPHS, NAMES, PREFIXES
from digitech_kg.validation.naming import check_naming
from digitech_kg.validation.report import Severity

HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
HEADER += "@prefix note-claim: <https://w3id.org/digitech-kg/claim/note/> .\n"
SHARED = """
dk:Company rdfs:subClassOf dk:Organisation .
id:norway a dk:State ; rdfs:label "Norway"@en .
id:fishers a dk:Group ; rdfs:label "Norwegian fishers"@en .
id:ice a dk:Resource ; rdfs:label "ice"@en .
"""
CLAIM = "note-claim:c a dk:Claim ; dk:subject id:fishers ; dk:predicate dk:uses ; dk:object id:ice"


def told(turtle: str) -> list[str]:
    quads = [Quad(*quad.triple, GRAPHS.things) for quad in parse(HEADER + SHARED + turtle, RdfFormat.TURTLE)]
    found = check_naming(quads, NAMES)
    assert all(result.severity is Severity.WARNING for result in found)
    return [f"{result.focus_node.rpartition('/')[2]}: {result.message}" for result in found]


def test_a_name_of_a_state_that_leads_nowhere_is_told() -> None:
    (message,) = told("")
    assert message.startswith("fishers: The name has Norway in it")


@pytest.mark.parametrize(
    "way",
    [
        "id:fishers dk:isPartOf id:norway .",
        "id:fishers dk:isPartOf id:coast . id:coast dk:isPartOf id:norway .",
        "note-claim:c a dk:Claim ; dk:subject id:fishers ; dk:predicate dk:isPartOf ; dk:object id:norway .",
    ],
)
def test_a_way_of_two_steps_leads_there_by_statements_and_claims(way: str) -> None:
    assert told(way) == []


def test_three_steps_are_too_many() -> None:
    assert told("id:fishers dk:isPartOf id:a . id:a dk:isPartOf id:b . id:b dk:isPartOf id:norway .")


def test_names_of_organisations_tell_nothing() -> None:
    way = "id:fishers dk:isPartOf id:norway ."
    bank = 'id:bank a dk:Company ; rdfs:label "Bank of Norway"@en .'
    owes = (
        'note-claim:c a dk:Claim ; dk:subject id:bank ; dk:object id:ice ; rdfs:comment "Bank of Norway owns ice."@en .'
    )
    assert told(way + bank + owes) == []


def test_a_sentence_that_names_more_than_its_claim_is_told() -> None:
    way = "id:fishers dk:isPartOf id:norway . id:ice a dk:Resource ."
    strays = 'note-claim:c a dk:Claim ; dk:subject id:ice ; dk:object id:ice ; rdfs:comment "Ice melts in Norway."@en .'
    (message,) = told(way + strays)
    assert message.startswith("c: The sentence has Norway in it")


@pytest.mark.parametrize(("label", "count"), [("growth of fleets", 1), ("successes of fleets", 0)])
def test_a_growth_is_not_counted_and_successes_are(label: str, count: int) -> None:
    way = "id:fishers dk:isPartOf id:norway ."
    thing = f'id:grown a dk:Development ; rdfs:label "{label}"@en .'
    found = told(f"{way} {thing} {CLAIM.replace('id:ice', 'id:grown')} ; dk:objectQuantifier dk:many .")
    assert len(found) == count


def test_a_long_name_is_known_by_its_half() -> None:
    kingdom = 'id:uk a dk:State ; rdfs:label "Storbritannia"@nb . id:fishers dk:isPartOf id:norway .'
    assert told(kingdom + 'id:data a dk:Technology ; rdfs:label "Stordata"@nb .') == []
    assert told(kingdom + 'id:ships a dk:Group ; rdfs:label "Storbritannias skip"@nb .')
