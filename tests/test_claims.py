"""From claims to statements: only what is asserted without reserve becomes a plain fact."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.claims import derive_statements, measure_coverage
from digitech_kg.namespaces import GRAPH, OWL

PREFIXES = """
@prefix claim: <https://w3id.org/digitech-kg/claim/> .
@prefix dk: <https://w3id.org/digitech-kg/ontology#> .
@prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix nupi: <https://w3id.org/digitech-kg/passage/nupi-digi-tech/> .
"""
FACT = "dk:subject id:a ; dk:predicate dk:isPartOf ; dk:object id:b"


def derive(turtle: str) -> list[Quad]:
    return list(derive_statements(parse(PREFIXES + turtle, RdfFormat.TURTLE)))


def statements(quads: list[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.graph_name == GRAPH.statements]


def test_asserted_claim_becomes_a_statement_annotated_with_the_claim() -> None:
    quads = derive(f"claim:c a dk:Claim ; {FACT} ; dk:certainty dk:asserted .")
    (statement,) = statements(quads)
    assert str(statement.object) == "<https://w3id.org/digitech-kg/id/b>"
    evidence = {(q.predicate.value.split("#")[1], str(q.object)) for q in quads if q.graph_name == GRAPH.evidence}
    assert ("evidence", "<https://w3id.org/digitech-kg/claim/c>") in evidence
    assert ("annotatedTarget", "<https://w3id.org/digitech-kg/id/b>") in evidence


def test_two_claims_of_one_statement_share_its_annotation() -> None:
    text = f"a dk:Claim ; {FACT} ; dk:certainty dk:asserted"
    quads = derive(f"claim:c {text} . claim:d {text} .")
    assert len(statements(quads)) == 1
    assert sum(q.object == OWL.Axiom for q in quads) == 1
    assert sum(q.predicate.value.endswith("#evidence") for q in quads) == 2


def test_negated_claim_becomes_a_negative_assertion_and_no_statement() -> None:
    quads = derive(f"claim:c a dk:Claim ; {FACT} ; dk:negated true ; dk:certainty dk:asserted .")
    assert not statements(quads)
    assert sum(q.object == OWL.NegativePropertyAssertion for q in quads) == 1
    assert any(q.predicate == OWL.targetIndividual for q in quads)


def test_negated_literal_uses_target_value() -> None:
    claim = 'claim:c a dk:Claim ; dk:subject id:a ; dk:predicate dk:email ; dk:value "x" ; dk:negated true'
    assert any(q.predicate == OWL.targetValue for q in derive(claim + " ; dk:certainty dk:asserted ."))


@pytest.mark.parametrize(
    "reserve",
    [
        "dk:certainty dk:hedged",
        "dk:certainty dk:possible",
        "dk:certainty dk:predicted",
        "dk:certainty dk:recommended",
        "dk:certainty dk:conditional",
        "dk:certainty dk:asserted ; dk:heldBy id:many-observers",
        "dk:certainty dk:asserted ; dk:quantifier dk:many",
        "dk:certainty dk:asserted ; dk:limitedTo id:europe",
        "dk:certainty dk:asserted ; dk:certainty dk:hedged",
    ],
)
@pytest.mark.parametrize("negation", ["", " ; dk:negated true"])
def test_claim_with_a_reserve_stays_a_claim(reserve: str, negation: str) -> None:
    assert derive(f"claim:c a dk:Claim ; {FACT} ; {reserve}{negation} .") == []


def test_external_claim_never_becomes_a_statement() -> None:
    assert derive(f"claim:c a dk:ExternalClaim ; {FACT} ; dk:certainty dk:asserted .") == []


def test_claim_without_object_gives_nothing() -> None:
    claim = "claim:c a dk:Claim ; dk:subject id:a ; dk:predicate dk:isPartOf ; dk:certainty dk:asserted ."
    assert derive(claim) == []


def test_derivation_does_not_depend_on_the_order_of_quads() -> None:
    second = "dk:subject id:c ; dk:predicate dk:has ; dk:object id:d"
    text = " ".join(
        f"claim:{n} a dk:Claim ; {fact} ; dk:certainty dk:asserted ." for n, fact in (("c", FACT), ("d", second))
    )
    quads = list(parse(PREFIXES + text, RdfFormat.TURTLE))
    assert list(derive_statements(quads)) == list(derive_statements(quads[::-1]))


def test_claim_that_stands_in_two_graphs_is_one_claim() -> None:
    quads = list(parse(f"{PREFIXES}claim:c a dk:Claim ; {FACT} ; dk:certainty dk:asserted .", RdfFormat.TURTLE))
    again = [Quad(q.subject, q.predicate, q.object, NamedNode("https://example.org/g")) for q in quads]
    assert set(derive_statements([*quads, *again])) == set(derive_statements(quads)) != set()


def test_order_that_is_no_number_is_none() -> None:
    coverage = measure_coverage(parse(f'{PREFIXES}nupi:s1 a dk:Sentence ; dk:order "first" .', RdfFormat.TURTLE))
    assert list(coverage.claims) == ["https://w3id.org/digitech-kg/passage/nupi-digi-tech/s1"]


def test_coverage_counts_claims_things_and_repeats() -> None:
    turtle = """
    nupi:s1 a dk:Sentence ; dk:order 1 . nupi:s2 a dk:Sentence ; dk:order 2 ; dk:repeatsPassage nupi:s1 .
    nupi:s3 a dk:TableCell ; dk:order 3 . nupi:s4 a dk:Sentence ; dk:order 4 . nupi:p1 a dk:Paragraph .
    claim:c dk:statedIn nupi:s1 . id:x dk:describedIn nupi:s3 .
    """
    coverage = measure_coverage(parse(PREFIXES + turtle, RdfFormat.TURTLE))
    assert [p.rsplit("/", 1)[1] for p in coverage.claims] == ["s1", "s2", "s3", "s4"]
    assert [p.rsplit("/", 1)[1] for p in coverage.uncovered] == ["s4"]
