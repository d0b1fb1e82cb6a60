"""The questions that join the graph with data elsewhere, against a stand-in for the endpoints."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from bundled import NAMES, PREFIXES
from conftest import ON_DISK, ROOT, Server, in_background, start_server, stop_server
from digitech_kg.parts.federation.endpoints import WELL_KNOWN
from digitech_kg.sources.saved_queries import parse_saved_query
from digitech_kg.sparql_text.checks import find_service_calls

FEDERATES = rdflib.URIRef(PREFIXES["spex"] + "federatesWith")
FILES = sorted((ROOT / "data/queries/federated").glob("*.rq"))
#: A value that only the stand-in knows, by question.
ELSEWHERE = {
    "abstracts_of_companies_in_dbpedia": "A made-up paragraph.",
    "broader_descriptors_in_eurovoc": "made-up region",
    "companies_founding_in_wikidata": "1987-09-15",
    "companies_headquarters_in_wikidata": "Made-up City",
    "companies_industries_in_wikidata": "made-up industry",
    "companies_owners_in_wikidata": "Made-up Owner",
    "labels_in_norwegian_and_chinese_in_wikidata": "华为（虚构）",
    "people_born_in_wikidata": "1900-01-01",
    "wikidata_items_of_companies_in_dbpedia": "Q9004",
}


class Endpoint(ThreadingHTTPServer):
    """A SPARQL endpoint over a few made-up triples; `down` makes it fail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _EndpointHandler)
        self.store = Store()
        self.store.load(path=str(Path(__file__).parents[2] / "data/elsewhere.ttl"), format=RdfFormat.TURTLE)
        self.down = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


class _EndpointHandler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_form = "form" in self.headers["Content-Type"]
        results = self.server.store.query(parse_qs(sent)["query"][0] if is_form else sent)
        body = results.serialize(format=QueryResultsFormat.JSON) or b""  # type: ignore[union-attr]
        self.send_response(503 if self.server.down else 200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with in_background(Endpoint()) as running:
        yield running


@pytest.fixture(scope="module")
def joined(data_dir: Path, endpoint: Endpoint) -> Iterator[Server]:
    running = start_server(data_dir, *ON_DISK, "--service-allow", endpoint.url)
    yield running
    stop_server(running)


def aimed_at(path: Path, endpoint: Endpoint) -> str:
    return re.sub(r"SERVICE <[^>]+>", f"SERVICE <{endpoint.url}>", path.read_text(encoding="utf-8"))


def test_there_are_at_least_eight_with_expected_answers() -> None:
    assert len(FILES) >= 8
    assert {path.stem for path in FILES} == set(ELSEWHERE)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_question_calls_one_well_known_endpoint_that_its_description_names(path: Path) -> None:
    query, faults = parse_saved_query(path, path.name, NAMES)
    assert faults == []
    assert query is not None
    (call,) = find_service_calls(query.text)
    name = {iri: name for name, iri in WELL_KNOWN.items()}[call.endpoint]
    assert f"--service-allow {name}" in query.description


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_question_joins_what_is_here_with_what_is_there(path: Path, joined: Server, endpoint: Endpoint) -> None:
    response = joined.sparql(aimed_at(path, endpoint), headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
    assert ELSEWHERE[path.stem] in response.content.decode()


@pytest.mark.parametrize("path", FILES[:2], ids=lambda p: p.stem)
def test_page_of_a_question_says_what_it_needs_and_asks_nobody(path: Path, server: Server) -> None:
    page = server.get(f"/page/query/{path.stem}")
    assert page.status_code == 200
    query, _ = parse_saved_query(path, path.name, NAMES)
    assert query is not None
    name = {iri: name for name, iri in WELL_KNOWN.items()}[query.endpoints[0]]
    assert f"--service-allow {name}" in page.text
    assert f"<code>{query.endpoints[0]}</code>" in page.text


def test_readers_are_offered_only_questions_that_this_server_answers_alone(server: Server) -> None:
    page = server.get("/data").text
    readers, programs = page.split('id="more"')
    assert '/page/query/companies_by_sector"' in readers
    assert not [path.stem for path in FILES if f"/page/query/{path.stem}" in readers]
    assert all(f"/page/query/{path.stem}" in programs for path in FILES)


def test_examples_name_the_endpoints_that_they_ask(server: Server) -> None:
    examples = rdflib.Graph().parse(data=server.get("/.well-known/sparql-examples").content, format="turtle")
    found = {str(s).rsplit("/", 1)[1]: str(o) for s, o in examples.subject_objects(FEDERATES)}
    assert set(found) == {path.stem for path in FILES}
    assert set(found.values()) == set(WELL_KNOWN.values())


def test_without_leave_the_question_is_refused(server: Server) -> None:
    response = server.sparql(FILES[0].read_text(encoding="utf-8"))
    assert response.status_code == 403
    assert "SERVICE" in response.json()["detail"]


def test_its_page_and_files_ask_nobody(joined: Server) -> None:
    path = f"/page/query/{FILES[0].stem}"
    assert joined.get(path, headers={"Accept": "text/html"}).status_code == 200
    answer = joined.get(f"{path}/answer.xlsx")
    assert answer.status_code == 404
    assert "query editor" in answer.json()["hint"]


def test_a_failing_endpoint_is_told_and_the_local_part_is_still_to_be_had(joined: Server, endpoint: Endpoint) -> None:
    path = ROOT / "data/queries/federated/companies_headquarters_in_wikidata.rq"
    text = aimed_at(path, endpoint)
    endpoint.down = True
    try:
        failed = joined.sparql(text)
        assert failed.status_code >= 500
        assert endpoint.url in failed.text
        assert "SERVICE SILENT" in failed.json()["hint"]
        silent = joined.sparql(text.replace("SERVICE <", "SERVICE SILENT <"), headers={"Accept": "text/csv"})
    finally:
        endpoint.down = False
    assert silent.status_code == 200
    assert "Huawei" in silent.text
