"""From claims to statements: only what is said without a weakening reserve becomes a plain fact."""

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from claims.given import FACT, NAMES, derived, labels, patterns, read
from digitech_kg.claims.derivation import derive, label_external_claims, state_external_claims
from digitech_kg.claims.labels import QuadLabels
from digitech_kg.namespaces import DK, OWL, RDFS

STATEMENTS, EVIDENCE = NAMES.graphs.statements("note"), NAMES.graphs.evidence("note")
CLAIM = f"note-claim:c a dk:Claim ; {FACT}"


def statements(quads: list[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.graph_name == STATEMENTS]


def nodes(quads: list[Quad], kind: NamedNode) -> list[BlankNode]:
    return [quad.subject for quad in quads if quad.object == kind]


def test_plain_claim_gives_a_statement_annotated_with_the_claim() -> None:
    quads = derived(CLAIM + " .")
    (statement,) = statements(quads)
    assert str(statement.object) == "<https://example.org/kg/id/paint>"
    (node,) = nodes(quads, OWL.Axiom)
    said = {quad.predicate: quad.object for quad in quads if quad.subject == node}
    assert said[OWL.annotatedSource] == NAMES.thing("acme")
    assert said[OWL.annotatedProperty] == DK.provides
    assert said[OWL.annotatedTarget] == NAMES.thing("paint")
    assert said[DK.evidence] == NAMES.claim("note", "c")


def test_two_claims_of_one_statement_share_its_annotation() -> None:
    quads = derived(f"{CLAIM} . note-claim:d a dk:Claim ; {FACT} .")
    assert len(statements(quads)) == len(nodes(quads, OWL.Axiom)) == 1
    assert sum(quad.predicate == DK.evidence for quad in quads) == 2


def test_negated_claim_gives_a_negative_assertion_and_no_statement() -> None:
    quads = derived(CLAIM + " ; dk:negated true .")
    assert not statements(quads)
    assert len(nodes(quads, OWL.NegativePropertyAssertion)) == 1
    assert any(quad.predicate == OWL.targetIndividual for quad in quads)


def test_negated_literal_is_a_target_value() -> None:
    fact = 'dk:subject id:acme ; dk:predicate dk:email ; dk:value "x" ; dk:negated true'
    assert any(quad.predicate == OWL.targetValue for quad in derived(f"note-claim:c a dk:Claim ; {fact} ."))


@pytest.mark.parametrize("negation", ["", " ; dk:negated true"], ids=["affirmed", "denied"])
@pytest.mark.parametrize("reserve", ["dk:certainty dk:probable", "dk:heldBy id:critic", "dk:limitedToPlace id:norway"])
def test_claim_that_weakens_stays_a_claim(reserve: str, negation: str) -> None:
    assert {quad.predicate for quad in derived(f"{CLAIM} ; {reserve}{negation} .")} == {DK.sentence, RDFS.label}


def test_claim_that_adds_gives_the_statement() -> None:
    assert len(statements(derived(CLAIM + " ; dk:degree dk:heavily ; dk:duration dk:forManyYears ."))) == 1


def test_external_claim_gives_no_statement() -> None:
    assert not statements(derived(f"note-claim:c a dk:ExternalClaim ; {FACT} ."))


def test_incomplete_claim_gives_nothing() -> None:
    assert derived("note-claim:c a dk:Claim ; dk:subject id:acme ; dk:predicate dk:provides .") == []


def test_only_the_graph_of_the_document_counts() -> None:
    other = read(CLAIM + " .", NAMES.graphs.document("other"))
    assert derive(other, "note", NAMES, patterns(), QuadLabels({})) == []


def test_node_of_a_statement_depends_on_the_document() -> None:
    here = nodes(derived(CLAIM + " ."), OWL.Axiom)
    quads = read(CLAIM + " .", NAMES.graphs.document("other"))
    there = nodes(derive(quads, "other", NAMES, patterns(), QuadLabels({})), OWL.Axiom)
    assert here != there
    assert here == nodes(derived(CLAIM + " ."), OWL.Axiom)


def test_result_does_not_depend_on_the_order_of_quads() -> None:
    second = "dk:subject id:acme ; dk:predicate dk:has ; dk:object id:paint"
    said = "dk:heldBy id:critic , id:observers ; dk:limitedToPlace id:norway , id:sweden"
    quads = read(f"{CLAIM} . note-claim:d a dk:Claim ; {second} . note-claim:e a dk:Claim ; {second} ; {said} .")
    quads += read("note:s1 a dk:Sentence ; dk:orderInDocument 1 . note:s2 a dk:Sentence ; dk:orderInDocument 2 .")
    expected = derive(quads, "note", NAMES, patterns(), QuadLabels({}))
    for turned in (quads[::-1], quads[1::2] + quads[::2]):
        assert derive(turned, "note", NAMES, patterns(), QuadLabels({})) == expected


def test_each_claim_has_its_sentence_in_the_languages_that_have_words() -> None:
    found = {(q.object.language, q.object.value) for q in derived(CLAIM + " .") if q.predicate == DK.sentence}  # type: ignore[union-attr]
    assert found == {("en", "Acme provides paint."), ("nb", "Acme leverer maling.")}


def test_its_only_author_agrees_with_a_view_that_a_document_endorses() -> None:
    said = " ; dk:heldBy id:critic ; dk:stance dk:endorsed . id:note <http://purl.org/dc/terms/creator> id:rival ."
    found = {q.object.value for q in derived(CLAIM + said) if q.predicate == DK.sentence}  # type: ignore[union-attr]
    assert "The critic says that Acme provides paint, and Emca agrees." in found


def test_what_comes_after_the_document_is_not_told_in_the_past() -> None:
    said = " ; dk:time '2040'^^edtf:EDTF . id:note <http://purl.org/dc/terms/issued> '2025-03-14'^^xsd:date ."
    found = {q.object.value for q in derived(CLAIM + said) if q.predicate == DK.sentence}  # type: ignore[union-attr]
    assert found == {"Acme provides paint in 2040.", "Acme leverer maling i 2040."}


@pytest.mark.parametrize(
    ("time", "sentence", "is_stated"),
    [
        ("2019/2040", "Acme provides paint from 2019 to 2040.", True),
        ("2019/", "Acme has provided paint since 2019.", True),
        ("2019/2021", "Acme provided paint from 2019 to 2021.", False),
    ],
)
def test_a_fact_from_outside_is_over_if_it_ended_before_it_was_read(time: str, sentence: str, is_stated: bool) -> None:
    said = f'note-claim:c a dk:ExternalClaim ; {FACT} ; dk:time "{time}"^^edtf:EDTF .'
    quads = read(f"{said} id:list dk:retrievedOn '2026-11-01'^^xsd:date .", NAMES.graphs.external("register"))
    told = label_external_claims(quads, NAMES, patterns(), labels())
    assert sentence in {quad.object.value for quad in told}  # type: ignore[union-attr]
    assert bool(state_external_claims(quads, NAMES)) is is_stated


def test_sentences_and_names_of_passages_are_evidence() -> None:
    quads = derived(f"{CLAIM} . note:s1 a dk:Sentence ; dk:pageLabel '2' ; dk:orderInDocument 1 .")
    assert {q.graph_name for q in quads if q.predicate in (DK.sentence, RDFS.label)} == {EVIDENCE}
