"""The index of a snapshot: sentences of claims, names of things, and entries that follow what is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from digitech_kg.claims.firmness import Firmness
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, Namespaces
from digitech_kg.search import (
    FILE_NAME,
    ClaimFilter,
    ClaimTable,
    find,
    holds_claims,
    indexed_subjects,
    update_search_index,
    write_search_index,
)
from digitech_kg.triple_store import store_of

NAMES = Namespaces("https://example.org/kg/")
THING, GRAPHS = NAMES.thing("first"), NAMES.graphs
LABEL = Quad(THING, RDFS.label, Literal("Acme Machines Ltd."), GRAPHS.things)
TWO_DOCUMENTS = Path(__file__).parents[1] / "data/two_documents.trig"


def index_of(tmp_path: Path, *quads: Quad) -> Path:
    write_search_index(tmp_path / FILE_NAME, store_of(quads), NAMES)
    return tmp_path / FILE_NAME


def found(path: Path, text: str) -> list[str]:
    return [hit.iri for hit in find(path, text)]


def named(name: str, *labels: str) -> list[Quad]:
    return [Quad(NAMES.thing(name), SKOS.altLabel, Literal(label), GRAPHS.things) for label in labels]


def test_an_old_name_is_not_found_when_it_is_replaced(tmp_path: Path) -> None:
    store, path = Store(), index_of(tmp_path, LABEL)
    assert found(path, "AcmeMachnes") == [THING.value]
    store.add(Quad(THING, RDFS.label, Literal("Zenith"), GRAPHS.things))
    update_search_index(path, store, [THING], NAMES)
    assert found(path, "Machines") == found(path, "AcmeMachnes") == []
    assert found(path, "Zennith") == [THING.value]


def test_abbreviation_is_found_as_a_word_and_takes_no_word_for_a_slip(tmp_path: Path) -> None:
    words = [
        *named("ai", "AI"),
        *named("aid", "aid"),
        *named("us", "US"),
        *named("use", "use of tools"),
        *named("5g", "5G networks"),
    ]
    path = index_of(tmp_path, *words)
    assert found(path, "AI") == [NAMES.thing("ai").value]
    assert found(path, "U.S.") == [NAMES.thing("us").value]
    assert found(path, "5G") == [NAMES.thing("5g").value]


@pytest.mark.parametrize("kind", [SKOS.altLabel, SKOS.hiddenLabel])
def test_hit_tells_by_which_name_it_was_found(kind: NamedNode, tmp_path: Path) -> None:
    path = index_of(tmp_path, LABEL, Quad(THING, kind, Literal("Apex"), GRAPHS.things))
    assert [hit.matched for hit in find(path, "apex")] == ["apex"]


def test_what_is_gone_is_not_found(tmp_path: Path) -> None:
    path = index_of(tmp_path, LABEL)
    update_search_index(path, Store(), [THING], NAMES)
    assert found(path, "Acme") == []


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return index_of(tmp_path, *parse(TWO_DOCUMENTS.read_bytes(), RdfFormat.TRIG))


def test_a_claim_is_found_by_its_sentence(documents: Path) -> None:
    hits = find(documents, "probably called")
    assert [(hit.iri, hit.kind) for hit in hits] == [(NAMES.claim("one", "star-in-oslo").value, DK.Claim.value)]


def test_kinds_are_of_any_vocabulary_and_never_of_owl(documents: Path) -> None:
    assert find(documents, "Northern Star")[0].kind == "http://vocabulary.example/ships#Vessel"
    assert find(documents, "Acme")[0].kind == DK.Company.value


def test_terms_of_any_vocabulary_are_found(documents: Path) -> None:
    assert found(documents, "vessel")[0] == "http://vocabulary.example/ships#Vessel"


def test_labels_of_passages_are_no_names(documents: Path) -> None:
    assert not any("/passage/" in iri for iri in found(documents, "sentence 1"))


def test_an_inferred_kind_is_not_shown(tmp_path: Path) -> None:
    inferred = Quad(THING, RDF.type, DK.Agent, GRAPHS.inferred("one"))
    path = index_of(tmp_path, LABEL, inferred, Quad(THING, RDF.type, DK.Company, GRAPHS.things))
    assert find(path, "acme")[0].kind == DK.Company.value


@pytest.mark.parametrize(("text", "name"), [("AI", "robots"), ("U.S.", "america")])
def test_a_short_word_is_looked_up_whole(tmp_path: Path, text: str, name: str) -> None:
    things = [
        *named("robots", "AI ethics"),
        *named("help", "aid"),
        *named("america", "US forces"),
        *named("use", "uses"),
    ]
    assert found(index_of(tmp_path, *things), text) == [NAMES.thing(name).value]


def test_what_is_of_somebody_else_is_not_in_the_index(tmp_path: Path) -> None:
    elsewhere = Quad(NamedNode("http://elsewhere.example/x"), RDFS.label, Literal("Acme"), GRAPHS.external("register"))
    assert found(index_of(tmp_path, elsewhere), "Acme") == []


def test_there_may_be_no_index(tmp_path: Path) -> None:
    assert find(tmp_path / "none", "Acme") == ()


def test_a_short_word_that_nothing_has_is_a_beginning(tmp_path: Path) -> None:
    assert found(index_of(tmp_path, *named("help", "aid")), "AI") == [NAMES.thing("help").value]


CLAIM, NOTE = NAMES.claim("note", "first"), GRAPHS.document("note")
SAID = (
    Quad(CLAIM, RDF.type, DK.Claim, NOTE),
    Quad(CLAIM, DK.statedIn, NAMES.passage("note", "p02.s10"), NOTE),
    Quad(CLAIM, DK.cue, Literal("Perhaps"), NOTE),
    Quad(CLAIM, DK.certainty, DK.possible, NOTE),
)


def claims_in(path: Path) -> ClaimTable:
    return ClaimTable.open(path, NAMES)


def test_claims_are_counted_by_how_they_are_put(tmp_path: Path) -> None:
    foreign = Quad(CLAIM, DK.mood, DK.prediction, NamedNode("https://others.example/graph"))
    table = claims_in(index_of(tmp_path, *SAID, foreign))
    (group,) = table.groups
    assert (group.document, group.firm, group.count) == ("note", Firmness("statement", "possible"), 1)
    assert table.cues("note") == {("statement", "possible"): ("perhaps",)}
    assert table.passages == {"note": 1}
    (entry,) = table.of_document("note")
    assert (entry.iri, entry.passages) == (CLAIM.value, (NAMES.passage("note", "p02.s10").value,))


def test_every_passage_of_a_claim_is_counted_and_comes_in_the_order_of_the_text(tmp_path: Path) -> None:
    earlier = Quad(CLAIM, DK.statedIn, NAMES.passage("note", "p02.s9"), NOTE)
    table = claims_in(index_of(tmp_path, *SAID, earlier))
    assert table.passages == {"note": 2}
    assert table.of_document("note")[0].passages == tuple(NAMES.passage("note", f"p02.s{n}").value for n in (9, 10))


def test_counts_follow_a_claim_that_changes_and_one_that_goes(tmp_path: Path) -> None:
    second = NAMES.claim("note", "second")
    store, path = store_of(SAID), index_of(tmp_path, *SAID)
    assert indexed_subjects([Quad(CLAIM, DK.certainty, DK.possible, NOTE)], NAMES) == {CLAIM}
    store.remove(SAID[-1])
    store.extend([Quad(second, RDF.type, DK.Claim, NOTE), Quad(second, DK.salience, DK.key, NOTE)])
    update_search_index(path, store, [CLAIM, second], NAMES)
    assert claims_in(path).page(ClaimFilter(certainty="certain"), limit=5) == [second.value, CLAIM.value]
    assert claims_in(path).page(ClaimFilter(), limit=5, offset=1) == [CLAIM.value]
    update_search_index(path, Store(), [CLAIM, second], NAMES)
    assert claims_in(path).groups == ()
    assert claims_in(path).cues() == claims_in(path).passages == {}


def test_each_document_has_its_say_before_any_has_a_second(tmp_path: Path) -> None:
    names = ("a/1", "a/2", "b/1", "c/1")
    claims = [NAMES.claim(*name.split("/")) for name in names]
    quads = [Quad(c, RDF.type, DK.Claim, GRAPHS.document(n[0])) for c, n in zip(claims, names, strict=True)]
    limit = Quad(claims[2], DK.limitedToPlace, THING, GRAPHS.document("b"))
    table = claims_in(index_of(tmp_path, *quads, limit))
    told = table.in_turn(ClaimFilter(), 3)
    assert [iri.removeprefix(NAMES.prefixes["claim"]) for iri in told] == ["a/1", "c/1", "a/2"]
    assert table.count(ClaimFilter(reserve="limit")) == 1


def test_index_of_an_older_program_has_no_claims(tmp_path: Path) -> None:
    path = index_of(tmp_path, *SAID)
    assert holds_claims(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE claim")
    assert not holds_claims(path)
