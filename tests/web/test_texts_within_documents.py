"""Texts of their own within a document, such as a press release: pages cite from them as files do."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad
from test_issue_pages import issue_service

from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS
from reading import main_of, words
from stored_site import NAMES, open_site

THERE = "https://example.org/quoted"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a site where the memo has a press release, of which the sixth and seventh paragraphs are known."""
    service, graph = issue_service(), NAMES.graphs.document("memo")
    release, last = NAMES.passage("memo", "s9"), NAMES.passage("memo", "p7.s03")
    moved, heard = NAMES.passage("memo", "p0.s01"), NAMES.passage("memo", "p6")
    quads = [
        (release, RDF.type, DK.Section),
        (release, DK.isPartOf, NAMES.thing("memo")),
        (release, DCTERMS.creator, NAMES.thing("acme")),
        (release, DCTERMS.title, Literal("News of Acme", language="en")),
        (release, DK.labelInText, Literal("press release", language="en")),
        (release, RDFS.label, Literal("Release of Acme", language="en")),
        (last, RDF.type, DK.Sentence),
        (last, RDFS.label, Literal("paragraph 7, sentence 3", language="en")),
        (last, DK.isPartOf, NAMES.passage("memo", "p7")),
        (last, DCTERMS.source, NamedNode(THERE)),
        (NAMES.claim("memo", "acme-not-state-owned"), DK.statedIn, last),
        # A passage that kept its name when a newer text moved it to the end.
        (moved, RDF.type, DK.Sentence),
        (moved, RDFS.label, Literal("paragraph 9, sentence 1", language="en")),
        (moved, DK.isPartOf, NAMES.thing("memo")),
        (NAMES.claim("memo", "acme-not-state-owned"), DK.statedIn, moved),
        (NAMES.claim("memo", "rain-maybe-in-bricks"), DK.statedIn, heard),
        *((heard, DCTERMS.source, NamedNode(f"https://{host}/heard")) for host in ("example.com", "example.net")),
    ]
    quads += [(NAMES.thing("memo"), DCTERMS.publisher, NAMES.thing("acme"))]
    for number in (6, 7):
        paragraph = NAMES.passage("memo", f"p{number}")
        quads += [(paragraph, RDF.type, DK.Paragraph), (paragraph, DK.isPartOf, release)]
    for place, passage in enumerate(
        (release, NAMES.passage("memo", "p6"), NAMES.passage("memo", "p7"), last, moved), 90
    ):
        quads += [(passage, prop, Literal(place)) for prop in (DK.startOffset, DK.endOffset)]
    service.store.extend(Quad(*quad, graph) for quad in quads)
    return open_site(tmp_path_factory.mktemp("parts"), service).test_client()


PAGES = ("/issue/state", "/page/passage/memo/p7.s03", "/page/claim/memo/acme-not-state-owned", "/claims?document=memo")


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_the_part_and_count_its_paragraphs(client: FlaskClient, path: str) -> None:
    page = words(main_of(client, path))
    assert "press release, paragraph 2, sentence 3" in page
    assert "paragraph 7" not in page


def test_a_footnote_names_the_part_once(client: FlaskClient) -> None:
    page = words(main_of(client, "/page/claim/memo/acme-not-state-owned"))
    assert "“News of Acme”, press release, paragraph 2, sentence 3" in page


def test_what_has_no_source_of_its_own_leads_to_where_it_was_read(client: FlaskClient) -> None:
    page = main_of(client, "/page/claim/memo/acme-not-state-owned")
    assert f'<a href="{THERE}" rel="nofollow">Open where it was read</a>' in " ".join(page.split()).replace(
        "> Open", ">Open"
    )


def test_several_places_where_something_was_read_are_told_apart(client: FlaskClient) -> None:
    page = words(main_of(client, "/page/claim/memo/rain-maybe-in-bricks"))
    assert "Open where it was read (example.com) · Open where it was read (example.net)" in page


def test_authors_and_publishers_lead_to_what_they_wrote(client: FlaskClient) -> None:
    page = words(main_of(client, "/page/id/acme"))
    assert "Wrote: Release of Acme, memo on bricks" in page
    assert "Published: memo on bricks" in page


def test_passages_stand_in_the_order_of_the_text_whatever_they_are_called(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/state"))
    assert "p. 2, sentence 1; press release, paragraph 2, sentence 3; paragraph 9, sentence 1" in page
