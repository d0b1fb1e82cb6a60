"""Every IRI of ours leads to a page and to data, and the data is what the graph holds."""

from __future__ import annotations

import itertools

import pytest
import rdflib
from rdflib.compare import isomorphic

from conftest import Server
from digitech_kg.api import Graph
from digitech_kg.namespaces import BASE, ONTOLOGY_IRI

TYPES = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}
#: Every kind of page; all other IRIs are asked for data alone, each in one format.
SAMPLES = [
    "id/huawei",
    "id/nupi-digi-tech",
    "claim/huawei-not-state-owned",
    "claim/catalogue-gives-title",
    "passage/nupi-digi-tech/p12.s03",
    "passage/nupi-digi-tech/s3",
    "query/companies_by_sector",
    "graph/statements",
    "dataset",
]


@pytest.fixture(scope="module")
def described(graph: Graph) -> list[str]:
    """All IRIs of ours with triples, but the ontology, named graphs and the endpoint, which answer for themselves."""
    rows = graph.query(
        f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), '{BASE}')) }} ORDER BY ?s"
    )
    assert not isinstance(rows, bool | str)
    return [row["s"] for row in rows if not row["s"].startswith((ONTOLOGY_IRI, BASE + "graph/", BASE + "sparql"))]


def test_every_iri_redirects_to_data_that_the_graph_holds(server: Server, graph: Graph, described: list[str]) -> None:
    assert len(described) > 1500
    dataset = graph.rdflib()
    for iri, (extension, (media_type, syntax)) in zip(described, itertools.cycle(TYPES.items())):
        redirect = server.get("/" + iri.removeprefix(BASE), headers={"Accept": media_type})
        assert (redirect.status_code, redirect.headers["Vary"].split(",")[0]) == (303, "Accept"), iri
        answer = server.get(redirect.headers["Location"])
        assert answer.headers["Content-Type"].split(";")[0] == media_type, iri
        given = rdflib.Graph().parse(data=answer.content, format=syntax)
        node = rdflib.URIRef(iri)
        expected = {(str(p), str(o)) for p, o in dataset.predicate_objects(node) if not isinstance(o, rdflib.BNode)}
        found = {(str(p), str(o)) for p, o in given.predicate_objects(node) if not isinstance(o, rdflib.BNode)}
        assert found == expected, iri
        assert extension in redirect.headers["Location"]


@pytest.mark.parametrize("path", SAMPLES)
def test_a_browser_gets_a_page_and_all_formats_agree(server: Server, path: str) -> None:
    redirect = server.get(f"/{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert redirect.status_code == 303
    page = server.get(redirect.headers["Location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    graphs = []
    for extension, (media_type, syntax) in TYPES.items():
        answer = server.get(f"/data/{path}.{extension}")
        assert answer.headers["Content-Type"].split(";")[0] == media_type
        assert f'type="{media_type}"' in answer.headers["Link"]
        graphs.append(rdflib.Graph().parse(data=answer.content, format=syntax))
    assert len(graphs[0])
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("", "/page/id/huawei"),
        ("*/*", "/page/id/huawei"),
        ("text/turtle", "/data/id/huawei.ttl"),
        ("application/json", "/data/id/huawei.jsonld"),
        ("text/html;q=0.5, application/rdf+xml", "/data/id/huawei.rdf"),
        ("application/n-triples;q=0.9, text/turtle;q=0.3", "/data/id/huawei.nt"),
    ],
)
def test_accept_decides(server: Server, accept: str, location: str) -> None:
    response = server.get("/id/huawei", headers={"Accept": accept})
    assert response.headers["Location"] == location


def test_unknown_accept_is_406(server: Server) -> None:
    response = server.get("/id/huawei", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["available"]


@pytest.mark.parametrize(
    "path", ["/data/id/nope.ttl", "/page/id/nope", "/page/claim/nope", "/page/passage/x/y", "/page/x"]
)
def test_what_is_not_there_is_404(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/page/id/a%3E%20%7D%20DROP%20ALL", "/data/id/%22%3E.ttl", "/document/%3E%7D"])
def test_text_that_is_no_iri_never_reaches_a_query(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


def test_unchanged_page_and_data_are_304(server: Server) -> None:
    for path in ("/page/id/huawei", "/data/id/huawei.ttl"):
        tag = server.get(path).headers["ETag"]
        again = server.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_misspelt_address_shows_what_was_meant(server: Server) -> None:
    page = server.get("/page/id/huawai", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert 'href="/page/id/huawei"' in page.text
