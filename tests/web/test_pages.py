"""The pages of saved questions and of results, as a browser gets them."""

import re

import pytest

from conftest import Server


def test_question_page_shows_answers_claims_and_passages(server: Server) -> None:
    page = server.get("/page/query/companies_in_critical_components").text
    assert "Will Semiconductor" in page
    assert "/page/claim/nupi-digi-tech/will-semiconductor-in-critical-components-sector" in page
    assert "p. 2, table 1, row 4, column 4" in page


def test_misspelt_question_is_a_404_that_says_what_was_meant(server: Server) -> None:
    response = server.get("/page/query/companies_by_sectr")
    assert response.status_code == 404
    assert "companies_by_sector" in response.json()["hint"]


def test_values_are_escaped(server: Server) -> None:
    query = "SELECT ('<script>alert(1)</script>' AS ?x) (IRI('javascript:alert(1)') AS ?y) {}"
    page = server.get("/results", params={"query": query}).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page


def test_yes_and_no_are_words(server: Server) -> None:
    assert ">Yes.<" in server.get("/page/query/is_state_ownership_denied").text
    assert ">No<" in server.get("/results", params={"query": "ASK { <urn:x> ?p ?o }"}).text


def test_empty_result_says_what_that_means(server: Server) -> None:
    page = server.get("/results", params={"query": "SELECT * { <urn:x> ?p ?o }"}).text
    assert "not that it is false" in page


def test_page_of_a_faulty_query_leads_back_to_it(server: Server) -> None:
    page = server.get("/results", params={"query": "SELECT * {?s ?p}"}, headers={"Accept": "text/html"}).text
    assert "<code>SELECT * {?s ?p}</code>" in page
    (address,) = re.findall(r'href="(/sparql\?edit=[^"]+)"', page)
    assert "SELECT * {?s ?p}" in server.get(address, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("path", ["/ontology", "/sparql", "/results?query=SELECT+*+{?s+?p+?o}+LIMIT+50"])
def test_long_pages_that_are_not_kept_are_compressed_too(server: Server, path: str) -> None:
    packed = server.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    plain = server.get(path, headers={"Accept": "text/html", "Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert "Content-Encoding" not in plain.headers
    tag = packed.headers.get("ETag")
    if tag:
        again = server.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip", "If-None-Match": tag})
        assert again.status_code == 304


def test_graph_result_is_shown_as_turtle(server: Server) -> None:
    page = server.get("/results", params={"query": "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}"}).text
    assert "&lt;urn:a&gt;" in page


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_names_the_version(server: Server, path: str) -> None:
    assert server.get(path).json()["version"] == server.sparql("ASK {}").headers["Dataset-Version"]


@pytest.mark.parametrize("name", ["name", "file", "endpoint", "_external", "_scheme", "_anchor", "utm_source"])
def test_other_parameters_do_not_get_into_the_addresses_of_an_answer(server: Server, name: str) -> None:
    response = server.get(f"/page/query/is_state_ownership_denied?{name}=stray&company=id:tencent")
    assert response.status_code == 200
    use = response.text[response.text.index('id="use"') :]
    use = use[: use.index("</section>")]
    assert use.count("?company=id:tencent") == 4  # Two files, the text to copy and the link to copy.
    assert "stray" not in use


def test_other_parameters_do_not_disturb_the_files_of_a_comparison(server: Server) -> None:
    response = server.get("/compare.xlsx?a=nupi-digi-tech&b=executive-order-14032&endpoint=x&_external=1")
    assert response.status_code == 200
    assert response.content.startswith(b"PK")
