"""Validating: the same results from both validators, as values, as text and as a W3C report."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import SH, Literal

from digitech_kg.namespaces import Namespaces
from digitech_kg.validation import Report, Severity, report_of, validate
from digitech_kg.validation.reference import validate_with_pyshacl
from digitech_kg.validation.report import read_report

NAMES = Namespaces("https://example.org/kg/")
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes.items())
SHAPES = """
shape:Named a sh:NodeShape ; sh:targetClass dk:Company ;
  sh:property shape:label , [ sh:path dk:order ; sh:maxCount 1 ] .
shape:label sh:path rdfs:label ; sh:minCount 1 ; sh:message "The thing has no label." .
shape:Twin a sh:NodeShape ; sh:targetClass dk:Company ; sh:property
  [ sh:path dk:order ; sh:maxCount 1 ; sh:message "The company <https://example.org/kg/id/a> is one." ] .
shape:Linked a sh:NodeShape ; sh:targetClass dk:Company ; sh:severity sh:Warning ;
  sh:nodeKind sh:BlankNode ; sh:message "A warning." .
"""
GOOD = 'id:a a dk:Place ; rdfs:label "A"@en .'
BAD = 'id:b a dk:Company ; dk:order 1 , 2 . id:a a dk:Company ; rdfs:label "A"@en .'


def triples(text: str) -> bytes:
    return serialize((q.triple for q in parse(HEAD + text, RdfFormat.TURTLE)), format=RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def report() -> Report:
    return validate(triples(BAD), triples(SHAPES), NAMES)


def test_data_that_satisfies_the_shapes_gives_no_result() -> None:
    found = validate(triples(GOOD), triples(SHAPES), NAMES)
    assert (found.conforms, found.results) == (True, ())
    assert (None, SH.conforms, Literal(True)) in found.graph


def test_results_say_where_what_and_how_bad(report: Report) -> None:
    label = next(result for result in report.results if result.path and result.path.endswith("label"))
    assert label.focus_node == NAMES.thing("b").value
    assert (label.severity, label.message) == (Severity.VIOLATION, "The thing has no label.")
    assert label.constraint == str(SH.MinCountConstraintComponent)
    assert label.source_shape == NAMES.prefixes["shape"] + "label"


def test_shapes_that_ask_for_the_same_are_all_reported(report: Report) -> None:
    assert [result.path for result in report.violations].count(NAMES.prefixes["dk"] + "order") == 2


def test_iris_in_messages_are_shortened(report: Report) -> None:
    assert "The company id:a is one." in {result.message for result in report.results}


def test_both_validators_give_the_same_results(report: Report) -> None:
    reference = validate_with_pyshacl(triples(BAD), triples(SHAPES), NAMES)
    assert {(r.focus_node, r.path, r.severity) for r in reference.results} == {
        (r.focus_node, r.path, r.severity) for r in report.results
    }


def test_warning_alone_conforms() -> None:
    found = validate(triples('id:a a dk:Company ; rdfs:label "A" .'), triples(SHAPES), NAMES)
    assert (found.conforms, found.counts()) == (True, {"warning": 1})


def test_w3c_report_says_what_the_results_say(report: Report) -> None:
    assert read_report(report.graph, NAMES).results == report.results


def test_results_of_several_validations_make_one_report_without_repeats(report: Report) -> None:
    joined = report_of([*report.results, *report.results], NAMES)
    assert joined.results == report.results


def test_text_groups_results_by_file_and_thing(report: Report) -> None:
    text = report.to_text(lambda iri: "data/things.ttl:7" if iri.endswith("/b") else None)
    assert "data/things.ttl\n  data/things.ttl:7 id:b\n" in text
    assert text.endswith("does not conform: 3 violations, 2 warnings\n")


def test_json_has_the_members_of_the_report(report: Report) -> None:
    document = json.loads(report.to_json())
    assert document["conforms"] is False
    assert set(document["results"][0]) == {"focusNode", "path", "value", "severity", "message", "sourceShape"}
