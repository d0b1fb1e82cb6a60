"""Other programs find out by themselves what the dataset is, how large, under which licence, and how to get it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pyshacl
import pytest
import rdflib
import requests
from rdflib import DCAT, DCTERMS, RDF, RDFS, VOID, Literal, URIRef
from rdflib.compare import isomorphic

from bundled import NAMES
from conftest import ROOT, Server, Workshop, downloads_in, start_server, stop_server
from digitech_kg.api import Graph, Rows
from digitech_kg.commit.building import build
from digitech_kg.exports.writing import keep_file
from digitech_kg.hooks import downloads_of

BASE, PREFIXES = NAMES.base, NAMES.prefixes
SH = rdflib.Namespace(PREFIXES["sh"])
VERSION = URIRef(PREFIXES["dcat"] + "version")
DATASET = URIRef(BASE + "dataset")
FEDERATES = URIRef(PREFIXES["spex"] + "federatesWith")
#: The media type of a file is that of what is around its content.
OUTERMOST = (DCAT.compressFormat, DCAT.packageFormat, DCAT.mediaType)


@pytest.fixture(scope="module")
def void(server: Server) -> rdflib.Graph:
    return described_by(server)


def described_by(server: Server) -> rdflib.Graph:
    response = server.get("/.well-known/void")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/turtle")
    return rdflib.Graph().parse(data=response.content, format="turtle")


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("application/rdf+xml", "xml"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")],
)
def test_void_comes_in_the_format_asked_for(small: Server, accept: str, parser: str) -> None:
    response = small.get("/.well-known/void", headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(accept)
    assert isomorphic(rdflib.Graph().parse(data=response.content, format=parser), described_by(small))


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
    assert {str(o) for o in void.objects(DATASET, DCAT.distribution)} == {
        f"{DATASET}/distribution/{name}" for name in ("sparql", *downloads_of(NAMES))
    }
    endpoints = {str(void.value(s, DCAT.endpointURL)): s for s in void.subjects(RDF.type, DCAT.DataService)}
    assert set(endpoints) == {BASE + "sparql", BASE + "reconcile"}
    assert void.value(endpoints[BASE + "sparql"], DCAT.servesDataset) == DATASET
    assert URIRef(PREFIXES["id"] + "nupi-digi-tech") in set(
        void.objects(DATASET, URIRef(PREFIXES["prov"] + "wasDerivedFrom"))
    )


def dcat_ap_problems(described: rdflib.Graph) -> list[str]:
    shapes = rdflib.Graph().parse(Path(__file__).parents[1] / "data/dcat_ap.ttl")
    _, report, _ = pyshacl.validate(described, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return [str(path) for path in report.objects(None, SH.resultPath)]


@pytest.mark.thorough
def test_description_of_the_bundled_graph_keeps_the_application_profile(
    server: Server, download: Callable[[str], Path]
) -> None:
    download("csv")
    assert dcat_ap_problems(described_by(server)) == []


def test_description_keeps_the_application_profile_for_portals(small: Server) -> None:
    assert dcat_ap_problems(described_by(small)) == []


@pytest.mark.parametrize("prop", [DCTERMS.title, DCTERMS.publisher, DCAT.accessURL, DCAT.endpointURL], ids=str)
def test_a_description_that_lacks_something_breaks_the_profile(small: Server, prop: URIRef) -> None:
    poorer = described_by(small)
    poorer.remove((None, prop, None))
    assert str(prop) in dcat_ap_problems(poorer)


@pytest.fixture(scope="module")
def small(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the small project, described like the bundled one, that has all downloads written."""
    found = built_workshop.copy_to(tmp_path_factory.mktemp("small"))
    told = (ROOT / "data/dataset.ttl").read_text(encoding="utf-8")
    without_issue = told.replace("    skos:example issue:huawei-state ;\n", "")
    (found.root / "data/dataset.ttl").write_text(without_issue, encoding="utf-8")
    build(found.project, found.repository)
    downloads_in(found.data_dir).mkdir()
    for name in downloads_of(NAMES):
        keep_file(found.current(), name)
    running = start_server(found.data_dir, "--project", str(found.root), "--log", "off")
    yield running
    stop_server(running)


