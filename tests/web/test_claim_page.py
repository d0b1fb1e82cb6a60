"""The page of a claim of somebody's view that two passages of a document without a source state together."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from digitech_kg.namespaces import DCTERMS, DK, XSD
from reading import main_of, words
from stored_site import NAMES, open_service, open_site

CLAIM, GRAPH = NAMES.claim("report", "board-on-bricks"), NAMES.graphs.document("report")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    service = open_service()
    for prop, value in (
        (DK.holderQuantifier, DK.several),
        (DK.negated, Literal("true", datatype=XSD.boolean)),
        (DK.passagesStateIt, DK.together),
        (DK.statedIn, NAMES.passage("report", "p1.s2")),
    ):
        service.store.add(Quad(CLAIM, prop, value, GRAPH))
    folder: Path = tmp_path_factory.mktemp("site")
    return main_of(open_site(folder, service).test_client(), "/page/claim/report/board-on-bricks")


def test_says_in_usual_words_whose_view_it_is_and_what_the_author_thinks(page: str) -> None:
    put = words(page.partition('id="put"')[2].partition("</section>")[0])
    assert "Whose view the board How many of them several" in put
    assert "What the author thinks of it the author disagrees" in put


@pytest.mark.parametrize("is_own", [False, True])
def test_an_author_is_not_said_to_agree_with_their_own_view(tmp_path: Path, is_own: bool) -> None:
    service = open_service()
    service.store.remove(Quad(CLAIM, DK.stance, DK.disputed, GRAPH))
    service.store.add(Quad(CLAIM, DK.stance, DK.endorsed, GRAPH))
    if is_own:
        service.store.add(Quad(NAMES.thing("report"), DCTERMS.creator, NAMES.thing("board"), GRAPH))
    told = words(main_of(open_site(tmp_path, service).test_client(), "/page/claim/report/board-on-bricks"))
    assert "Whose view the board" in told
    assert ("According to the board, the author agrees" in told) != is_own
    assert ("agrees" in told) != is_own


def test_calls_what_states_it_together_passages(page: str) -> None:
    assert "Where It takes these passages together" in words(page)


def test_no_mark_stands_between_the_passage_and_a_source_that_is_not_there(page: str) -> None:
    place = words(page.partition('id="passage"')[2].partition("</p>")[0]).strip()
    assert place.endswith("Read in place")


def test_denied_predicate_is_marked_as_denied(page: str) -> None:
    assert "Acme · not: is in sector · bricks" in words(page)


def test_a_fact_of_another_source_can_be_cited(tmp_path: Path) -> None:
    told = words(main_of(open_site(tmp_path, open_service()).test_client(), "/page/claim/register/acme-founded"))
    citation, in_other_words, _ = told.partition("document here.")[2].partition("In other words")
    assert "fetched on" in citation and in_other_words


def test_a_fact_from_the_text_of_a_document_is_not_told_as_another_sources(tmp_path: Path) -> None:
    service, address = open_service(), "/page/claim/register/acme-founded"
    told = words(main_of(open_site(tmp_path, service).test_client(), address))
    assert "Another source says so. It is not a claim of a document here." in told
    service.store.add(Quad(NAMES.thing("register"), DCTERMS.isFormatOf, NAMES.thing("report"), GRAPH))
    told = words(main_of(open_site(tmp_path, service).test_client(), address))
    assert "taken from the text of “report on Acme”, one of the documents here" in told
    assert "nother source" not in told


def test_what_a_document_only_passes_on_is_hearsay_and_was_read_there(tmp_path: Path) -> None:
    claim = NAMES.claim("report", "acme-state-owned")
    service = open_service()
    service.store.add(Quad(claim, DK.basis, DK.hearsay, GRAPH))
    told = words(main_of(open_site(tmp_path, service).test_client(), "/page/claim/report/acme-state-owned"))
    assert "How firmly As hearsay What it rests on hearsay" in told
    assert "second hand" not in told and "quote" not in told
