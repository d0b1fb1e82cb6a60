"""Each constraint of the shapes has a fault planted for it, and is found by both validators with its own message."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from rdflib import SH, Graph, URIRef

from bundled import GRAPHS, NAMES, PREFIXES, triples_of
from digitech_kg.claims import derive, read_labels, read_sentence_patterns
from digitech_kg.description import describe_queries
from digitech_kg.errors import SourceError
from digitech_kg.sources import Project, SavedQuery, load_sources
from digitech_kg.validation import Report, load_shapes, validate
from digitech_kg.validation.reference import check_shapes, validate_with_pyshacl

DATA = Path(__file__).parent / "data/shapes"
VALID = (DATA / "valid.ttl").read_text(encoding="utf-8")
DATASET = (DATA / "dataset.ttl").read_text(encoding="utf-8")
QUESTION = SavedQuery("q", "Is it so?", "Yes or no.", ("t",), "ASK {}")

#: By the name of the constraint: what is replaced in the valid data, and by what.
FAULTS: dict[str, dict[str, str]] = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))


def build(valid: str, dataset: str = DATASET, question: SavedQuery = QUESTION, *, ontology: list[Quad]) -> bytes:
    quads = [*ontology]
    for text, graph in ((valid, GRAPHS["note"]), (dataset, GRAPHS.catalog)):
        header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        quads += [Quad(q.subject, q.predicate, q.object, graph) for q in parse(header + text, RdfFormat.TURTLE)]
    quads += derive(quads, "note", NAMES, read_sentence_patterns(quads), read_labels(quads))
    quads += describe_queries([question], NAMES)
    return triples_of(quads)


def planted(name: str, *, ontology: list[Quad]) -> bytes:
    old, new = FAULTS[name].get("replace", ""), FAULTS[name].get("with", "")
    if name == "SavedQuestion-description":
        data = build(VALID, ontology=ontology)
        lines = data.splitlines(keepends=True)
        return b"".join(x for x in lines if not (b"/query/q>" in x and b"dc/terms/description" in x))
    if name.startswith("SavedQuestion"):
        return build(VALID, question=SavedQuery("q", new, "d", ("t",), "ASK {}"), ontology=ontology)
    if name.startswith("Dataset"):
        assert old in DATASET
        return build(VALID, DATASET.replace(old, new), ontology=ontology)
    assert old in VALID
    return build(VALID.replace(old, new, 1) if old else VALID + new, ontology=ontology)


@pytest.fixture(scope="module")
def ontology(project: Project) -> list[Quad]:
    return [quad for quad in load_sources(project).quads if quad.graph_name == GRAPHS.ontology]


@pytest.fixture(scope="module")
def shapes(project: Project) -> bytes:
    return load_shapes(path for path in project.shape_files() if path.name != "ontology.ttl")


@pytest.fixture(scope="module")
def messages(shapes: bytes) -> dict[str, str]:
    graph = Graph().parse(data=shapes, format="nt")
    named = {s: str(o) for s, o in graph.subject_objects(SH.message) if isinstance(s, URIRef)}
    return {s.removeprefix(PREFIXES["shape"]): text for s, text in named.items()}


def has_message(report: Report, message: str) -> bool:
    pattern = re.sub(r"\\\{\\\?\w+\\\}", ".*", re.escape(message))
    return any(re.search(pattern, result.message) for result in report.results)


def found_in(report: Report) -> set[tuple[str, str | None, str]]:
    """What was found where; blank nodes have no name that two validators share."""
    nodes = {r: r.focus_node if "://" in r.focus_node else "_" for r in report.results}
    return {(node, r.path, r.message) for r, node in nodes.items()}


def test_valid_data_gives_no_result(ontology: list[Quad], shapes: bytes) -> None:
    assert validate(build(VALID, ontology=ontology), shapes, NAMES).results == ()


def test_annotations_of_axioms_without_our_terms_are_not_judged(ontology: list[Quad], shapes: bytes) -> None:
    about = "owl:annotatedSource <x:a> ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget <x:b>"
    data = build(f'{VALID} [] a owl:Axiom ; {about} ; rdfs:comment "As usual." .', ontology=ontology)
    assert validate(data, shapes, NAMES).results == ()


def test_every_constraint_with_a_message_has_a_planted_fault(messages: dict[str, str]) -> None:
    assert messages
    assert set(messages) == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_found_with_its_message(
    name: str, ontology: list[Quad], shapes: bytes, messages: dict[str, str]
) -> None:
    report = validate(planted(name, ontology=ontology), shapes, NAMES)
    assert has_message(report, messages[name]), report.to_text()


# The reference takes a second for each, so every fourth fault stands for its neighbours; the SHACL suite does the rest.
@pytest.mark.parametrize("name", list(FAULTS)[::4])
def test_both_validators_agree_on_the_planted_fault(name: str, ontology: list[Quad], shapes: bytes) -> None:
    data = planted(name, ontology=ontology)
    fast, reference = validate(data, shapes, NAMES), validate_with_pyshacl(data, shapes, NAMES)
    assert fast.results
    assert found_in(fast) == found_in(reference)


@pytest.mark.parametrize("value", ['"3"', '"3"^^xsd:date', '"many"^^xsd:integer', "2.5", "true", "id:acme"])
@pytest.mark.parametrize("term", ["startOffset"])
def test_both_validators_agree_on_numbers_that_are_none(
    term: str, value: str, ontology: list[Quad], shapes: bytes
) -> None:
    data = build(re.sub(rf"dk:{term} \d+", f"dk:{term} {value}", VALID), ontology=ontology)
    fast, reference = validate(data, shapes, NAMES), validate_with_pyshacl(data, shapes, NAMES)
    assert fast.results
    assert found_in(fast) == found_in(reference)


def test_shapes_are_well_formed(shapes: bytes) -> None:
    assert check_shapes(shapes) is None


def test_malformed_shapes_are_found() -> None:
    broken = f'<{PREFIXES["shape"]}X> <{SH.minCount}> "one" ; a <{SH.PropertyShape}> .'
    data = b"".join(str(t).encode() + b" .\n" for t in parse(broken, RdfFormat.TURTLE))
    assert check_shapes(data) is not None


def test_shapes_use_no_datatype_that_a_store_rewrites(shapes: bytes) -> None:
    """The store turns derived integers into xsd:integer, so a constraint on one would always be violated."""
    graph = Graph().parse(data=shapes, format="nt")
    allowed = {"string", "boolean", "integer", "decimal", "date", "langString", "EDTF"}
    assert {re.split("[#/]", str(o))[-1] for o in graph.objects(None, SH.datatype)} <= allowed


def test_no_shapes_at_all_is_an_error() -> None:
    with pytest.raises(SourceError):
        load_shapes([])
