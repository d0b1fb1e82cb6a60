"""Which claims of a passage are proposed as main claims, and as parts of which."""

import pytest
from pyoxigraph import RdfFormat, parse

from digitech_kg.claims.model import read_claims
from digitech_kg.parts.authoring.main_claims import propose_main_claims
from digitech_kg.sources.project import Project

from .conftest import Command

HEAD = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix id: <https://example.org/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix c: <https://example.org/claim/note/> .
@prefix s: <https://example.org/passage/note/> .
"""
FIRST = "c:first a dk:Claim ; dk:subject id:acme ; dk:predicate dk:owns ; dk:object id:bolt ; dk:statedIn s:s1 ."


def proposed(*claims: str) -> tuple[set[str], dict[str, str]]:
    """Return the main claims that are proposed, and the parts with their main claims."""
    quads = parse(HEAD + "\n".join(claims), format=RdfFormat.TURTLE)
    found = list(propose_main_claims(read_claims(quads)))

    def name(iri: str) -> str:
        return iri.rpartition("/")[2]

    mains = {name(claim.iri.value) for each in found for claim in each.mains}
    return mains, {name(part.iri.value): name(main.iri.value) for each in found for part, main in each.parts}


def other(said: str, subject: str = "id:crate", more: str = "") -> str:
    return f"c:other a dk:Claim ; dk:subject {subject} ; {said} ; dk:statedIn s:s1 {more} ."


@pytest.mark.parametrize(
    "claim",
    [
        other("dk:predicate dk:leads ; dk:object id:field", more="; dk:salience dk:minor"),
        other("dk:predicate dk:leads ; dk:object id:field", more="; dk:basis dk:encoderReading"),
        other("dk:predicate dk:leads ; dk:object id:field", more="; dk:supports c:first"),
        other("dk:predicate dk:isPartOf ; dk:object id:field"),
        other("dk:predicate dk:leads ; dk:object id:field", subject="id:bolt"),
        other("dk:predicate dk:hasCharacteristic ; dk:object id:large", subject="id:acme"),
        other("dk:predicate dk:owns ; dk:object id:nut", subject="id:acme"),
    ],
    ids=["minor", "reading", "linked", "naming", "on an end", "quality", "list"],
)
def test_what_serves_another_claim_of_the_passage_is_its_part(claim: str) -> None:
    assert proposed(FIRST, claim) == ({"first"}, {"other": "first"})


def test_two_clauses_are_two_main_claims() -> None:
    assert proposed(FIRST, other("dk:predicate dk:leads ; dk:object id:field")) == ({"first", "other"}, {})


def test_a_key_claim_is_never_a_part() -> None:
    claim = other("dk:predicate dk:isPartOf ; dk:object id:field", more="; dk:salience dk:key")
    assert proposed(FIRST, claim)[0] == {"first", "other"}


def test_a_passage_keeps_a_main_claim() -> None:
    assert proposed(other("dk:predicate dk:isPartOf ; dk:object id:field", more="; dk:salience dk:minor")) == (
        {"other"},
        {},
    )


def test_claims_that_state_something_together_belong_to_their_last_passage() -> None:
    claim = other("dk:predicate dk:leads ; dk:object id:field", more=", s:s2 ; dk:passagesStateIt dk:together")
    found = list(propose_main_claims(read_claims(parse(HEAD + FIRST + claim, format=RdfFormat.TURTLE))))
    assert [each.passage.rpartition("/")[2] for each in found] == ["s1", "s2"]


@pytest.mark.parametrize(
    "confirmed", ['c:first rdfs:comment "Acme owns Bolt."@en .', "c:part a dk:Claim ; dk:elaborates c:first ."]
)
def test_what_somebody_confirmed_is_not_proposed_again_and_can_have_parts(confirmed: str) -> None:
    claim = other("dk:predicate dk:owns ; dk:object id:nut", subject="id:acme")
    assert proposed(FIRST, confirmed, claim) == (set(), {"other": "first"})


def test_a_part_is_not_proposed() -> None:
    claim = other("dk:predicate dk:leads ; dk:object id:field", more="; dk:elaborates c:first")
    assert proposed(FIRST, claim) == (set(), {})


_CLAIMS = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix id: <https://example.org/phones/id/> .
@prefix c: <https://example.org/phones/claim/note/> . @prefix s: <https://example.org/phones/passage/note/> .
c:one a dk:Claim ; dk:subject id:acme ; dk:predicate dk:provides ; dk:object id:phone ; dk:statedIn s:p01.s01 .
c:two a dk:Claim ; dk:subject id:acme ; dk:predicate dk:provides ; dk:object id:radio ; dk:statedIn s:p01.s01 .
"""


def test_the_command_prints_parts_as_turtle_and_main_claims_as_comments(command: Command, with_note: Project) -> None:
    (with_note.root / "data/documents/note/claims.ttl").write_text(_CLAIMS, encoding="utf-8")
    result = command("document", "main-claims", "note", "--project", with_note.root)
    lines = result.stdout.splitlines()
    assert lines[0] == "# p01.s01"
    assert lines[1].startswith("# main: note-claim:one")
    assert lines[2].startswith("note-claim:two dk:elaborates note-claim:one .")
    assert result.stderr.splitlines()[-1] == "main claims: 1, parts: 1, to confirm"
