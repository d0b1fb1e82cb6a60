"""The reading side of the Graph Store HTTP Protocol, over HTTP against a running server."""

import pytest
import requests
from rdflib import Graph, URIRef

from conftest import Server

GRAPHS = "https://w3id.org/digitech-kg/graph/"


def count(server: Server, pattern: str) -> int:
    row = server.sparql(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").json()["results"]["bindings"][0]
    return int(row["n"]["value"])


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_named_graph_in_every_format_has_all_its_triples(server: Server, accept: str) -> None:
    response = server.get(
        "/graph-store", params={"graph": GRAPHS + "nupi-digi-tech/statements"}, headers={"Accept": accept}
    )
    assert response.headers["Content-Type"].startswith(accept)
    parser = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}.get(
        accept, "json-ld"
    )
    graph = Graph().parse(data=response.content, format=parser)
    assert len(graph) == count(server, f"GRAPH <{GRAPHS}nupi-digi-tech/statements> {{ ?s ?p ?o }}")


def test_default_graph_is_itself_and_not_the_union(server: Server) -> None:
    response = server.get("/graph-store?default", headers={"Accept": "application/n-triples"})
    assert (response.status_code, response.text) == (200, "")


def test_graph_answers_at_its_own_path(server: Server) -> None:
    graph = Graph().parse(data=server.get("/graph/nupi-digi-tech").text, format="turtle")
    assert (URIRef("https://w3id.org/digitech-kg/id/huawei"), None, None) in graph


def test_head_tells_the_length_without_the_body(server: Server) -> None:
    options = {"params": {"graph": GRAPHS + "ontology"}, "headers": {"Accept-Encoding": "identity"}}
    head, get = (requests.request(m, server.url + "/graph-store", timeout=60, **options) for m in ("HEAD", "GET"))  # type: ignore[arg-type]
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))


def test_unchanged_graph_is_304(server: Server) -> None:
    first = server.get("/graph-store", params={"graph": GRAPHS + "ontology"})
    headers = {"If-None-Match": first.headers["ETag"]}
    assert server.get("/graph-store", params={"graph": GRAPHS + "ontology"}, headers=headers).status_code == 304


def test_unknown_graph_is_404_and_lists_those_there_are(server: Server) -> None:
    response = server.get("/graph-store", params={"graph": "https://example.org/none"})
    assert response.status_code == 404
    assert GRAPHS + "nupi-digi-tech/statements" in response.json()["hint"]


def test_a_misspelt_graph_is_404_with_the_right_name(server: Server) -> None:
    assert server.get("/graph/isues").json()["hint"] == "Did you mean graph:issues?"


@pytest.mark.parametrize("path", ["/graph-store/nothing-here", "/graph/nothing-here"])
def test_direct_name_of_no_graph_is_404(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


@pytest.mark.parametrize("query", ["", "?graph=relative", "?default&graph=urn:x", "?graph=urn:a&graph=urn:b"])
def test_naming_no_or_two_graphs_is_400(server: Server, query: str) -> None:
    assert server.get("/graph-store" + query).status_code == 400


def test_format_for_solutions_is_406(server: Server) -> None:
    response = server.get("/graph-store?default", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["available"]


@pytest.mark.parametrize(("method", "status"), [("PUT", 403), ("POST", 403), ("DELETE", 403), ("PATCH", 405)])
def test_writing_without_any_token_is_refused(server: Server, method: str, status: int) -> None:
    response = requests.request(method, server.url + "/graph-store?default", timeout=60)
    assert response.status_code == status
