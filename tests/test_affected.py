"""Validating what a change affects gives the verdict that validating everything gives; and both are pySHACL's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from digitech_kg.namespaces import BASE, DK, GRAPH, PREFIXES, RDF, RDFS
from digitech_kg.snapshot import Snapshot
from digitech_kg.sources import Project, load_sources
from digitech_kg.triple_store import dump, open_read_only, store_of
from digitech_kg.validation import load_shapes, validate
from digitech_kg.validation.affected import DataGraph, affected_focus_nodes, extract, validate_affected
from digitech_kg.validation.footprint import read_footprint
from soak.changes import Changer
from soak.comparing import Comparer
from soak.worlds import ontology_world, tiny_world
from test_shapes import FAULTS, build, planted
from test_shapes import VALID as VALID_DATA

_DATA = Path(__file__).parent / "data"
EX = "http://example.org/"
FILES = (_DATA / "shapes/valid.ttl", _DATA / "small_project/dataset.ttl")
HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, "": EX}.items())


VALID = HEADER + "\n".join(path.read_text(encoding="utf-8") for path in FILES)


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def shapes_of(text: str) -> bytes:
    quads = [Quad(t.subject, t.predicate, t.object) for t in parse(HEADER + text, RdfFormat.TURTLE)]
    return dump(store_of(quads), RdfFormat.N_TRIPLES, quads[0].graph_name)  # type: ignore[arg-type]


def data_of(text: str) -> DataGraph:
    return DataGraph(store_of(Quad(t.subject, t.predicate, t.object) for t in parse(HEADER + text, RdfFormat.TURTLE)))


def affected(shapes: str, data: str, changed: str) -> set[str] | None:
    """Give the local names of what a change affects."""
    quads = [Quad(t.subject, t.predicate, t.object) for t in parse(HEADER + changed, RdfFormat.TURTLE)]
    found = affected_focus_nodes(read_footprint(shapes_of(shapes)), data_of(data), quads)
    return None if found is None else {str(node).strip("<>").removeprefix(EX) for node in found}


@pytest.mark.parametrize("seed", range(3))
def test_random_changes_get_the_verdict_of_the_reference(snapshot: Snapshot, project: Project, seed: int) -> None:
    quads = list(open_read_only(snapshot.store))
    world = tiny_world(quads, project.shape_files(), VALID)
    changer, comparer = Changer(world, seed), Comparer(world)
    results = [comparer.compare(changer.change()) for _ in range(12)]
    assert [result.differences for result in results if result.differences] == []
    assert {result.conforms for result in results} == {True, False}
    assert any(result.affected is not None for result in results)


def test_random_changes_to_the_ontology_get_the_verdict_of_the_reference(snapshot: Snapshot, project: Project) -> None:
    world = ontology_world(open_read_only(snapshot.store), project.shape_files(), seed=1, of_each=1)
    changer, comparer = Changer(world, 1), Comparer(world)
    results = [comparer.compare(changer.change()) for _ in range(4)]
    assert [result.differences for result in results if result.differences] == []
    assert {result.conforms for result in results} == {True, False}


@pytest.fixture(scope="module")
def ontology(project: Project) -> list[Quad]:
    return [quad for quad in load_sources(project).quads if quad.graph_name == GRAPH.ontology]


def quads_of(ntriples: bytes) -> set[Quad]:
    return {Quad(t.subject, t.predicate, t.object) for t in parse(ntriples, RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_each_constraint_is_among_what_it_affects(name: str, ontology: list[Quad], project: Project) -> None:
    shapes = load_shapes(path for path in project.shape_files() if path.name != "ontology.ttl")
    before, after = build(VALID_DATA, ontology=ontology), planted(name, ontology=ontology)
    data = DataGraph(store_of(quads_of(after)))
    found = affected_focus_nodes(read_footprint(shapes), data, quads_of(before) ^ quads_of(after))
    assert found is not None
    results = validate(after, shapes).results
    assert results
    assert validate_affected(shapes, data, found).results == results


@pytest.mark.parametrize("rules", [True, False])
def test_what_the_shapes_of_the_project_read_is_known(project: Project, rules: bool) -> None:
    files = [path for path in project.shape_files() if (path.name == "ontology.ttl") is rules]
    footprint = read_footprint(load_shapes(files))
    assert footprint.why_unbounded is None
    assert len(footprint.readings) > 30


def test_one_claim_of_the_whole_graph_affects_few_nodes(snapshot: Snapshot, project: Project) -> None:
    shapes = load_shapes(path for path in project.shape_files() if path.name != "ontology.ttl")
    data = DataGraph(open_read_only(snapshot.store), without=GRAPH.inferred)
    claim = next(q.subject for q in data.triples(None, RDF.type, DK.Claim))
    changed = [Quad(claim, DK.stance, DK.reported, GRAPH.note)]
    found = affected_focus_nodes(read_footprint(shapes), data, changed)
    assert found is not None
    assert claim in found
    assert len(found) < 5
    report = validate_affected(shapes, data.with_quads(changed), found)
    assert [result.focus_node for result in report.results] == [claim.value]
    assert json.loads(report.to_json())["conforms"] is False


TYPED = ":S a sh:NodeShape ; sh:targetClass :Person ; "


@pytest.mark.parametrize(
    ("shapes", "data", "changed", "expected"),
    [
        (TYPED + "sh:property [ sh:path :knows ; sh:class :Person ] .", ":a :knows :b .", ":b a :Person .", {"a", "b"}),
        (TYPED + "sh:property [ sh:path ( :knows :likes ) ; sh:minCount 1 ] .", ":a :knows :b .", ":b :likes :c .", {"a"}),
        (TYPED + "sh:property [ sh:path [ sh:inversePath :knows ] ; sh:minCount 1 ] .", "", ":a :knows :b .", {"b"}),
        (TYPED + "sh:property [ sh:path [ sh:zeroOrMorePath :in ] ; sh:class :P ] .", ":a :in :b . :b :in :c .", ":c :in :d .", {"a", "b", "c"}),
        (TYPED + "sh:property [ sh:path :knows ; sh:node [ sh:property [ sh:path :age ; sh:minCount 1 ] ] ] .", ":a :knows :b .", ":b :age 7 .", {"a"}),
        (TYPED + "sh:not [ sh:property [ sh:path :age ; sh:minCount 1 ] ] .", "", ":a :age 7 .", {"a"}),
        (TYPED + "sh:property [ sh:path :from ; sh:lessThan :to ] .", "", ":a :to 7 .", {"a"}),
        (TYPED + "sh:closed true .", "", ":a :whatever 7 .", {"a"}),
        (TYPED + "sh:nodeKind sh:IRI .", "", ":a :whatever 7 .", set()),
        (":S a sh:NodeShape ; sh:targetObjectsOf :knows ; sh:nodeKind sh:IRI .", "", ":a :knows :b .", {"b"}),
        (":S a sh:NodeShape ; sh:targetSubjectsOf :knows ; sh:nodeKind sh:IRI .", "", ":a :knows :b .", {"a"}),
        (TYPED + "sh:nodeKind sh:IRI .", "", ":A rdfs:subClassOf :Person .", None),
        (TYPED + "sh:property [ sh:path :knows ; sh:js [] ] .", "", ":a :knows :b .", None),
        (TYPED + "sh:property [ sh:path [ sh:zeroOrMorePath ( :in :on ) ] ; sh:minCount 1 ] .", "", ":a :in :b .", None),
        (":S a sh:NodeShape ; sh:targetClass :P ; sh:property [ sh:path :in ; sh:node :S ] .", "", ":a :in :b .", None),
    ],
    ids=lambda value: value.removeprefix(TYPED)[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_affected_are_those_whose_shapes_see_the_change(
    shapes: str, data: str, changed: str, expected: set[str] | None
) -> None:
    assert affected(shapes, data, changed) == expected


def sparql(query: str) -> str:
    return TYPED + f'sh:sparql [ sh:select """PREFIX : <{EX}> {query}""" ] .'


@pytest.mark.parametrize(
    ("query", "data", "changed", "expected"),
    [
        ("SELECT $this { $this :knows ?b FILTER NOT EXISTS { ?b :age ?age } }", ":a :knows :b .", ":b :age 7 .", {"a"}),
        ("SELECT $this { FILTER NOT EXISTS { ?b :knows $this ; :age ?age } }", ":b :knows :a .", ":b :age 7 .", {"a"}),
        ("SELECT $this { $this :p/:q ?x OPTIONAL { ?x :r ?y } FILTER(!BOUND(?y)) }", ":a :p :b . :b :q :c .", ":c :r :d .", {"a"}),
        ("SELECT $this { { $this :p ?x } UNION { ?x :q $this } ?x :r ?y }", ":a :p :b . :b :q :c .", ":b :r :d .", None),
        ("SELECT $this { { $this :p ?x . ?x :r ?y } UNION { ?x :q $this } }", ":a :p :b . :b :q :c .", ":b :r :d .", {"a"}),
        ("SELECT $this { $this :p ?x MINUS { ?x :q ?y } }", ":a :p :b .", ":b :q :c .", {"a"}),
        ("SELECT $this { { SELECT $this (COUNT(?x) AS ?n) { ?x :p $this } GROUP BY $this } FILTER(?n < 2) }", "", ":b :p :a .", {"a"}),
        ("SELECT $this { $this :p ?x { SELECT (COUNT(?x) AS ?n) { ?x :q ?y } } }", ":a :p :b .", ":b :q :c .", None),
        ("SELECT $this { $this :p ?x . ?other :q ?y }", ":a :p :b .", ":b :q :c .", None),
        ("SELECT $this { $this :s ?s ; :p ?p . FILTER NOT EXISTS { ?s ?p ?o } }", ":a :s :b ; :p :q . :c :s :b ; :p :r .", ":b :q :d .", {"a"}),
        ("SELECT $this { $this :p ?x { ?y :q ?z FILTER EXISTS { ?x :r ?z } } }", ":a :p :b .", ":b :r :c .", None),
        ("SELECT $this { SERVICE <http://example.org/> { $this :p ?x } }", "", ":a :p :b .", None),
        ("SELECT $this WHERE { $this :p", "", ":a :p :b .", None),
    ],
)  # fmt: skip
def test_affected_by_a_query_are_those_it_can_reach_the_change_from(
    query: str, data: str, changed: str, expected: set[str] | None
) -> None:
    assert affected(sparql(query), data, changed) == expected


def test_extract_holds_what_the_shapes_see_and_no_more() -> None:
    footprint = read_footprint(shapes_of(TYPED + "sh:property [ sh:path :knows ; sh:class :Person ] ."))
    data = data_of(
        ":a a :Person ; :knows :b ; :age 7 . :b a :Person ; :knows :c . :c a :Person . :X rdfs:subClassOf :Y ."
    )
    lines = extract(footprint, data, [ex("a")]).decode().splitlines()
    assert sorted(line.replace(EX, "") for line in lines) == [
        "<X> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <Y> .",
        "<a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Person> .",
        "<a> <knows> <b> .",
        "<b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Person> .",
    ]


def test_nodes_that_are_there_by_halves_are_not_reported() -> None:
    shapes = shapes_of(TYPED + "sh:property [ sh:path :knows ; sh:class :Person ; sh:minCount 1 ] .")
    data = data_of(":a a :Person ; :knows :b . :b a :Person ; :knows :a . :c a :Person .")
    assert validate_affected(shapes, data, [ex("a")]).results == ()
    report = validate_affected(shapes, data, [ex("a"), ex("c")])
    assert [result.focus_node for result in report.results] == [EX + "c"]
    assert not report.conforms


def test_blank_nodes_are_reported_by_the_labels_that_they_have() -> None:
    shapes = shapes_of(TYPED + "sh:nodeKind sh:IRI .")
    report = validate(b"_:someone <" + RDF.type.value.encode() + b"> <" + EX.encode() + b"Person> .\n", shapes)
    assert [result.focus_node for result in report.results] == ["someone"]


def test_graph_that_shapes_do_not_see_affects_nothing() -> None:
    shapes = load_shapes_of_labels()
    quad = Quad(ex("a"), RDFS.label, Literal("x"), GRAPH.inferred)
    data = DataGraph(store_of([quad]), without=GRAPH.inferred)
    assert affected_focus_nodes(read_footprint(shapes), data, [quad]) == frozenset()
    assert BASE.encode() not in extract(read_footprint(shapes), data, [ex("a")])


def load_shapes_of_labels() -> bytes:
    return shapes_of(TYPED + "sh:property [ sh:path rdfs:label ; sh:minCount 1 ] .")


def test_many_changes_are_validated_all_together() -> None:
    footprint = read_footprint(load_shapes_of_labels())
    many = [Quad(ex(f"a{n}"), RDFS.label, Literal("x")) for n in range(1600)]
    assert affected_focus_nodes(footprint, DataGraph(store_of([])), many) is None
    assert affected_focus_nodes(footprint, DataGraph(store_of([])), many[:100]) is not None
