"""Why a triple holds, document by document, down to claims and passages."""

import pytest
from pyoxigraph import Literal, Quad

from digitech_kg.errors import CallError
from digitech_kg.namespaces import DK
from digitech_kg.parts.why.explanation import Explainer, Item, parse_triple, why_text
from digitech_kg.triple_store import store_of
from reasoning.example import NAMES, fact


@pytest.fixture(scope="module")
def explainer(dataset: list[Quad]) -> Explainer:
    return Explainer(store_of(dataset), NAMES)


def below(item: Item, kind: str) -> list[Item]:
    """Return the items of a kind in a tree."""
    return [found for part in item.items for found in ([part] if part.kind == kind else below(part, kind))]


def test_each_document_gives_its_own_answer(explainer: Explainer) -> None:
    why = explainer.why(fact("id:acme dk:isOwnedBy id:land"))
    assert why.kind == "stated"
    assert [(answer.text, answer.kind) for answer in why.items] == [("other", "stated"), ("a note", "denied")]


def test_stated_fact_names_its_claim_and_passage(explainer: Explainer) -> None:
    (answer, _) = explainer.why(fact("id:acme dk:isOwnedBy id:land")).items
    (claim,) = answer.items
    assert (claim.kind, claim.about) == ("claim", NAMES.claim("other", "acme-owned").value)
    assert [passage.kind for passage in claim.items] == ["stated in"]


def test_inference_of_one_document_rests_on_its_claims_alone(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("id:acme a dk:NotStateOwned")).items
    assert (answer.about, answer.text, answer.kind) == (NAMES.thing("note").value, "a note", "entailed")
    (claim,) = below(answer, "claim")
    assert claim.about.startswith(NAMES.claim("note", "").value)
    assert claim.notes == ("denial",)
    assert claim.items[0].text == "p. 1, sentence 1"


def test_assertion_without_a_claim_names_the_passages_that_describe_the_thing(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("id:acme a dk:NotStateOwned")).items
    assert [passage.about for passage in below(answer, "described in")] == [NAMES.passage("note", "s01").value]


def test_what_needs_no_document_is_explained_without_one(explainer: Explainer) -> None:
    (answer,) = explainer.why(fact("dk:NotStateOwned rdfs:subClassOf dk:Company")).items
    assert (answer.about, answer.kind) == ("", "entailed")


def test_claim_with_a_reserve_is_told_with_its_reserves(explainer: Explainer) -> None:
    why = explainer.why(fact("id:acme dk:isRivalOf id:land"))
    (answer,) = why.items
    assert (why.kind, answer.kind, answer.text) == ("not entailed", "reserved", "a note")
    assert answer.items[0].notes == ("certainty: probable",)


def test_reserve_that_is_a_literal_is_told_by_its_value(dataset: list[Quad]) -> None:
    (claim,) = {q.subject for q in dataset if (q.predicate, q.object) == (DK.certainty, DK.probable)}
    store = store_of([*dataset, Quad(claim, DK.time, Literal("2021"), NAMES.graphs.document("note"))])
    (answer,) = Explainer(store, NAMES).why(fact("id:acme dk:isRivalOf id:land")).items
    assert "time: 2021" in answer.items[0].notes


def test_unknown_thing_is_said_to_be_unknown(explainer: Explainer) -> None:
    why = explainer.why(fact("id:nobody a dk:Company"))
    assert (why.kind, why.notes) == ("not entailed", ("id:nobody",))
    assert "Nothing is known of id:nobody." in why_text(why, NAMES)


def test_text_for_a_terminal_names_document_axioms_claims_and_passages(explainer: Explainer) -> None:
    text = why_text(explainer.why(fact("id:acme a dk:NotStateOwned")), NAMES)
    for said in (
        "id:acme rdf:type dk:NotStateOwned: entailed",
        "entailed in id:note: a note",
        "denial: It is denied that Acme is owned by the Land",
        "claim claim:note/acme-not-owned (denial): No state owns Acme.",
        "stated in passage:note/s01: p. 1, sentence 1",
        "axiom: “company that is not state-owned” equivalentClass (“company” and not (",
    ):
        assert said in text


@pytest.mark.parametrize("value", ['"2020"', "222", "-0.5"])
def test_an_object_may_be_a_text_or_a_number(value: str) -> None:
    assert isinstance(parse_triple("id:acme", "dk:employs", value, NAMES).object, Literal)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("id:<b>", "a", "dk:C"), "cannot read id:<b> a dk:C"),
        (("acme", "a", "dk:C"), "cannot read acme a dk:C"),
        (("id:a", "a", '"x" . <urn:a> <urn:b> "c"'), "cannot read"),
        (("id:a", "a", '"open'), "cannot read"),
    ],
)
def test_triple_that_cannot_be_read_is_an_error(parts: tuple[str, str, str], words: str) -> None:
    with pytest.raises(CallError, match=words):
        parse_triple(*parts, NAMES)
