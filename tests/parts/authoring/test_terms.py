"""Finding terms, with claims to copy."""

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from digitech_kg.claims.reserves import AXES
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.parts.authoring.documents import add_document, make_project, read_files
from digitech_kg.parts.authoring.terms import Examples, VocabularyTerm, collect_terms, find_terms
from digitech_kg.sources.project import Project, find_project

from .conftest import DATA, Command

CLAIMS = """\
@prefix dk: <https://w3id.org/digitech-kg/ontology#> .
@prefix id: <https://example.org/phones/id/> .
@prefix note: <https://example.org/phones/passage/note/> .
@prefix note-claim: <https://example.org/phones/claim/note/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

id:acme
    a dk:Company ;
    rdfs:label "Acme Limited"@en ;
    skos:altLabel "Acme Telefoner"@nb ;
    skos:definition "Maker of portable phones."@en ;
.

note-claim:acme-perhaps-invests
    a dk:Claim ;
    dk:subject id:acme ;
    dk:predicate dk:investsIn ;
    dk:object id:acme ;
    dk:certainty dk:possible ;
    dk:statedIn note:p01.s01 ;
.

note-claim:acme-invests
    a dk:Claim ;
    dk:subject id:acme ;
    dk:predicate dk:investsIn ;
    dk:object id:acme ;
    rdfs:comment "Acme puts money into itself."@en ;
    dk:statedIn note:p01.s01 ;
.
"""


