"""Validating: the same results from both validators, as values, as text and as a W3C report."""

import json
from collections.abc import Callable

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import SH, Literal

from digitech_kg.namespaces import Namespaces
from digitech_kg.validation import with_shifty
from digitech_kg.validation.report import Report, Result, Severity, parse_ntriples, read_report, report_of
from digitech_kg.validation.with_shifty import validate
from reference import validate_with_pyshacl

NAMES = Namespaces("https://example.org/kg/")
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes.items())
SHAPES = """
shape:Named a sh:NodeShape ; sh:targetClass dk:Company ;
  sh:property shape:label , [ sh:path dk:orderInDocument ; sh:maxCount 1 ] .
shape:label sh:path rdfs:label ; sh:minCount 1 ; sh:message "The thing has no label." .
shape:Twin a sh:NodeShape ; sh:targetClass dk:Company ; sh:property
  [ sh:path dk:orderInDocument ; sh:maxCount 1 ; sh:message "The company <https://example.org/kg/id/a> is one." ] .
shape:Linked a sh:NodeShape ; sh:targetClass dk:Company ; sh:severity sh:Warning ;
  sh:nodeKind sh:BlankNode ; sh:message "A warning." .
"""
GOOD = 'id:a a dk:Place ; rdfs:label "A"@en .'
VALIDATORS = (validate, validate_with_pyshacl)
BAD = 'id:b a dk:Company ; dk:orderInDocument 1 , 2 . id:a a dk:Company ; rdfs:label "A"@en .'


def triples(text: str) -> bytes:
    return serialize((q.triple for q in parse(HEAD + text, RdfFormat.TURTLE)), format=RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def report() -> Report:
    return validate(triples(BAD), triples(SHAPES), NAMES)


def test_data_that_satisfies_the_shapes_gives_no_result() -> None:
    found = validate(triples(GOOD), triples(SHAPES), NAMES)
    assert (found.conforms, found.results) == (True, ())
    assert (None, SH.conforms, Literal(True)) in found.graph


@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_project_without_such_shapes_keeps_them(validator: Callable[..., Report]) -> None:
    assert validator(triples(BAD), b"", NAMES).results == ()


def test_results_say_where_what_and_how_bad(report: Report) -> None:
    label = next(result for result in report.results if result.path and result.path.endswith("label"))
    assert label.focus_node == NAMES.thing("b").value
    assert (label.severity, label.message) == (Severity.VIOLATION, "The thing has no label.")
    assert label.constraint == str(SH.MinCountConstraintComponent)
    assert label.source_shape == NAMES.prefixes["shape"] + "label"


def test_shapes_that_ask_for_the_same_are_all_reported(report: Report) -> None:
    assert [result.path for result in report.violations].count(NAMES.prefixes["dk"] + "orderInDocument") == 2


def test_iris_in_messages_are_shortened(report: Report) -> None:
    assert "The company id:a is one." in {result.message for result in report.results}


@pytest.mark.parametrize(
    ("shapes", "data"),
    [
        pytest.param("", BAD, id="several shapes with one target"),
        pytest.param(
            """shape:A a sh:NodeShape ; sh:targetClass dk:Company, dk:Place ; sh:property [ sh:path dk:orderInDocument ;
               sh:minCount 1 ] . shape:B a sh:NodeShape ; sh:targetClass dk:Place ;
               sh:property [ sh:path dk:orderInDocument ;
               sh:minCount 1 ] .""",
            "id:a a dk:Company . id:b a dk:Place .",
            id="targets that overlap",
        ),
        pytest.param(
            "shape:Listed a sh:NodeShape ; sh:targetObjectsOf dk:orderInDocument ; sh:nodeKind sh:IRI .",
            'id:a dk:orderInDocument id:b, [], "said: \\"twice\\""@en .',
            id="blank nodes and literals",
        ),
        pytest.param(
            """dk:Place a sh:NodeShape, rdfs:Class ; sh:property shape:label .
               shape:Place a sh:NodeShape ; sh:targetClass dk:Place ; sh:property [ sh:path rdfs:label ;
               sh:minCount 1 ] .""",
            'id:a a dk:Place . id:b a dk:Place ; rdfs:label "B" .',
            id="a class that is a shape",
        ),
    ],
)
def test_both_validators_give_the_same_results(shapes: str, data: str) -> None:
    mine, theirs = (validator(triples(data), triples(SHAPES + shapes), NAMES).results for validator in VALIDATORS)
    assert [_place(result) for result in mine] == [_place(result) for result in theirs]


def _place(result: Result) -> tuple[str, str | None, Severity]:
    """Return what both validators say alike: they give blank nodes names of their own."""
    node = result.focus_node
    return node if ":" in node else "a blank node", result.path, result.severity


@pytest.mark.parametrize("name", ["b", "_:b"])
def test_data_is_read_again_only_to_keep_the_names_of_blank_nodes_at_fault(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(with_shifty, "parse_ntriples", lambda data: read.append(data) or parse_ntriples(data))
    faulty = NAMES.thing("b")
    data = triples(BAD) if name == "b" else triples(BAD).replace(str(faulty).encode(), name.encode())
    found = validate(data, triples(SHAPES), NAMES).violations
    assert {result.focus_node for result in found} == {faulty.value if name == "b" else "b"}
    assert (data in read) == (name == "_:b")


def test_warning_alone_conforms() -> None:
    found = validate(triples('id:a a dk:Company ; rdfs:label "A" .'), triples(SHAPES), NAMES)
    assert (found.conforms, found.counts()) == (True, {"warning": 1})


def test_w3c_report_says_what_the_results_say(report: Report) -> None:
    assert read_report(report.graph, NAMES).results == report.results


def test_results_of_several_validations_make_one_report_without_repeats(report: Report) -> None:
    joined = report_of([*report.results, *report.results], NAMES)
    assert joined.results == report.results


def test_text_groups_results_by_file_and_thing(report: Report) -> None:
    text = report.to_text(lambda iri, *_: "data/things.ttl:7" if iri.endswith("/b") else None)
    assert "data/things.ttl\n  data/things.ttl:7 id:b\n" in text
    assert text.endswith("does not conform: 3 violations, 2 warnings\n")


def test_text_of_what_no_file_says_names_no_files(report: Report) -> None:
    assert report.to_text().startswith("  id:")


def test_json_has_the_members_of_the_report(report: Report) -> None:
    document = json.loads(report.to_json())
    assert document["conforms"] is False
    assert set(document["results"][0]) == {"focusNode", "path", "value", "severity", "message", "sourceShape"}


def test_what_two_constraints_say_with_the_same_words_is_told_once() -> None:
    said = 'sh:path dk:time ; sh:pattern "^[0-9]" ; sh:datatype xsd:date ; sh:message "No date."'
    shape = f"shape:Dated a sh:NodeShape ; sh:targetClass dk:Company ; sh:property shape:time . shape:time {said} ."
    found = validate(triples('id:b a dk:Company ; dk:time "spring" .'), triples(shape), NAMES)
    assert [result.message for result in report_of(found.results, NAMES).results] == ["No date."]
