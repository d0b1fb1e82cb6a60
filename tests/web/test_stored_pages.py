"""Pages over two documents that disagree, in a project with a base IRI, title and licence of its own."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from books import book_of
from digitech_kg.claims import model
from digitech_kg.claims.model import LEVELS, in_text_order
from digitech_kg.namespaces import DK, ONTOLOGY_IRI, OWL, RDFS
from digitech_kg.web.pages import claim_list
from stored_site import DATA, NAMES, open_service, open_site

PAGES = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("site")).test_client()


def page_at(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=PAGES)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


def words(page: str) -> str:
    """Return what the page says between its head and foot."""
    main = page[page.index("<main") : page.index("</main>")]
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))
    return re.sub(r" ([,.;:)])|([(]) ", r"\1\2", text)


def part_of(page: str, anchor: str) -> str:
    """Return what a thing's page says of one document."""
    found = page[page.index(f'id="says-{anchor}"') :]
    return found[: found.index("</section>")]


def test_thing_page_tells_of_each_document_apart(client: FlaskClient) -> None:
    page = page_at(client, "/page/id/acme")
    said = words("<main>" + part_of(page, "memo") + "</main>")
    assert "memo on bricks 2023 Acme is in bricks. Acme is not owned by the state." in said
    assert "acme-state-owned" not in part_of(page, "memo").replace("acme-not-state-owned", "")
    assert "acme-not-state-owned" not in part_of(page, "report")


def test_further_name_stands_with_the_document_that_prints_it(client: FlaskClient) -> None:
    said = words(page_at(client, "/page/id/acme"))
    assert "Acme Bricks Ltd. memo on bricks" in said
    assert "Akme" not in said


def test_passage_is_named_with_its_document(client: FlaskClient) -> None:
    said = words(page_at(client, "/page/claim/memo/acme-not-state-owned"))
    assert said.strip().startswith("memo on bricks · p. 2, sentence 1 Acme is not owned by the state.")


def test_plain_denial_has_no_mark(client: FlaskClient) -> None:
    page = page_at(client, "/page/claim/memo/acme-not-state-owned")
    assert 'class="firm' not in page.partition('class="cols')[0]
    assert "How firmly Plainly" in words(page)


def test_claim_tells_how_it_is_put_in_the_words_of_the_text(client: FlaskClient) -> None:
    page = words(page_at(client, "/page/claim/memo/makers-maybe-state-owned"))
    assert "Most brick makers are possibly owned by the state. As possible" in page
    assert "How firmly As possible Words that show it perhaps How many most of them" in page


UNHEARD = """
report-claim:unheard a dk:Claim ;
    dk:subject id:acme ; dk:predicate dk:isInSector ; dk:object id:rain ; dk:certainty dk:unheardOf ;
    dk:statedIn report:p1.s1 .
"""
PAGES_OF_UNHEARD = (
    "/page/claim/report/unheard", "/page/id/acme", "/page/id/rain", "/claims", "/document/report", "/",
    "/compare?a=id/acme&b=id/rain", "/issues", "/explore?thing=acme", "/page/passage/report/p1.s1",
)  # fmt: skip
OTHER = {"en": "Another level", "nb": "En annen grad"}


