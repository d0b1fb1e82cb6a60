"""Claims that may belong on an issue: those under its topics that it doesn't list."""

import pytest
from pyoxigraph import RdfFormat, parse

from books import book_of
from digitech_kg.book import Book
from digitech_kg.cli.asking import find_issue, propose_claims
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import Namespaces

NAMES = Namespaces("https://example.org/kg/")
DATA = """
@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix g: <https://example.org/kg/graph/> .
@prefix id: <https://example.org/kg/id/> . @prefix c: <https://example.org/kg/claim/note/> .
@prefix m: <https://example.org/kg/claim/memo/> . @prefix s: <https://example.org/kg/passage/note/> .
@prefix issue: <https://example.org/kg/issue/> . @prefix topic: <https://example.org/kg/topic/> .
g:topics { topic:owners a skos:Concept ; skos:broader topic:firms .
  topic:firms a skos:Concept ; skos:prefLabel "Firms"@en .
  topic:paint a skos:Concept . }
g:issues { issue:owner a dk:Issue ; dk:question "Does it own?"@en ; dk:hasTopic topic:firms ; dk:deniedBy c:listed . }
g:note { c:main a dk:Claim ; dk:subject id:a ; dk:predicate dk:owns ; dk:object id:b .
  c:apart a dk:Claim ; dk:subject id:a ; dk:predicate dk:owns ; dk:object id:c ; dk:elaborates c:main .
  c:listed a dk:Claim ; dk:subject id:a ; dk:predicate dk:owns ; dk:object id:d .
  c:paint a dk:Claim ; dk:subject id:a ; dk:predicate dk:owns ; dk:object id:e . s:s1 a dk:Sentence . }
g:memo { m:main a dk:Claim ; dk:subject id:a ; dk:predicate dk:owns ; dk:object id:b .
  <https://example.org/kg/passage/memo/s1> a dk:Sentence . }
<https://example.org/kg/graph/note/evidence> { c:main dk:hasTopic topic:owners ; dk:sentence "It owns."@en .
  c:apart dk:hasTopic topic:owners . c:listed dk:hasTopic topic:owners . c:paint dk:hasTopic topic:paint . }
<https://example.org/kg/graph/memo/evidence> { m:main dk:hasTopic topic:firms . }
"""


@pytest.fixture(scope="module")
def book() -> Book:
    return book_of(parse(DATA, format=RdfFormat.TRIG), NAMES)


def proposed(book: Book, document: str = "") -> list[str]:
    found = propose_claims(book, find_issue(book, "owner"), document=document)
    return [NAMES.shorten(entry.iri) for entry, _ in found]


def test_main_claims_under_the_topics_of_an_issue_come_before_parts(book: Book) -> None:
    assert proposed(book) == ["claim:memo/main", "claim:note/main", "claim:note/apart"]


def test_only_claims_of_the_document_that_is_named_are_proposed(book: Book) -> None:
    assert proposed(book, "memo") == ["claim:memo/main"]


def test_a_proposed_claim_comes_with_its_sentence(book: Book) -> None:
    found = propose_claims(book, find_issue(book, "issue:owner"), document="note")
    assert found[0][1] == "It owns."


def test_an_unknown_issue_is_answered_with_one_that_is_spelt_alike(book: Book) -> None:
    with pytest.raises(NotFound) as raised:
        find_issue(book, "ownr")
    assert (raised.value.hint or "").startswith("Did you mean: owner? ")
