"""A document that contradicts itself is explained by the axioms and claims in conflict."""

import tomllib
from dataclasses import replace
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.parts.why.explanation import explain_inconsistency
from digitech_kg.reasoning.inference import contradiction
from reasoning.example import DATA, NAMES, fact

FAULTS = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))["fault"]


def planted(fault: dict[str, Any], stated: list[Quad]) -> list[Quad]:
    prefixes = {**NAMES.prefixes, "note": f"{NAMES.base}passage/note/", "note-claim": f"{NAMES.base}claim/note/"}
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    added = []
    for name in ("note", "note/statements", "note/evidence"):
        text = fault.get(name, "")
        added += [Quad(*q.triple, NAMES.graphs[name]) for q in parse(head + text, RdfFormat.TURTLE)]
    return [*stated, *added]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_planted_contradiction_is_explained(fault: dict[str, Any], stated: list[Quad]) -> None:
    message = explain_inconsistency(planted(fault, stated), NAMES).message
    assert message.startswith("the document note (“a note”) contradicts itself: these can't all be true\n")
    for name in fault["names"]:
        assert name in message


def test_documents_that_contradict_each_other_are_no_conflict(stated: list[Quad]) -> None:
    assert "itself" not in explain_inconsistency(stated, NAMES).message


def test_conflict_in_what_documents_share_is_told_once(stated: list[Quad]) -> None:
    quads = [*stated, Quad(*fact("id:acme a dk:State"), NAMES.graphs.things)]
    message = explain_inconsistency(quads, NAMES).message
    assert message.count("contradicts itself") == 1
    assert message.startswith("what all documents share")
    assert "“company” disjointWith “state”" in message


def test_contradiction_beyond_the_rules_is_told_without_its_members() -> None:
    """A union both of whose sides are excluded: only a reasoner that tries both sees it."""
    head = "@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    text = """:A a owl:Class ; owl:disjointWith :B , :C . :B a owl:Class . :C a owl:Class .
        :i a owl:NamedIndividual , :A , [ a owl:Class ; owl:unionOf ( :B :C ) ] ."""
    quads = [Quad(*q.triple, NAMES.graphs.ontology) for q in parse(head + text, RdfFormat.TURTLE)]
    assert explain_inconsistency(quads, NAMES).message == "the statements and axioms contradict each other"


def test_without_the_part_the_core_refuses_and_says_what_is_switched_off(stated: list[Quad]) -> None:
    names = replace(NAMES, parts_off=("why",))
    error = contradiction(stated, names)
    assert "[parts]" in (error.hint or "")
    assert contradiction(planted(FAULTS[0], stated), NAMES).message.startswith("the document note")
