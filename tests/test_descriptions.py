"""Other programs find out by themselves what the dataset is, how large, under which licence, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, RDFS, VOID, Literal, URIRef
from rdflib.compare import isomorphic

from conftest import Server
from digitech_kg.namespaces import BASE, PREFIXES

SH = rdflib.Namespace(PREFIXES["sh"])
VERSION = URIRef(PREFIXES["dcat"] + "version")
DATASET = URIRef(BASE + "dataset")


@pytest.fixture(scope="module")
def void(server: Server) -> Iterator[rdflib.Graph]:
    response = server.get("/.well-known/void")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/turtle")
    yield rdflib.Graph().parse(data=response.content, format="turtle")


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("application/rdf+xml", "xml"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")],
)
def test_void_comes_in_the_format_asked_for(server: Server, void: rdflib.Graph, accept: str, parser: str) -> None:
    response = server.get("/.well-known/void", headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(accept)
    assert isomorphic(rdflib.Graph().parse(data=response.content, format=parser), void)


def test_unknown_format_is_406_with_the_list(server: Server) -> None:
    response = server.get("/.well-known/void", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["available"]


def test_lod_cloud_criteria_of_size_and_links(void: rdflib.Graph) -> None:
    triples = void.value(DATASET, VOID.triples)
    assert isinstance(triples, Literal)
    assert int(triples) >= 1000
    linksets = list(void.subjects(RDF.type, VOID.Linkset))
    links = {str(void.value(s, VOID.objectsTarget)): 0 for s in linksets}
    for linkset in linksets:
        links[str(void.value(linkset, VOID.objectsTarget))] += int(str(void.value(linkset, VOID.triples)))
    assert sum(links.values()) >= 50
    assert max(links.values()) >= 50


def test_dataset_has_what_dcat_wants(void: rdflib.Graph) -> None:
    for prop in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.issued, VERSION, DCTERMS.creator):
        assert void.value(DATASET, prop) is not None, prop
    assert len(list(void.objects(DATASET, DCAT.distribution))) >= 6
    service = void.value(DATASET, VOID.sparqlEndpoint)
    assert void.value(service, DCAT.servesDataset) == DATASET
    assert URIRef(PREFIXES["id"] + "nupi-digi-tech") in set(
        void.objects(DATASET, URIRef(PREFIXES["prov"] + "wasDerivedFrom"))
    )


def test_every_distribution_that_is_described_can_be_downloaded(server: Server, void: rdflib.Graph) -> None:
    """The addresses are those of the registered base; the server answers the same paths."""
    for part in void.objects(DATASET, DCAT.distribution):
        path = "/" + str(void.value(part, DCAT.downloadURL)).removeprefix(BASE)
        response = server.get(path)
        media_type = str(void.value(part, DCAT.mediaType)).partition("media-types/")[2]
        assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, media_type), path
        again = server.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


def test_download_has_the_quads_that_void_counts(server: Server, void: rdflib.Graph) -> None:
    lines = server.get("/download/digitech-kg.nq").text.splitlines()
    described = sum(1 for line in lines if f"<{PREFIXES['graph']}catalog>" in line)
    counted = {
        str(g): int(str(void.value(g, VOID.triples)))
        for g in void.objects(DATASET, URIRef(PREFIXES["sd"] + "namedGraph"))
    }
    for graph, number in counted.items():
        if not graph.endswith("/catalog"):
            assert sum(1 for line in lines if line.endswith(f" <{graph}> .")) == number
    assert described > 500


def test_unknown_download_is_404_with_the_names(server: Server) -> None:
    response = server.get("/download/nothing.zip")
    assert response.status_code == 404
    assert "digitech-kg.trig" in response.json()["hint"]


def test_sparql_examples_run_where_they_say(server: Server) -> None:
    body = server.get("/.well-known/sparql-examples").content
    graph = rdflib.Graph().parse(data=body, format="turtle")
    examples = list(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert len(examples) > 40
    target = URIRef(PREFIXES["schema"] + "target")
    assert {str(o) for o in graph.objects(None, target)} == {server.url + "/sparql"}
    for example in sorted(examples)[:3]:
        assert graph.value(example, RDFS.comment) is not None
        assert server.sparql(str(graph.value(example, SH.select))).status_code == 200


def test_a_forged_host_does_not_get_into_the_query(server: Server) -> None:
    forged = "x> . ?s ?p ?o . <http://evil.example"
    response = server.get("/.well-known/sparql-examples", headers={"Host": forged})
    assert b"evil.example" not in response.content
    assert response.status_code in (200, 400)