def test_every_file_that_is_described_can_be_downloaded(small: Server) -> None:
    """The addresses are those of the registered base; the server answers the same paths."""
    described = described_by(small)
    parts = [part for part in described.objects(DATASET, DCAT.distribution) if described.value(part, DCAT.downloadURL)]
    assert len(parts) == len(downloads_of(NAMES))
    for part in parts:
        path = "/" + str(described.value(part, DCAT.downloadURL)).removeprefix(BASE)
        response = small.get(path, stream=True)
        outer = next(o for p in OUTERMOST for o in [described.value(part, p)] if o)
        media_type = str(outer).partition("media-types/")[2]
        assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, media_type), path
        assert response.headers["Content-Type"].count("charset") <= 1, path
        assert response.headers["Content-Disposition"].endswith(path.rsplit("/", 1)[1])
        again = small.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


def test_a_part_of_a_file_can_be_asked_for(small: Server) -> None:
    whole = small.get("/download/digitech-kg.nq").content
    part = small.get("/download/digitech-kg.nq", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])


def test_page_of_downloads_lists_every_file(server: Server) -> None:
    page = server.get("/download/", headers={"Accept": "text/html"}).text
    assert all(f"/download/{download.file_name(NAMES)}" in page for download in downloads_of(NAMES).values())


def test_lod_cloud_criterion_of_iris_that_resolve(server: Server, graph: Graph) -> None:
    """Each thing leads by 303 to data about it, in RDF."""
    rows = graph.query("SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), STR(id:))) } ORDER BY ?s")
    assert isinstance(rows, Rows)
    assert len(rows) > 400
    for row in list(rows)[::40]:
        path = "/" + str(row["s"]).removeprefix(BASE)
        answer = server.get(path, headers={"Accept": "text/turtle"})
        assert answer.status_code == 303, path
        data = requests.get(urljoin(server.url + path, answer.headers["Location"]), timeout=60)
        assert data.headers["Content-Type"].startswith("text/turtle")
        assert (URIRef(row["s"]), RDF.type, None) in rdflib.Graph().parse(data=data.content, format="turtle")


def test_every_part_that_the_description_names_resolves(server: Server, void: rdflib.Graph) -> None:
    spaces = (f"{DATASET}/", PREFIXES["graph"])
    named = sorted({str(s) for s in void.subjects() if isinstance(s, URIRef) and str(s).startswith(spaces)})
    assert len(named) > 100
    for iri in named[::10]:
        path = "/" + iri.removeprefix(BASE)
        assert server.get(path, headers={"Accept": "text/turtle"}).status_code in (200, 303), path


def test_download_has_the_triples_that_void_counts(small: Server) -> None:
    void, lines = described_by(small), small.get("/download/digitech-kg.nq").text.splitlines()
    counted = {
        str(g): int(str(void.value(g, VOID.triples)))
        for g in void.objects(DATASET, URIRef(PREFIXES["sd"] + "namedGraph"))
    }
    for graph, number in counted.items():
        assert sum(1 for line in lines if line.endswith(f" <{graph}> .")) == number
    # A triple in two graphs would be one of the dataset's.
    distinct = {line.removesuffix(" .").rpartition(" ")[0] for line in lines}
    assert int(str(void.value(DATASET, VOID.triples))) == len(distinct)


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
    here = [example for example in examples if graph.value(example, FEDERATES) is None]
    assert len(examples) - len(here) >= 5
    for example in sorted(here)[:3]:
        assert graph.value(example, RDFS.comment) is not None
        assert server.sparql(str(graph.value(example, SH.select))).status_code == 200


def test_a_forged_host_does_not_get_into_the_query(server: Server) -> None:
    forged = "x> . ?s ?p ?o . <http://evil.example"
    response = server.get("/.well-known/sparql-examples", headers={"Host": forged})
    assert b"evil.example" not in response.content
    assert response.status_code in (200, 400)
