"""`SERVICE` is refused unless its endpoint is allowed, and an allowed one is asked by us, under limits."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import ON_DISK, Server, in_background, start_server, stop_server
from digitech_kg.errors import CallError, EngineFailure, Forbidden, RemoteFailure
from digitech_kg.parts.federation.endpoints import Gateway, open_federation
from digitech_kg.settings import Settings
from digitech_kg.sparql_text.checks import find_service_calls, redirect_calls

RESULT = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "from elsewhere"}}]}}
Answer = Callable[[BaseHTTPRequestHandler], None]


class StandIn(ThreadingHTTPServer):
    """A SPARQL endpoint of the test's: what it answers depends on the path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(f"{self.path} {self.headers['User-Agent']} {body}")
        getattr(self, "answer_" + self.path.strip("/"))()

    def send(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer_good(self) -> None:
        self.send(200, json.dumps(RESULT).encode(), "application/sparql-results+json")

    def answer_error(self) -> None:
        self.send(500, b"oops", "text/plain")

    def answer_html(self) -> None:
        self.send(200, b"<html>", "text/html")

    def answer_redirect(self) -> None:
        self.send(302, b"", "text/plain", Location=self.server.url + "/good")

    def answer_huge(self) -> None:
        self.send(200, b" " * (3 * 1024 * 1024), "application/sparql-results+json")

    def answer_slow(self) -> None:
        self.server.release.wait(30)
        self.answer_good()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with in_background(StandIn()) as server:
        yield server
        server.release.set()


@pytest.fixture(scope="module")
def federated(stand_in: StandIn, data_dir: Path) -> Iterator[Server]:
    paths = ("good", "error", "html", "redirect", "huge", "slow")
    allowed = [f"--service-allow={stand_in.url}/{path}" for path in paths]
    server = start_server(data_dir, *ON_DISK, "--query-timeout", "60", "--result-size", "1", *allowed)
    yield server
    stop_server(server)


def ask(server: Server, endpoint: str, **parameters: str) -> object:
    query = f"SELECT ?x {{ SERVICE <{endpoint}> {{ ?s ?p ?x }} }}"
    return server.get("/sparql", params={"query": query, **parameters})


def test_allowed_endpoint_is_asked_by_us(federated: Server, stand_in: StandIn) -> None:
    response = ask(federated, stand_in.url + "/good")
    assert [row["x"]["value"] for row in response.json()["results"]["bindings"]] == ["from elsewhere"]  # type: ignore[attr-defined]
    assert "digitech-kg" in stand_in.asked[-1]


def test_an_endpoint_is_asked_each_time(federated: Server, stand_in: StandIn) -> None:
    before = len(stand_in.asked)
    answers = [ask(federated, stand_in.url + "/good") for _ in range(2)]
    assert len(stand_in.asked) == before + 2
    assert "ETag" not in answers[0].headers  # type: ignore[attr-defined]


def test_local_and_remote_parts_are_joined(federated: Server, stand_in: StandIn) -> None:
    query = f"""PREFIX dk: <https://w3id.org/digitech-kg/ontology#> PREFIX far: <{stand_in.url}/>
    SELECT ?sector ?x {{ ?sector a dk:Sector . SERVICE far:good {{ ?s ?p ?x }} }}"""
    assert len(federated.sparql(query).json()["results"]["bindings"]) == 8


def test_other_endpoint_is_forbidden_and_not_asked(federated: Server, stand_in: StandIn) -> None:
    before = len(stand_in.asked)
    response = ask(federated, stand_in.url + "/secret")
    assert response.status_code == 403  # type: ignore[attr-defined]
    assert "--service-allow" in response.json()["hint"]  # type: ignore[attr-defined]
    assert len(stand_in.asked) == before


def test_silent_does_not_pass_over_an_endpoint_that_is_not_allowed(federated: Server, stand_in: StandIn) -> None:
    response = federated.sparql(f"SELECT * {{ SERVICE SILENT <{stand_in.url}/secret> {{ ?s ?p ?x }} }}")
    assert response.status_code == 403
    assert "SILENT passes over one that fails, not over this" in response.json()["hint"]


def test_allowed_beside_forbidden_endpoint_is_forbidden(federated: Server, stand_in: StandIn) -> None:
    query = f"SELECT * {{ SERVICE <{stand_in.url}/good> {{ ?s ?p ?x }} SERVICE <http://127.0.0.1:1/> {{ ?a ?b ?c }} }}"
    assert federated.sparql(query).status_code == 403


def test_variable_endpoint_is_forbidden(federated: Server) -> None:
    assert federated.sparql("SELECT * { ?e ?p ?o SERVICE ?e { ?s ?p ?x } }").status_code == 403


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("error", "status 500"),
        ("redirect", "redirect, which is not followed"),
        ("huge", "more than"),
        ("html", "failed"),
    ],
)
def test_failing_endpoint_is_502_with_the_reason(federated: Server, stand_in: StandIn, path: str, reason: str) -> None:
    response = ask(federated, f"{stand_in.url}/{path}")
    assert response.status_code == 502  # type: ignore[attr-defined]
    assert reason in response.json()["detail"]  # type: ignore[attr-defined]
    assert "without SERVICE" in response.json()["hint"]  # type: ignore[attr-defined]


