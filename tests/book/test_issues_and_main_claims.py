"""What a book tells of issues, positions, topics and main claims."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from digitech_kg.book import Book, ClaimFilter, write_book
from digitech_kg.namespaces import Namespaces

NAMES = Namespaces("https://example.org/kg/")
DATA = """
@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix g: <https://example.org/kg/graph/> .
@prefix id: <https://example.org/kg/id/> . @prefix c: <https://example.org/kg/claim/note/> .
@prefix issue: <https://example.org/kg/issue/> . @prefix topic: <https://example.org/kg/topic/> .
@prefix on: <https://example.org/kg/position/owner/> .
g:topics { topic:owners a skos:Concept ; skos:prefLabel "Owners"@en ; skos:broader topic:firms .
  topic:firms a skos:Concept ; skos:prefLabel "Firms"@en . }
g:issues { issue:owner a dk:Issue ; rdfs:label "The owner"@en ; dk:question "Does it own?"@en , "Eier den?"@nb ;
  dk:issueKind dk:factual ; dk:hasTopic topic:owners ; dk:affirmedBy c:main ; dk:wouldBeSettledBy "A register."@en . }
g:positions { on:note a dk:Position ; dk:onIssue issue:owner ; dk:positionOf id:note ; dk:answer dk:affirms ;
    dk:firmness dk:withReserve ; dk:restsOn c:main ; dk:bestClaim c:main ; dk:inTensionWith on:other .
  on:other a dk:Position ; dk:onIssue issue:owner ; dk:positionOf id:other ; dk:answer dk:silent ;
    dk:lookedFor "owner" . }
g:note { c:main a dk:Claim ; dk:subject id:a ; dk:predicate dk:isPartOf ; dk:object id:b ;
    dk:condition id:d , id:e .
  c:part a dk:Claim ; dk:subject id:a ; dk:predicate dk:isPartOf ; dk:object id:c ; dk:elaborates c:main . }
<https://example.org/kg/graph/note/evidence> { c:main dk:hasTopic topic:owners . c:part dk:hasTopic topic:owners . }
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("book") / "book.sqlite"
    write_book(path, parse(DATA, format=RdfFormat.TRIG), NAMES)
    return Book(path, NAMES)


def test_an_issue_has_its_question_topics_and_positions(book: Book) -> None:
    issue = book.issues["owner"]
    assert issue.question == {"en": "Does it own?", "nb": "Eier den?"}
    assert (issue.kind, issue.settled_by) == ("factual", {"en": "A register."})
    assert issue.topics == (NAMES.prefixes["topic"] + "owners",)
    assert list(issue.positions) == ["note", "other"]


def test_a_position_has_its_answer_firmness_best_claim_and_relations(book: Book) -> None:
    note, other = book.issues["owner"].positions.values()
    assert (note.answer, note.firmness, note.best) == ("affirms", "withReserve", NAMES.claim("note", "main").value)
    assert note.relations == (("inTensionWith", other.iri),)
    assert (note.conditions, note.reserve, other.conditions, other.reserve) == (2, "condition", 0, "")
    assert (other.answer, other.firmness, other.looked_for, other.claims) == ("silent", "", ("owner",), ())


def test_topics_count_main_claims_by_document(book: Book) -> None:
    assert dict(book.topics["owners"].claims) == {"note": 1}
    assert book.topics["firms"].claims == book.topics["owners"].claims, "a topic has what is on those below it"
    assert book.topics["owners"].broader == book.topics["firms"].iri


def test_parts_are_told_from_main_claims(book: Book) -> None:
    main, part = (NAMES.claim("note", name).value for name in ("main", "part"))
    assert book.find_claims(ClaimFilter(part="0")) == [main]
    assert book.count_claims(ClaimFilter(document="note", part="1")) == 1
    assert {entry.iri: entry.main for entry in book.entries(ClaimFilter(document="note"))} == {main: "", part: main}


@pytest.mark.parametrize("name", ["owners", "firms"])
def test_claims_of_a_topic_and_of_those_below_it_are_found(book: Book, name: str) -> None:
    topic = book.topics[name].iri
    assert book.count_claims(ClaimFilter(topic=topic)) == 2
    assert book.find_claims(ClaimFilter(topic=topic, part="0")) == [NAMES.claim("note", "main").value]


def test_claims_come_in_the_order_of_their_passages_and_within_them(tmp_path: Path) -> None:
    text = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix g: <https://example.org/kg/graph/> .
    @prefix c: <https://example.org/kg/claim/note/> . @prefix p: <https://example.org/kg/passage/note/> .
    g:note {
      p:s1 a dk:Sentence ; dk:orderInDocument 1 ; dk:startOffset 0 ; dk:endOffset 49 .
      p:s2 a dk:Sentence ; dk:orderInDocument 2 ; dk:startOffset 50 ; dk:endOffset 99 .
      c:a a dk:Claim ; dk:subject c:x ; dk:predicate dk:isPartOf ; dk:object c:y ; dk:statedIn p:s1 , p:s2 ;
        dk:passagesStateIt dk:together .
      c:b a dk:Claim ; dk:subject c:x ; dk:predicate dk:isPartOf ; dk:object c:y ; dk:statedIn p:s1 , p:s2 ;
        dk:orderInPassage 2 .
      c:c a dk:Claim ; dk:subject c:x ; dk:predicate dk:isPartOf ; dk:object c:y ; dk:statedIn p:s1 ;
        dk:orderInPassage 1 .
    }"""
    write_book(tmp_path / "book.sqlite", parse(text, format=RdfFormat.TRIG), NAMES)
    found = Book(tmp_path / "book.sqlite", NAMES).find_claims(ClaimFilter(), order="text")
    assert [iri.rpartition("/")[2] for iri in found] == ["c", "b", "a"]
