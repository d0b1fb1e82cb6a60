"""HermiT judges the rules: on each construct, on a small project, and (`make soak`) on a bundled document."""

from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from bundled import BRIEF, GRAPHS, NAMES
from conftest import Workshop
from digitech_kg.namespaces import RDF, Namespaces
from digitech_kg.parts.why.explanation import Explainer
from digitech_kg.parts.why.hermit import check_with_hermit, parse
from digitech_kg.reasoning.inference import Base
from digitech_kg.reasoning.premises import select_premises
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only, store_of
from reasoning.example import EXAMPLES, fact, turtle
from small import NAMES as SMALL

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quads(snapshot: Snapshot) -> list[Quad]:
    return list(open_read_only(snapshot.store))


def part(quads: list[Quad], *graphs: NamedNode) -> list[Quad]:
    return [quad for quad in quads if quad.graph_name in graphs]


@pytest.fixture(scope="module")
def shared(quads: list[Quad]) -> list[Quad]:
    return part(quads, GRAPHS.ontology, GRAPHS.things)


@pytest.fixture(scope="module")
def brief(quads: list[Quad]) -> list[Quad]:
    return part(quads, GRAPHS.document(BRIEF), GRAPHS.statements(BRIEF), GRAPHS.evidence(BRIEF))


def test_rules_and_hermit_agree_on_each_construct(examples: tuple[Triple, ...]) -> None:
    by_hermit, by_rules = check_with_hermit(examples)
    assert by_hermit == by_rules
    assert by_hermit.consistent
    assert by_hermit.unsatisfiable == (EXAMPLES + "Empty",)


def test_value_of_a_datatype_property_that_a_class_promises_is_judged_too() -> None:
    by_hermit, by_rules = check_with_hermit(
        turtle(""":p a owl:DatatypeProperty . :q a owl:DatatypeProperty ; rdfs:subPropertyOf :p . :A a owl:Class ;
            owl:equivalentClass [ a owl:Restriction ; owl:onProperty :q ; owl:hasValue true ] . :i a :A .""")
    )
    assert by_hermit == by_rules
    assert Triple(*list(fact("i p x"))[:2], Literal(True)) in by_rules.triples


def test_what_the_rules_miss_is_named() -> None:
    by_hermit, by_rules = check_with_hermit(
        turtle(""":A a owl:Class . :B a owl:Class . :C a owl:Class ; owl:equivalentClass
            [ a owl:Class ; owl:unionOf ( :A :B ) ] . :A rdfs:subClassOf :D . :B rdfs:subClassOf :D . :D a owl:Class .
            :i a owl:NamedIndividual , :C .""")
    )
    assert set(by_hermit.triples) - set(by_rules.triples) == {fact("i a D"), fact("C rdfs:subClassOf D")}


def test_values_are_read_with_their_ends() -> None:
    text = "<urn:p> (known instances: (<urn:a>, <urn:b>)(<urn:a>, <urn:c>) | possible instances: ) \n"
    values = {(t.subject.value, t.object.value) for t in parse(text)[0]}  # type: ignore[union-attr]
    assert values == {("urn:a", "urn:b"), ("urn:a", "urn:c")}


@pytest.fixture(scope="module")
def small(built_workshop: Workshop) -> list[Quad]:
    return list(open_read_only(built_workshop.current().store))


def test_rules_and_hermit_agree_on_a_small_project(small: list[Quad]) -> None:
    graphs = SMALL.graphs
    document = (graphs.ontology, graphs.things, graphs.document("note"), *graphs.derived_of("note")[:2])
    by_hermit, by_rules = check_with_hermit(select_premises(part(small, *document)))
    assert by_hermit == by_rules
    assert by_hermit.consistent
    assert not by_hermit.unsatisfiable
    assert len(by_rules.triples) > 100


def test_every_inference_of_a_small_project_has_a_proof(small: list[Quad]) -> None:
    assert_proved(small, part(small, SMALL.graphs.inferred("note")), SMALL)


@pytest.mark.thorough
def test_rules_and_hermit_agree_on_the_bundled_document(shared: list[Quad], brief: list[Quad]) -> None:
    by_hermit, by_rules = check_with_hermit(select_premises([*shared, *brief]))
    assert by_hermit == by_rules
    assert by_hermit.consistent
    assert not by_hermit.unsatisfiable
    assert len(by_rules.triples) > 1000


def test_published_inferences_are_those_of_the_rules(quads: list[Quad], shared: list[Quad], brief: list[Quad]) -> None:
    base = Base(select_premises(shared))
    stated = {quad.triple for quad in (*shared, *brief)}
    for name, triples in (("things", base.entailments.triples), (BRIEF, base.infer(base.select(brief)).triples)):
        published = {quad.triple for quad in part(quads, GRAPHS.inferred(name))}
        assert published == set(triples) - stated


@pytest.mark.thorough
def test_every_kind_of_inference_of_the_bundled_document_has_a_proof(quads: list[Quad]) -> None:
    """One for each predicate and class that is inferred."""
    inferred = part(quads, GRAPHS.inferred(BRIEF))
    sample = {(q.predicate, q.object if q.predicate == RDF.type else ""): q for q in inferred}
    assert len(sample) > 20
    assert_proved(quads, sample.values(), NAMES)


def assert_proved(quads: list[Quad], inferred: Iterable[Quad], names: Namespaces) -> None:
    explainer = Explainer(store_of(quads), names)
    answers = {str(q.triple): explainer.why(q.triple).items for q in inferred}
    assert answers
    assert [text for text, found in answers.items() if not any(answer.items for answer in found)] == []