@pytest.fixture(scope="module")
def with_claims(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with claims, which tests leave as it is."""
    root = tmp_path_factory.mktemp("claims") / "phones"
    make_project(root, "https://example.org/phones/", ("en",))
    add_document(find_project(root), DATA / "note.txt", "note", title="Phones of Acme")
    (root / "data/documents/note/claims.ttl").write_text(CLAIMS)
    return find_project(root)


@cache
def quads_in(root: Path) -> list[Quad]:
    return read_files(find_project(root))[0]


@cache
def terms_in(root: Path) -> list[VocabularyTerm]:
    return collect_terms(quads_in(root), find_project(root).names)


def search(project: Project, text: str, kind: str | None = None) -> list[VocabularyTerm]:
    return find_terms(terms_in(project.root), text, kind=kind)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Acme Limited", None, "id:acme"),
        ("acme limitde", None, "id:acme"),
        ("acme telefoner", None, "id:acme"),
        ("portable phones", None, "id:acme"),
        ("invests in", None, "dk:investsIn"),
        ("investsIn", None, "dk:investsIn"),
        ("ownrship kind", "predicate", "dk:hasOwnershipKind"),
        ("company", "class", "dk:Company"),
        ("possible", None, "dk:possible"),
        ("certainty", "reserve", "dk:certainty"),
        ("about", "reserve", "dk:approximate"),
        ("eierskapstype", "class", "dk:OwnershipKind"),
        ("phones limited", None, "id:acme"),
        ("located country", "predicate", "dk:isLocatedIn"),
        ("comapny sector", "predicate", "dk:isInSector"),
        ("dk:investsIn", None, "dk:investsIn"),
        ("dk:invstsIn", None, "dk:investsIn"),
    ],
)
def test_terms_are_found_by_names_and_words_of_definitions(
    with_claims: Project, text: str, kind: str | None, name: str
) -> None:
    assert with_claims.names.shorten(search(with_claims, text, kind)[0].iri.value) == name


def test_a_text_of_which_no_term_has_all_words_finds_those_with_some(with_claims: Project) -> None:
    found = [term.short for term in search(with_claims, "zeppelin ownership", "predicate")]
    assert found == ["dk:hasOwnershipKind"]


def test_the_beginning_of_a_short_name_finds_all_names_that_begin_so(with_claims: Project) -> None:
    found = [term.short for term in find_terms(terms_in(with_claims.root), "dk:has", kind="predicate")]
    assert {"dk:has", "dk:hasOwner", "dk:hasOwnershipKind"} <= set(found)
    assert [name for name in found if not name.startswith("dk:has")] == []


@pytest.mark.parametrize(
    ("word", "reserve"), [("may", "dk:possible"), ("should", "dk:norm"), ("likely", "dk:probable")]
)
def test_a_word_of_a_text_finds_the_reserve_that_it_shows(with_claims: Project, word: str, reserve: str) -> None:
    assert reserve in [with_claims.names.shorten(hit.iri.value) for hit in search(with_claims, word)]


def test_every_reserve_can_be_found(with_claims: Project) -> None:
    found = {term.iri for term in terms_in(with_claims.root)}
    assert {axis.property for axis in AXES} | {value for axis in AXES for value in axis.values} <= found


def test_what_claims_and_passages_are_made_of_is_no_predicate(with_claims: Project) -> None:
    kinds = {term.iri.value.rpartition("#")[2]: term.kind for term in terms_in(with_claims.root)}
    assert "statedIn" not in kinds and "textHash" not in kinds
    assert kinds["investsIn"] == "predicate"


def test_a_predicate_says_what_it_is_used_with(with_claims: Project) -> None:
    term = search(with_claims, "has ownership kind")[0]
    assert [with_claims.names.shorten(iri) for iri in term.range] == ["dk:OwnershipKind"]


def examples_of(project: Project, text: str, limit: int = 2) -> list[str]:
    return Examples(quads_in(project.root), project.names).of(search(project, text)[0], limit)


def test_a_plain_claim_is_the_first_example(with_claims: Project) -> None:
    first, second = examples_of(with_claims, "invests in")
    assert first.startswith("note-claim:acme-invests\n    a dk:Claim ;")
    assert "dk:certainty dk:possible" in second


@pytest.mark.parametrize("text", ["invests in", "company", "possible", "acme"])
def test_an_example_is_turtle_to_copy(with_claims: Project, text: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in with_claims.names.prefixes.items())
    blocks = examples_of(with_claims, text)
    assert blocks
    for block in blocks:
        assert list(parse(prefixes + block, RdfFormat.TURTLE))


def test_an_example_has_only_what_the_graph_of_its_document_says(with_claims: Project) -> None:
    names, claim = with_claims.names, with_claims.names.claim("note", "acme-invests")
    word = Quad(claim, SKOS.hiddenLabel, Literal("buys shares", language="en"), names.graphs.topics)
    answer = Quad(claim, DK.partlyAnswers, NamedNode(f"{names.base}issue/shares"), names.graphs.issues)
    term = search(with_claims, "invests in")[0]
    (block,) = Examples([*quads_in(with_claims.root), word, answer], names).of(term, 1)
    assert block.startswith("note-claim:acme-invests\n    a dk:Claim ;")
    assert [line for line in block.splitlines() if "shares" in line] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("aims at", "dk:predicate dk:aimsAt ;\n            dk:object id:… ;  # dk:"),
        ("city", "dk:subject id:… ;  # dk:City\n"),
        ("doubtful", "dk:certainty dk:doubtful ;\n            dk:statedIn …:… ;\n        ."),
        ("page count", 'dk:value "…"^^xsd:integer ;'),
        ("affirmed by", "…:… dk:affirmedBy …-claim:… ."),
    ],
)
def test_a_term_that_no_claim_uses_has_a_block_to_fill_in(
    with_claims: Project, command: Command, text: str, line: str
) -> None:
    result = command("terms", text, "--limit", 1, "--project", with_claims.root)
    assert result.exit_code == 0
    assert line in result.stdout


def test_what_is_left_out_of_a_long_list_is_told(with_claims: Project, command: Command) -> None:
    result = command("terms", "dk:has", "--limit", 2, "--project", with_claims.root)
    assert re.search(r"2 of \d+ are shown\. --limit shows more\.", result.stderr)


def test_a_faulty_draft_is_told_and_left_out(with_note: Project, command: Command) -> None:
    (with_note.root / "data/documents/note/draft.ttl").write_text("note:x a ")
    result = command("terms", "invests", "--project", with_note.root)
    assert result.exit_code == 0
    assert "left out data/documents/note/draft.ttl" in result.stderr
    assert "dk:investsIn" in result.stdout


def test_a_word_that_puts_a_claim_leads_to_its_reserve(with_claims: Project, command: Command) -> None:
    result = command("terms", "recommends", "--project", with_claims.root)
    assert "“recommends” in a text shows advice: dk:mood dk:recommendation or dk:norm." in result.stderr


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("thing", "describe it in data/things/"),
        ("predicate", '"A term of your own" in the guide (digitech-kg document guide)'),
    ],
)
def test_nothing_found_is_status_1(with_claims: Project, command: Command, kind: str, hint: str) -> None:
    result = command("terms", "qqqqqqqqxxxx", "--kind", kind, "--project", with_claims.root)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"Nothing is called like 'qqqqqqqqxxxx'. List all: digitech-kg terms --kind {kind}. " in result.stderr
    assert hint in result.stderr


@pytest.mark.parametrize(
    ("typed", "named", "never"),
    [("harm", "isRiskTo", "has"), ("may", "possible", ""), ("lacks", "hasShortcomingIn", "endorses")],
)
def test_a_word_is_no_slip_of_another_word(with_claims: Project, typed: str, named: str, never: str) -> None:
    found = [hit.iri.value.rpartition("#")[2] for hit in search(with_claims, typed)]
    assert named in found
    assert never not in found
    assert found[0] != "many"
