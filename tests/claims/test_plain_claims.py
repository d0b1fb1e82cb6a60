"""Python and SPARQL say the same of every claim: whether it may be said plainly."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.given import FACT, QUALITY, claim, read
from digitech_kg.claims.model import read_claims
from digitech_kg.claims.reserves import AXES
from digitech_kg.triple_store import store_of
from plain_patterns import AFFIRMED, PLAIN

#: Every axis with every value that it can have; any thing or text stands for those with no list.
RESERVES = [f"{axis.property} {value}" for axis in AXES for value in axis.values or ("id:thing", '"3"')]
KINDS = ("dk:Claim", "dk:ExternalClaim")
POLARITIES = ("", "dk:negated true")
EVERY = "SELECT ?claim WHERE { ?claim <https://w3id.org/digitech-kg/ontology#subject> ?subject . %s }"


def assert_agreement(texts: list[str]) -> None:
    """Check that the claims with these reserves are found plain by Python and by SPARQL alike."""
    quads = read("\n".join(f"note-claim:c{number} {text} ." for number, text in enumerate(texts)))
    claims = read_claims(quads)
    assert len(claims) == len(texts)
    store = store_of(quads)
    for query, wanted in (
        (PLAIN, {each.iri for each in claims if each.is_plain}),
        (AFFIRMED, {each.iri for each in claims if not each.is_negated}),
        (PLAIN + AFFIRMED, {each.iri for each in claims if each.is_plain and not each.is_negated}),
    ):
        assert {row["claim"] for row in store.query(EVERY % query, use_default_graph_as_union=True)} == wanted


def text(kind: str, *said: str, fact: str = FACT) -> str:
    return " ; ".join(part for part in (f"a {kind}", fact, *said) if part)


def test_one_reserve_of_each_kind() -> None:
    said = [(k, p, r) for k in KINDS for p in POLARITIES for r in ("", *RESERVES)]
    assert_agreement([text(*each, fact=fact) for fact in (FACT, QUALITY) for each in said])


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.thorough)])
def test_every_pair_of_reserves(every: int) -> None:
    assert_agreement([text("dk:Claim", *pair) for pair in list(combinations(RESERVES, 2))[::every]])


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sets(st.sampled_from([*RESERVES, "dk:negated true"]))), min_size=1)
)
def test_any_reserves_together(claims: list[tuple[str, set[str]]]) -> None:
    assert_agreement([text(kind, *sorted(said)) for kind, said in claims])


@pytest.mark.parametrize(
    "said",
    [
        "",
        "dk:negated true",
        "dk:duration dk:forYears ; dk:degree dk:heavily",
        "dk:phase dk:still ; dk:focus dk:mainly",
        "dk:negated true ; dk:reason id:peace",
    ],
)
def test_claim_that_only_adds_is_plain(said: str) -> None:
    assert claim(said).is_plain


@pytest.mark.parametrize(
    "said",
    [
        "dk:certainty dk:probable",
        "dk:degree dk:partly",
        "dk:condition id:peace",
        "dk:negated true ; dk:degree dk:heavily",
        "dk:negated true ; dk:focus dk:mainly",
    ],
)
def test_claim_that_weakens_is_not_plain(said: str) -> None:
    assert not claim(said).is_plain


@pytest.mark.parametrize("degree", ["slightly", "moderately", "greater", "lesser"])
def test_a_comparative_of_a_quality_is_not_plain(degree: str) -> None:
    assert not claim(f"dk:degree dk:{degree}", QUALITY).is_plain
    assert claim(f"dk:degree dk:{degree}").is_plain is (degree != "lesser")


def test_heavily_leaves_a_quality_plain() -> None:
    assert claim("dk:degree dk:heavily", QUALITY).is_plain


@pytest.mark.parametrize("fact", ["dk:subject id:acme ; dk:predicate dk:provides", "dk:subject id:acme , id:paint"])
def test_incomplete_claim_is_not_plain(fact: str) -> None:
    assert not claim(fact=fact).is_plain
    assert claim(fact=fact).triple is None
