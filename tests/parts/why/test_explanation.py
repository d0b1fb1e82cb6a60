"""Why a triple holds, document by document, down to claims and passages."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from digitech_kg.errors import CallError
from digitech_kg.parts.why.explanation import Explainer, parse_triple, why_text
from reasoning.example import NAMES, fact


@pytest.fixture(scope="module")
def explainer(dataset: list[Quad]) -> Explainer:
    return Explainer(dataset, NAMES)


def test_each_document_gives_its_own_answer(explainer: Explainer) -> None:
    why = explainer.why(fact("id:acme dk:isOwnedBy id:land"))
    assert why.status == "stated"
    assert [(answer.document, answer.status) for answer in why.answers] == [("other", "stated"), ("note", "denied")]


def test_stated_fact_names_its_claim_and_passage(explainer: Explainer) -> None:
    (answer, _) = explainer.why(fact("id:acme dk:isOwnedBy id:land")).answers
    assert [claim.name for claim in answer.claims] == ["claim:other/acme-owned"]
    assert [passage.page for passage in answer.claims[0].passages] == ["7"]


def test_inference_of_one_document_rests_on_its_claims_alone(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("id:acme a dk:NotStateOwned")).answers
    assert (answer.document, answer.title, answer.status) == ("note", "a note", "entailed")
    claims = [claim for reason in answer.proof for claim in reason.claims]
    assert [(claim.document, claim.negated) for claim in claims] == [("note", True)]
    assert claims[0].passages[0].label == "p. 1, sentence 1"


def test_assertion_without_a_claim_names_the_passages_that_describe_the_thing(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("id:acme a dk:NotStateOwned")).answers
    passages = [passage.name for reason in answer.proof for passage in reason.passages]
    assert passages == [NAMES.shorten(NAMES.passage("note", "s01").value)]


def test_what_needs_no_document_is_explained_without_one(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("dk:NotStateOwned rdfs:subClassOf dk:Company")).answers
    assert (answer.document, answer.status) == ("", "entailed")


def test_claim_with_a_reserve_is_told_with_its_reserves(explainer: Explainer) -> None:
    why = explainer.why(fact("id:acme dk:isRivalOf id:land"))
    (answer,) = why.answers
    assert (why.status, answer.status, answer.document) == ("not entailed", "reserved", "note")
    assert answer.claims[0].reserves == (("certainty", "probable"),)


def test_unknown_thing_is_said_to_be_unknown(explainer: Explainer) -> None:
    why = explainer.why(fact("id:nobody a dk:Company"))
    assert (why.status, why.unknown) == ("not entailed", ("id:nobody",))
    assert why.note == "Nothing is known of id:nobody."


def test_text_for_a_terminal_names_document_axioms_claims_and_passages(explainer: Explainer) -> None:
    text = why_text(explainer.why(fact("id:acme a dk:NotStateOwned")))
    for said in (
        "id:acme rdf:type dk:NotStateOwned: entailed",
        "Entailed in note (“a note”)",
        "denial: It is denied that Acme is owned by the Land",
        "claim:note/acme-not-owned (negated): No state owns Acme.",
        "stated in passage:note/s01 (p. 1, sentence 1)",
        "axiom: “company that is not state-owned” equivalentClass (“company” and not (",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("id:<b>", "a", "dk:C"), "cannot read 'id:<b>'"),
        (("acme", "a", "dk:C"), "cannot read 'acme'"),
        (("id:a", "a", '"x" . <urn:a> <urn:b> "c"'), "cannot read the literal"),
        (("id:a", "a", '"open'), "cannot read the literal"),
    ],
)
def test_triple_that_cannot_be_read_is_an_error(parts: tuple[str, str, str], words: str) -> None:
    with pytest.raises(CallError, match=words):
        parse_triple(*parts, NAMES)