def test_slow_endpoint_ends_at_the_deadline_of_the_query(federated: Server, stand_in: StandIn) -> None:
    response = ask(federated, stand_in.url + "/slow", timeout="0.5")
    assert response.status_code in (502, 504)  # type: ignore[attr-defined]


def test_silent_failure_gives_the_local_part(federated: Server, stand_in: StandIn) -> None:
    query = f"SELECT ?x {{ SERVICE SILENT <{stand_in.url}/error> {{ ?s ?p ?x }} }}"
    assert federated.sparql(query).status_code == 200


def test_private_address_behind_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = "http://endpoint.example/sparql"
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.1", 80))])
    gateway = Gateway(frozenset([endpoint]), max_bytes=1000)
    try:
        with pytest.raises(RemoteFailure, match="private address"), gateway.reach([endpoint], 5) as addresses:
            key = addresses[endpoint].rpartition("/")[2]
            status, _, told = gateway.forward(key, b"", {})
            assert (status, b"private address" in told) == (502, True)
            raise EngineFailure("the engine failed")
    finally:
        gateway.close()


def test_gateway_knows_no_path_but_those_that_are_open() -> None:
    gateway = Gateway(frozenset(["http://endpoint.example/"]), max_bytes=1000)
    try:
        with gateway.reach(["http://endpoint.example/"], 5) as addresses:
            (address,) = addresses.values()
        for key in ("guess", address.rpartition("/")[2]):
            status, _, told = gateway.forward(key, b"", {})
            assert (status, b"no such path" in told) == (502, True)
    finally:
        gateway.close()


def test_calls_are_found_and_redirected_where_they_stand() -> None:
    commented = "SERVICE w:sparql {} # SERVICE <http://no/>"
    text = f"PREFIX w: <http://w/> SELECT * {{ {commented}\n SERVICE SILENT <http://x/#a> {{}} }}"
    calls = find_service_calls(text)
    assert [call.endpoint for call in calls] == ["http://w/sparql", "http://x/#a"]
    redirected = redirect_calls(text, calls, lambda endpoint: f"http://gateway/{len(endpoint)}")
    assert "SERVICE <http://gateway/15> {}" in redirected
    assert "SERVICE SILENT <http://gateway/11> {}" in redirected
    assert "# SERVICE <http://no/>" in redirected


def test_endpoint_that_cannot_be_read_is_forbidden() -> None:
    with pytest.raises(Forbidden):
        find_service_calls("SELECT * { SERVICE unknown:x {} }")


def test_well_known_names_stand_for_endpoints() -> None:
    gateway = open_federation(Settings(service_allow=("wikidata",)))
    assert gateway is not None
    gateway.close()
    assert gateway.allowed == {"https://query.wikidata.org/sparql"}
    with pytest.raises(CallError, match="not an endpoint"):
        open_federation(Settings(service_allow=("wikidatta",)))
