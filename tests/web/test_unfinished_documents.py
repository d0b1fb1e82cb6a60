"""Documents whose claims are still to be written: pages don't tell this as what the documents do not say."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad
from test_issue_pages import issue_service

from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS
from reading import main_of, words
from stored_site import NAMES, open_site


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a site with a third document, of which only the passages are there."""
    service, document, graph = issue_service(), NAMES.thing("draft"), NAMES.graphs.document("draft")
    passage = NAMES.passage("draft", "p1.s01")
    quads = [
        (document, RDF.type, DK.Document),
        (document, RDFS.label, Literal("draft on Acme", language="en")),
        (document, DCTERMS.title, Literal("A draft on Acme", language="en")),
        (document, DK.extentRead, DK.whole),
        (passage, RDF.type, DK.Sentence),
        (passage, DK.isPartOf, document),
        (passage, DK.startOffset, Literal(1)),
        (passage, DK.endOffset, Literal(9)),
    ]
    service.store.extend(Quad(*quad, graph) for quad in quads)
    return open_site(tmp_path_factory.mktemp("unfinished"), service).test_client()


def test_a_document_without_claims_is_not_silent_on_an_issue(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/state"))
    told = (
        "One of the two documents says yes (report on Acme), and one says no (memo on bricks). One has no claims on it"
    )
    assert f"{told} yet (draft on Acme)." in page
    assert "No claims on it yet draft on Acme" in page
    assert "says nothing of it" not in page


def test_the_matrix_names_documents_without_claims_once(client: FlaskClient) -> None:
    page = words(main_of(client, "/issues"))
    assert "Claims are still to be written for draft on Acme." in page
    assert page.count("draft on Acme") == 1


def test_a_thing_is_not_said_to_be_missing_in_a_document_without_claims(client: FlaskClient) -> None:
    page = words(main_of(client, "/page/id/acme"))
    assert "Both documents speak of it" in page
    assert "Claims are still to be written for draft on Acme." in page
    assert "Nothing in:" not in page


def test_the_page_and_list_of_a_document_without_claims_say_so(client: FlaskClient) -> None:
    page = words(main_of(client, "/document/draft"))
    assert "No claims have been written for this document yet." in page
    assert "These are our words" not in page
    assert "Claims are still to be written for draft on Acme." in words(main_of(client, "/claims?document=draft"))
    assert "Claims are still to be written for draft on Acme." in words(main_of(client, "/compare?a=memo&b=draft"))


def test_what_is_told_in_part_of_what_was_read_is_not_silent_either(tmp_path: Path) -> None:
    service, report = issue_service(), NAMES.thing("report")
    service.store.add(Quad(report, DK.extentModelled, DK.selected, NAMES.graphs.document("report")))
    page = words(main_of(open_site(tmp_path, service).test_client(), "/issue/makers"))
    assert "The only document" not in page
    assert "No claims on it yet report on Acme" in page


def test_a_document_with_a_sentence_without_a_claim_is_not_silent(tmp_path: Path) -> None:
    service, memo, passage = issue_service(), NAMES.thing("memo"), NAMES.passage("memo", "p9.s01")
    said = ((RDF.type, DK.Sentence), (DK.isPartOf, memo), (DK.startOffset, Literal(900)), (DK.endOffset, Literal(950)))
    service.store.extend(Quad(passage, prop, value, NAMES.graphs.document("memo")) for prop, value in said)
    site = open_site(tmp_path, service).test_client()
    lacking = "Claims are still to be written for memo on bricks."
    for address in ("/search?q=zebra", "/document/memo?text=no", "/documents"):
        assert lacking in words(main_of(site, address)), address
    page = words(main_of(site, "/search?q=zebra"))
    assert "No claim here is about “zebra”." in page
    assert "No document here says" not in page


def test_who_says_that_all_is_told_has_left_sentences_out_for_a_reason(tmp_path: Path) -> None:
    service, memo, passage = issue_service(), NAMES.thing("memo"), NAMES.passage("memo", "p9.s01")
    said = ((RDF.type, DK.Sentence), (DK.isPartOf, memo), (DK.startOffset, Literal(900)), (DK.endOffset, Literal(950)))
    quads = [*((passage, *each) for each in said), (memo, DK.extentModelled, DK.whole)]
    service.store.extend(Quad(*quad, NAMES.graphs.document("memo")) for quad in quads)
    site = open_site(tmp_path, service).test_client()
    assert "No document here says anything about “zebra”." in words(main_of(site, "/search?q=zebra"))


def test_on_an_only_issue_no_number_is_told(tmp_path: Path) -> None:
    service = issue_service()
    for name in ("bricks", "rain", "makers"):
        service.store.remove(Quad(NamedNode(NAMES.prefixes["issue"] + name), RDF.type, DK.Issue, NAMES.graphs.issues))
    page = words(main_of(open_site(tmp_path, service).test_client(), "/issues"))
    assert "These documents take different sides on the only question." in page
    assert "Other questions" not in page


def test_the_name_of_the_only_document_keeps_its_capital_in_a_headline(tmp_path: Path) -> None:
    service, memo, graph = issue_service(), NAMES.thing("memo"), NAMES.graphs.document("memo")
    for name in ("report", "report/statements", "report/evidence", "report/inferred"):
        service.store.remove_graph(NAMES.graphs[name])
    service.store.add(Quad(memo, DK.shortName, Literal("Brick Forum", language="en"), graph))
    page = words(main_of(open_site(tmp_path, service).test_client(), "/search?q=bricks"))
    assert "Bricks: Brick Forum speaks of it in" in page, page[:800]
