"""Every inference has a proof: axioms and assertions that are enough, and all needed."""

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from digitech_kg.namespaces import OWL
from digitech_kg.parts.why.explanation import find_contradiction, prove
from digitech_kg.reasoning.inference import Base, Theory
from digitech_kg.reasoning.premises import Leaf, select_premises
from reasoning.example import fact, turtle

SAMPLE = ["k a Top", "i a ReachesE", "e a NoFirst", "h first j", "a a Either", "StepsToC rdfs:subClassOf ReachesE"]


@pytest.fixture(scope="module")
def theory(examples: tuple[Triple, ...]) -> Theory:
    return Theory.of(examples)


def triples_of(leaves: Iterable[Leaf], premises: Iterable[Triple]) -> tuple[Triple, ...]:
    """The triples of some leaves with all declarations, so that the rules can read them alone."""
    declared = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    kept = {triple for leaf in leaves for triple in leaf.triples}
    kept |= {t for t in premises if t.object in declared and isinstance(t.subject, NamedNode)}
    return tuple(sorted(kept, key=str))


def follows(leaves: Iterable[Leaf], premises: tuple[Triple, ...], triple: Triple) -> bool:
    return prove(Theory.of(triples_of(leaves, premises)), triple) is not None


def test_all_that_follows_has_a_proof(theory: Theory, examples: tuple[Triple, ...]) -> None:
    assert not [str(t) for t in Base(examples).entailments.triples if prove(theory, t) is None]


@pytest.mark.parametrize("text", SAMPLE)
def test_proof_entails_and_needs_all_it_names(text: str, theory: Theory, examples: tuple[Triple, ...]) -> None:
    proof = prove(theory, fact(text))
    assert proof
    assert follows([theory.leaf(n) for n in proof], examples, fact(text))
    for left_out in proof:
        assert not follows([theory.leaf(n) for n in proof - {left_out}], examples, fact(text))


def test_what_does_not_follow_has_no_proof(theory: Theory) -> None:
    assert prove(theory, fact("f a Top")) is None


def test_proof_may_need_that_another_thing_is_in_a_complement() -> None:
    premises = turtle(""":p a owl:ObjectProperty .
        :A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom [ owl:complementOf :B ] ] .
        :B owl:disjointWith :C . :i :p :j . :j a :C .""")
    theory = Theory.of(premises)
    assert fact("j a C") in {t for n in prove(theory, fact("i a A")) or () for t in theory.leaf(n).triples}


def test_leaves_of_a_document_are_numbered_after_those_that_documents_share() -> None:
    shared = Theory.of(turtle(":A rdfs:subClassOf :B ."))
    both = shared.with_more([fact("i a A")])
    assert both is not None
    assert {both.leaf(n).kind for n in prove(both, fact("i a B")) or ()} == {"subClassOf", "assertion"}


def test_contradiction_is_one_by_itself_and_without_one_member_none_is_left() -> None:
    premises = turtle(":A owl:disjointWith :B . :i a :A , :B , :C . :C rdfs:subClassOf :B . :j a :A , :C .")
    theory = Theory.of(premises)
    found = find_contradiction(theory)
    assert found
    assert find_contradiction(Theory.of(triples_of([theory.leaf(n) for n in found], premises)))
    for left_out in found:
        assert not find_contradiction(Theory.of(triples_of([theory.leaf(n) for n in found - {left_out}], premises)))


def test_what_follows_from_a_document_has_a_proof(stated: list[Quad]) -> None:
    premises = select_premises(q for q in stated if "other" not in str(q.graph_name))
    theory = Theory.of(premises)
    found = Base(premises).entailments.triples
    assert found
    assert not [str(t) for t in found if prove(theory, t) is None]
