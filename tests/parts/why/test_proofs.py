"""Every inference has a proof: smallest sets of axioms and assertions, each enough by itself."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from digitech_kg.namespaces import OWL
from digitech_kg.parts.why.proofs import contradictions, justify
from digitech_kg.reasoning.inference import infer
from digitech_kg.reasoning.premises import Leaf, select_premises
from digitech_kg.reasoning.theory import Theory
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
    return bool(justify(Theory.of(triples_of(leaves, premises)), triple, limit=1).sets)


def test_all_that_follows_has_a_justification(theory: Theory, examples: tuple[Triple, ...]) -> None:
    assert not [str(t) for t in infer(examples).triples if not justify(theory, t, limit=1).sets]


@pytest.mark.parametrize("text", SAMPLE)
def test_each_justification_alone_entails_and_needs_all_it_names(
    text: str, theory: Theory, examples: tuple[Triple, ...]
) -> None:
    found = justify(theory, fact(text), limit=10)
    assert found.sets
    for leaves in found.sets:
        assert follows([theory.leaf(n) for n in leaves], examples, fact(text))
        for left_out in leaves:
            assert not follows([theory.leaf(n) for n in leaves - {left_out}], examples, fact(text))


@pytest.mark.parametrize("text", SAMPLE)
def test_triple_vanishes_when_every_justification_is_broken(
    text: str, theory: Theory, examples: tuple[Triple, ...]
) -> None:
    found = justify(theory, fact(text), limit=50)
    assert found.complete
    broken: set[int] = set()
    for leaves in found.sets:
        if not leaves & broken:
            broken.add(min(leaves))
    kept = [theory.leaf(number) for number in range(len(theory.leaves)) if number not in broken]
    assert not follows(kept, examples, fact(text))


def test_what_does_not_follow_has_no_justification(theory: Theory) -> None:
    assert justify(theory, fact("f a Top"), limit=5).sets == ()


def test_proof_may_need_that_another_thing_is_in_a_complement() -> None:
    premises = turtle(""":p a owl:ObjectProperty .
        :A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom [ owl:complementOf :B ] ] .
        :B owl:disjointWith :C . :i :p :j . :j a :C .""")
    found = justify(Theory.of(premises), fact("i a A"), limit=5)
    assert len(found.sets) == 1
    assert fact("j a C") in {t for n in found.sets[0] for t in Theory.of(premises).leaf(n).triples}


def test_leaves_of_a_document_are_numbered_after_those_that_documents_share() -> None:
    shared = Theory.of(turtle(":A rdfs:subClassOf :B ."))
    both = shared.with_more([fact("i a A")])
    assert both is not None
    (leaves,) = justify(both, fact("i a B"), limit=5).sets
    assert {both.leaf(n).kind for n in leaves} == {"subClassOf", "assertion"}


def test_each_contradiction_is_one_by_itself_and_without_one_member_none_is_left() -> None:
    premises = turtle(":A owl:disjointWith :B . :i a :A , :B , :C . :C rdfs:subClassOf :B . :j a :A , :C .")
    theory = Theory.of(premises)
    found = contradictions(theory, limit=10)
    assert (len(found.sets), found.complete) == (3, True)
    for leaves in found.sets:
        assert contradictions(Theory.of(triples_of([theory.leaf(n) for n in leaves], premises)), limit=1).sets
        for left_out in leaves:
            rest = triples_of([theory.leaf(n) for n in leaves - {left_out}], premises)
            assert not contradictions(Theory.of(rest), limit=1).sets


def test_what_follows_from_a_document_has_a_justification(stated: list[Quad]) -> None:
    premises = select_premises(q for q in stated if "other" not in str(q.graph_name))
    theory = Theory.of(premises)
    found = infer(premises).triples
    assert found
    assert not [str(t) for t in found if not justify(theory, t, limit=1).sets]
