"""Programs that people use with SPARQL endpoints, and what the README says to type, against a live server."""

import io
import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from conftest import ROOT, Server
from digitech_kg.settings import default_data_dir
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import Project
from publishing import publish_quads

DK = Namespace("https://w3id.org/digitech-kg/ontology#")
ID = Namespace("https://w3id.org/digitech-kg/id/")
GRAPHS = Namespace("https://w3id.org/digitech-kg/graph/")
COMPANIES = f"SELECT ?company {{ ?company a <{DK}Company> ; <{DK}isInSector> <{ID}networks> }} ORDER BY ?company"
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMUNICA = Path(__file__).parents[1] / "comunica" / "node_modules" / ".bin" / "comunica-sparql"


def companies(server: Server) -> list[str]:
    return [row["company"]["value"] for row in server.sparql(COMPANIES).json()["results"]["bindings"]]


@pytest.fixture
def wrapper(server: Server) -> SPARQLWrapper:
    return SPARQLWrapper(server.url + "/sparql")


def test_sparqlwrapper_reads_solutions_as_json_by_get_and_by_post(wrapper: SPARQLWrapper, server: Server) -> None:
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(COMPANIES)
    by_get = wrapper.queryAndConvert()["results"]["bindings"]
    wrapper.setMethod(POST)
    by_post = wrapper.queryAndConvert()["results"]["bindings"]
    assert by_get == by_post
    assert [row["company"]["value"] for row in by_get] == companies(server)
    assert str(ID.huawei) in companies(server)


def test_sparqlwrapper_reads_solutions_as_xml_and_csv(wrapper: SPARQLWrapper, server: Server) -> None:
    wrapper.setQuery(COMPANIES)
    wrapper.setReturnFormat(XML)
    found = [node.firstChild.data for node in wrapper.queryAndConvert().getElementsByTagName("uri")]
    wrapper.setReturnFormat(CSV)
    assert found == wrapper.queryAndConvert().decode().split("\r\n")[1:-1] == companies(server)


@pytest.mark.parametrize(("fmt", "media_type"), [(JSONLD, "application/ld+json"), (RDFXML, "application/rdf+xml")])
def test_sparqlwrapper_reads_formats_that_it_asks_for_twice(wrapper: SPARQLWrapper, fmt: str, media_type: str) -> None:
    wrapper.setQuery(f"CONSTRUCT {{ <{ID.huawei}> ?p ?o }} WHERE {{ <{ID.huawei}> ?p ?o }}")
    wrapper.setReturnFormat(fmt)
    assert wrapper.query().info()["content-type"] == media_type
    wrapper.setQuery(COMPANIES)
    wrapper.setReturnFormat(TSV)
    assert wrapper.queryAndConvert().startswith(b"?company")


def test_sparqlwrapper_reads_a_graph_and_one_named_graph(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery(f"CONSTRUCT {{ <{ID.huawei}> ?p ?o }} WHERE {{ <{ID.huawei}> ?p ?o }}")
    wrapper.setReturnFormat(TURTLE)
    wrapper.addDefaultGraph(str(GRAPHS["nupi-digi-tech/statements"]))
    graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")
    assert (ID.huawei, DK.isInSector, ID.networks) in graph
    assert not list(graph.objects(ID.huawei, RDFS.label))


def test_sparqlwrapper_tells_a_faulty_query_from_a_faulty_server(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT * WHERE { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapper.query()


@pytest.mark.parametrize("result_format", ["json", "xml"])
def test_rdflib_sparqlstore_queries_and_walks_triples(server: Server, result_format: str) -> None:
    graph = Graph(SPARQLStore(server.url + "/sparql", returnFormat=result_format))
    assert [str(row.company) for row in graph.query(COMPANIES)] == companies(server)
    assert (ID.huawei, RDF.type, DK.Company) in graph
    assert Literal("Huawei", lang="en") in set(graph.objects(ID.huawei, RDFS.label))
    assert ID.huawei in set(graph.subjects(DK.isInSector, ID.networks))


def test_rdflib_sparqlstore_reads_one_named_graph(server: Server) -> None:
    store = SPARQLStore(server.url + "/sparql", context_aware=True)
    statements = Graph(store, identifier=URIRef(GRAPHS["nupi-digi-tech/statements"]))
    assert (ID.huawei, DK.isInSector, ID.networks) in statements
    assert (ID.huawei, RDF.type, DK.Company) not in statements


def test_pandas_reads_csv_with_numbers_as_numbers(server: Server) -> None:
    query = f"SELECT ?certainty (COUNT(*) AS ?claims) {{ ?claim <{DK}certainty> ?certainty }} GROUP BY ?certainty"
    frame = pd.read_csv(io.BytesIO(server.sparql(query, headers={"Accept": "text/csv"}).content))
    assert list(frame.columns) == ["certainty", "claims"]
    assert frame.set_index("certainty").loc[str(DK.possible), "claims"] > 15


@pytest.mark.skipif(not COMUNICA.exists(), reason="Comunica is not installed; make test does it where npm is")
def test_comunica_sees_that_it_is_an_endpoint_and_queries_it(server: Server) -> None:
    command = [str(COMUNICA), server.url + "/sparql", COMPANIES, "-t", "application/sparql-results+json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    rows = json.loads(ended.stdout)["results"]["bindings"]
    assert [row["company"]["value"] for row in rows] == companies(server)


def curl_commands() -> list[str]:
    """Give the commands of the README's indented blocks that begin with curl."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", README, re.MULTILINE)
    commands = [command for block in blocks for command in re.split(r"\n(?=\S)", textwrap.dedent(block).strip())]
    return [command for command in commands if command.startswith("curl ")]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("command", curl_commands())
def test_curl_lines_of_the_readme_give_rows(server: Server, command: str) -> None:
    line = command.replace("http://127.0.0.1:8000", server.url).replace("curl ", "curl -sS --fail ", 1)
    ended = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["results"]["bindings"]


def test_readme_has_something_to_type() -> None:
    assert curl_commands()
    assert re.search(r"^```python\n", README, re.MULTILINE)


@pytest.mark.parametrize("snippet", re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_python_snippets_of_the_readme_run_as_they_stand(
    snippet: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # To read all of the bundled graph into rdflib takes ten seconds.
    said = f"GRAPH <{GRAPHS.things}> {{ <{ID.huawei}> a <{DK.Company}> ; <{DK.isInSector}> <{ID.networks}> }}"
    publish_quads(parse(said, RdfFormat.TRIG), SnapshotRepository(default_data_dir(project)))
    command = [sys.executable, "-c", snippet]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "https://w3id.org/digitech-kg/id/huawei" in ended.stdout.split()