@pytest.mark.parametrize(("listed", "language"), [(False, "nb"), (True, "en")], ids=["not on the axis", "on the axis"])
def test_claim_with_a_certainty_without_words_shows_with_its_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: bool, language: str
) -> None:
    if listed:
        for module in (model, claim_list):
            monkeypatch.setattr(module, "LEVELS", ("certain", "unheardOf", *LEVELS[1:]))
    service = open_service()
    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in service.names.prefixes.items())
    graph = service.names.graphs.document("report")
    service.store.extend(Quad(*q.triple, graph) for q in parse(header + UNHEARD, RdfFormat.TURTLE))
    # A book for these levels: of equal stores it is shared.
    service.written = book_of(service.store, service.names)
    client = open_site(tmp_path, service).test_client()
    for path in PAGES_OF_UNHEARD:
        page_at(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
    page = page_at(client, f"/page/claim/report/unheard?lang={language}")
    level, called = ("unheardOf", "Unheard of") if listed else ("other", OTHER[language])
    assert called in words(page).partition("Cite")[0]
    board = page_at(client, f"/claims?certainty={level}&lang={language}")
    assert called in words(board)
    assert f"/page/claim/report/unheard?lang={language}" in board


def test_view_of_others_names_its_holder(client: FlaskClient) -> None:
    page = words(page_at(client, "/page/claim/report/board-on-bricks"))
    assert "Disagrees with the board" in page
    assert "Whose view the board" in page


def test_claim_is_read_in_the_language_of_the_reader_where_it_can_be(client: FlaskClient) -> None:
    assert "<h1>Acme er i murstein.</h1>" in page_at(client, "/page/claim/memo/acme-in-bricks?lang=nb")
    other = page_at(client, "/page/claim/memo/acme-not-state-owned?lang=nb")
    assert '<h1 lang="en">Acme is not owned by the state.</h1>' in other


def test_passages_of_a_claim_come_in_the_order_of_the_text() -> None:
    names = [f"https://example.org/kg/passage/memo/p{page}.s{sentence}" for page in (2, 10) for sentence in (9, 10)]
    assert sorted(set(names), key=in_text_order) == names


def test_words_beside_a_claim_are_in_the_language_of_each_reader(client: FlaskClient) -> None:
    path = "/page/claim/memo/acme-not-state-owned"
    assert "Hvor bestemt Uten forbehold" in words(page_at(client, path + "?lang=nb"))
    assert "How firmly Plainly" in words(page_at(client, path))


def test_start_page_lists_documents_with_their_metadata(client: FlaskClient) -> None:
    page = words(page_at(client, "/"))
    assert "memo on bricks Ada Author, Bricks: a memo 2023" in page
    assert "report on Acme" in page


def test_claim_page_tells_how_to_cite_it(client: FlaskClient) -> None:
    page = words(page_at(client, "/page/claim/memo/acme-not-state-owned"))
    assert (
        "Ada Author, “Bricks: a memo”, Example Society, 2023, p. 2, sentence 1, https://example.org/memo.pdf."
        " In other words: “Acme is not owned by the state.” Reports on Acme, version 000001-test, http://localhost/page/claim/memo/acme-not-state-owned"
        in page
    )


def test_claim_page_tells_which_claims_bear_on_it(client: FlaskClient) -> None:
    assert "Supports Acme is in bricks." in words(page_at(client, "/page/claim/memo/makers-in-bricks"))
    assert "Supported by Brick makers were in bricks" in words(page_at(client, "/page/claim/memo/acme-in-bricks"))


def test_claim_is_cited_with_what_makes_it(client: FlaskClient) -> None:
    (address,) = re.findall(r'href="([^"]*/cite\.bib)"', page_at(client, "/page/claim/memo/acme-not-state-owned"))
    bibtex = client.get(address).text
    assert "note = {Ada Author 2023, p. 2, sentence 1.}" in bibtex
    assert "author = {{Ada Author}}" in bibtex
    assert re.findall(r"title = {{(.*)}}", bibtex) == ["Acme is not owned by the state.", "Bricks: a memo"]


@pytest.mark.parametrize("path", ["/document/memo", "/page/claim/memo/acme-not-state-owned"])
def test_pdf_of_the_publisher_is_opened_at_the_page(client: FlaskClient, path: str) -> None:
    assert 'href="https://example.org/memo.pdf#page=2"' in page_at(client, path)


def test_edges_of_the_explorer_carry_reserves(client: FlaskClient) -> None:
    edges = client.get("/explore/graph.json?thing=brick-makers").json
    assert edges is not None
    (edge,) = [edge for edge in edges["edges"] if edge["id"].endswith("makers-maybe-state-owned")]
    assert edge["manner"] == "reserved"
    assert edge["reserves"] == ["As possible"]


def test_class_of_another_namespace_is_the_kind_of_a_thing(client: FlaskClient) -> None:
    assert "https://example.org/terms#Board" in words(page_at(client, "/page/id/board"))
    assert "/page/id/acme" in page_at(client, "/explore?thing=brick-makers&thing=bricks&kind=Company")


def test_inferred_fact_names_the_document_that_it_follows_from(client: FlaskClient) -> None:
    page = page_at(client, "/page/id/acme")
    inferred = words("<main>" + page[page.index('id="inferred"') :])
    assert "company that is not state-owned why? memo on bricks" in inferred
    assert "agent why? company that" in inferred


def test_page_that_is_kept_leads_to_its_data_each_time(client: FlaskClient) -> None:
    links = [client.get("/page/id/acme", headers=PAGES).headers["Link"] for _ in range(2)]
    assert 'type="text/turtle"' in links[0]
    assert links[0] == links[1]


def test_unknown_resource_is_404_at_once(client: FlaskClient) -> None:
    for path in ("/id/nope", "/claim/memo/nope", "/passage/memo/nope", "/dataset/nope"):
        assert client.get(path, headers=PAGES).status_code == 404, path
    assert client.get("/id/acme", headers=PAGES).status_code == 303


def test_about_page_and_citation_come_from_the_dataset(client: FlaskClient) -> None:
    page = words(page_at(client, "/about"))
    assert "Example Society (2024). Reports on Acme (snapshot 000001-test). https://example.org/kg/" in page
    assert "CC0 1.0" in page


@pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
def test_alignments_are_given_as_rdf(client: FlaskClient, accept: str) -> None:
    answer = client.get("/ontology/alignments", headers={"Accept": accept})
    module = NamedNode(f"{ONTOLOGY_IRI}/alignments")
    found = {(q.subject, q.predicate, q.object) for q in parse(answer.data, RdfFormat.TURTLE)}
    assert (module, OWL.imports, NamedNode(ONTOLOGY_IRI)) in found
    assert (DK.lei, RDFS.subPropertyOf, NamedNode("https://schema.org/leiCode")) in found


@pytest.fixture(scope="module")
def crawled(client: FlaskClient) -> dict[str, str]:
    """Every page that can be reached by links, but versions and downloads, which this store has not, and the ontology.

    That is the same in every project.
    """
    elsewhere = (
        "/ontology",
        "/static",
        "/history",
        "/download",
        "/why",
        "/compare.",
        "/claims.",
        "/explore?",
        "/reconcile",
        "/shapes",
        "/page/graph",
        "/sparql?q",
    )
    pages, waiting = dict[str, str](), ["/", "/claims", "/data"]
    while waiting:
        path = waiting.pop()
        if path in pages or path.startswith(elsewhere) or "/answer." in path:
            continue
        answer = client.get(path, headers=PAGES)
        assert answer.status_code in (200, 303), path
        pages[path] = answer.text
        links = re.findall(r'(?:href|action)="(/[^"#]*)', answer.text)
        waiting += map(html.unescape, links)
        waiting += [answer.headers["Location"]] if answer.status_code == 303 else []
    return pages


def test_project_of_somebody_else_shows_no_trace_of_the_bundled_one(crawled: dict[str, str]) -> None:
    assert len(crawled) > 100
    for path, text in crawled.items():
        shown = re.sub(r"https://w3id\.org/digitech-kg/(ontology|shapes)", "", text)
        traces = [trace for trace in ("w3id.org/digitech-kg", "CC BY 4.0", "CC-BY", "Chinese") if trace in shown]
        assert "/ontology" in path or not traces, (path, traces)
        assert "/ontology" in path or "nupi" not in text.lower(), path


@pytest.mark.parametrize(
    ("tags", "offered", "norwegians_get"),
    [(("en",), [], "en"), (("nn",), [], "nb"), (("fr",), [], "en"), (("en", "nb"), ["en"], "nb")],
)
def test_pages_are_offered_in_those_languages_that_the_project_has(
    tmp_path: Path, tags: tuple[str, ...], offered: list[str], norwegians_get: str
) -> None:
    service = open_service(DATA, replace(NAMES, required_languages=tags))
    asked = {"Accept": "text/html", "Accept-Language": "nb-NO,nb;q=0.9"}
    page = open_site(tmp_path, service).test_client().get("/about", headers=asked).text
    assert re.findall(r'class="lang" href="[^"]*" hreflang="(\w+)"', page) == offered
    assert f'<html lang="{norwegians_get}">' in page
