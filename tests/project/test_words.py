"""The words by which people ask for the main claims of the bundled documents."""

from collections import Counter

import pytest
from pyoxigraph import Quad, Store

from bundled import GRAPHS, PREFIXES, claim
from conftest import Server
from digitech_kg.namespaces import DK, RDF, SKOS
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

LANGUAGES = ("en", "nb", "zh-hans")
#: The claims that one question asks for at most: as many as an answer shows.
MOST_OF_ONE = 8


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> Store:
    return open_read_only(snapshot.store)


@pytest.fixture(scope="module")
def words(store: Store) -> list[Quad]:
    found = store.quads_for_pattern(None, SKOS.hiddenLabel, None, None)
    return [quad for quad in found if quad.subject.value.startswith(PREFIXES["claim"])]


def test_they_stand_apart_from_what_a_document_says(words: list[Quad]) -> None:
    assert {quad.graph_name for quad in words} == {GRAPHS.topics}


def test_each_text_is_of_one_claim(words: list[Quad]) -> None:
    assert [text for text, count in Counter(quad.object for quad in words).items() if count > 1] == []


def test_a_question_that_claims_answer_together_is_of_several_but_of_no_more_than_an_answer_shows(store: Store) -> None:
    shared = list(store.quads_for_pattern(None, DK.partlyAnswers, None, None))
    counts = Counter(quad.object for quad in shared)
    assert counts
    assert [text for text, count in counts.items() if not 1 < count <= MOST_OF_ONE] == []
    assert {quad.graph_name for quad in shared} == {GRAPHS.topics}
    assert {text.language for text in counts} == set(LANGUAGES)


def test_main_claims_have_two_in_each_language_and_parts_one_in_two(store: Store, words: list[Quad]) -> None:
    languages = Counter((quad.subject, quad.object.language) for quad in words)
    for asked in {quad.subject for quad in words}:
        assert list(store.quads_for_pattern(asked, RDF.type, DK.Claim, None)), asked
        counts = [languages[asked, language] for language in LANGUAGES]
        is_part = bool(list(store.quads_for_pattern(asked, DK.elaborates, None, None)))
        assert sum(map(bool, counts)) >= 2 if is_part else min(counts) >= 2, asked


def test_page_of_a_claim_does_not_call_it_so(server: Server, words: list[Quad]) -> None:
    name = "cryptocurrency-ban-on-transactions"
    own = [quad.object.value for quad in words if quad.subject == claim(name)]
    page = server.get(f"/page/claim/nupi-digi-tech/{name}")
    assert own
    assert "on cryptocurrency" in page.text
    assert [text for text in own if text in page.text] == []
