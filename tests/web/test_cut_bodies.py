"""A request whose body ends early is never carried out, whatever announced its length."""

import json
import random
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests

from conftest import Server, start_server, stop_server
from digitech_kg.access import TokenStore

CUTS = 20
#: Each line is a statement, so a text cut after any of them is a shorter text that is just as good.
TRIPLES = "".join(f"<http://example.org/s{i}> <http://example.org/p> {i} .\n" for i in range(200))
UPDATE = "".join(f"INSERT DATA {{ <http://example.org/u{i}> <http://example.org/p> {i} }} ;\n" for i in range(200))
QUERY = "SELECT * { ?s ?p ?o } #" + "x" * 3000
NAMES = {f"q{i}": {"query": "acme"} for i in range(60)}
MULTIPART = (
    "--frontier\r\n"
    'Content-Disposition: form-data; name="graph"; filename="graph.nt"\r\n'
    f"Content-Type: text/turtle\r\n\r\n{TRIPLES}\r\n--frontier--\r\n"
)
GRAPH = "/graph-store?graph=" + quote("http://example.org/graph", safe="")
FORM = "application/x-www-form-urlencoded"
#: Writes whose connection has closed still count for a moment: they must not be too many for the one that follows.
_UNHURRIED = ("--token-rate", "10000", "--token-writes", "1000", "--queue-length", "200")


@dataclass(frozen=True)
class Case:
    """A request with a body that would be carried out if it came whole."""

    name: str
    method: str
    path: str
    media_type: str
    body: str


WRITES = [
    Case("update", "POST", "/sparql", "application/sparql-update", UPDATE),
    Case("update-form", "POST", "/sparql", FORM, urlencode({"update": UPDATE})),
    Case("put", "PUT", GRAPH, "text/turtle", TRIPLES),
    Case("post", "POST", GRAPH, "text/turtle", TRIPLES),
    Case("post-form", "POST", GRAPH, "multipart/form-data; boundary=frontier", MULTIPART),
    Case("delete", "DELETE", GRAPH, "text/plain", TRIPLES),
]
READS = [
    Case("query", "POST", "/sparql", "application/sparql-query", QUERY),
    Case("query-form", "POST", "/sparql", FORM, urlencode({"query": QUERY})),
    Case("reconcile", "POST", "/reconcile", FORM, urlencode({"queries": json.dumps(NAMES)})),
    Case("extend", "POST", "/reconcile", FORM, urlencode({"extend": '{"ids": [], "properties": []}'}) + "&" * 999),
]  # fmt: skip


@dataclass(frozen=True)
class Writer:
    """Somebody with a token for a server that holds any data."""

    server: Server
    token: str

    def version(self) -> str:
        return str(self.server.get("/healthz").json()["version"])

    def write(self, case: Case, **options: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": case.media_type}
        body = options.pop("body", case.body.encode())
        return requests.request(case.method, self.server.url + case.path, data=body, headers=headers, timeout=60)  # type: ignore[arg-type]

    def send(self, case: Case, framing: str, payload: bytes, *, closes: bool) -> str:
        """Send a head and what there is of a body, end the connection, and return the answer, "" if there is none."""
        host = urlsplit(self.server.url)
        assert host.hostname
        assert host.port
        head = (
            f"{case.method} {case.path} HTTP/1.1\r\nHost: {host.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: {case.media_type}\r\n{framing}\r\n\r\n"
        )
        with socket.create_connection((host.hostname, host.port), timeout=60) as connection:
            connection.sendall(head.encode() + payload)
            if closes:
                return ""
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer.decode(errors="replace")


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    data_dir = tmp_path_factory.mktemp("data")
    token, _ = TokenStore(data_dir).create("ann", scopes=["write"])
    running = start_server(data_dir, "--empty", "--log", "off", *_UNHURRIED)
    writer = Writer(running, token)
    writer.write(WRITES[2], body=b"<http://example.org/kept> <http://example.org/p> 1 .")
    yield writer
    stop_server(running)


def places(body: bytes) -> list[int]:
    """Return where to cut: half of the places after a line or parameter, so that the rest is well formed."""
    chance = random.Random(21)  # noqa: S311
    ends = [match.end() for match in re.finditer(rb"\n|%0A|&", body[:-1])] or [len(body) // 2]
    return [chance.choice(ends) for _ in range(CUTS // 2)] + [chance.randrange(len(body)) for _ in range(CUTS // 2)]


def cut_by_length(body: bytes, place: int) -> tuple[str, bytes]:
    return f"Content-Length: {len(body)}", body[:place]


def cut_after_a_chunk(body: bytes, place: int) -> tuple[str, bytes]:
    pieces = [body[:place][i : i + 1000] for i in range(0, place, 1000)]
    return "Transfer-Encoding: chunked", b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def cut_inside_a_chunk(body: bytes, place: int) -> tuple[str, bytes]:
    return "Transfer-Encoding: chunked", b"%x\r\n%s" % (len(body), body[:place])


def early_ends() -> Iterator[Any]:
    """Yield each request with each cut, and with a connection that closes or that only half closes in turn."""
    cuts = (cut_by_length, cut_after_a_chunk, cut_inside_a_chunk)
    for number, (case, cut) in enumerate(product(WRITES + READS, cuts)):
        for closes in (False, True):
            marks = [] if closes == bool(number % 2) else [pytest.mark.thorough]
            name = f"{case.name}-{cut.__name__}-{'closed' if closes else 'half-closed'}"
            yield pytest.param(case, cut, closes, id=name, marks=marks)


@pytest.mark.parametrize(("case", "cut", "closes"), list(early_ends()))
def test_a_body_that_ends_early_is_not_carried_out(writer: Writer, case: Case, cut: object, closes: bool) -> None:
    before, body = writer.version(), case.body.encode()
    for place in places(body):
        answer = writer.send(case, *cut(body, place), closes=closes)  # type: ignore[operator]
        # A chunked body that ended early is told by reading all of it at once, which is only done for who may write.
        assert answer == "" or answer.startswith(("HTTP/1.1 400 ", "HTTP/1.1 411 ")), (place, answer[:500])
    # A write that follows waits until those before it are done.
    kept = requests.get(writer.server.url + GRAPH, headers={"Accept": "application/n-triples"}, timeout=60)
    assert (kept.text.count("\n"), writer.version()) == (1, before)
    marker = Case("marker", "PUT", GRAPH, "text/turtle", "<http://example.org/kept> <http://example.org/p> 1 .")
    assert writer.write(marker).status_code == 200
    assert writer.version() == before


@pytest.mark.parametrize("case", [case for case in WRITES if case.name != "delete"], ids=lambda case: case.name)
@pytest.mark.parametrize("chunked", [False, True], ids=["by-length", "chunked"])
def test_a_whole_body_is_carried_out(writer: Writer, case: Case, chunked: bool) -> None:
    body = case.body.encode()
    pieces = iter([body[:5000], body[5000:]]) if chunked else body
    response = writer.write(case, body=pieces)
    assert response.status_code in (200, 201), response.text
    kept = "<http://example.org/kept> <http://example.org/p> 1"
    restore = f"DROP ALL ; INSERT DATA {{ GRAPH <http://example.org/graph> {{ {kept} }} }}"
    assert writer.write(WRITES[0], body=restore.encode()).status_code == 200


@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
def test_a_chunked_question_is_refused_as_nobody_can_tell_if_it_is_whole(writer: Writer, case: Case) -> None:
    # The form of who may write may be an update, which is read at once.
    is_read_whole = case.name == "query-form"
    assert writer.write(case, body=iter([case.body.encode()])).status_code == (200 if is_read_whole else 411)


def test_a_chunked_write_without_a_token_is_refused_before_it_is_read(writer: Writer) -> None:
    response = requests.put(writer.server.url + GRAPH, data=iter([b"x" * 1000] * 5000), timeout=60)
    assert response.status_code == 401


def test_a_chunked_graph_above_the_limit_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    data_dir = tmp_path_factory.mktemp("data")
    token, _ = TokenStore(data_dir).create("ann", scopes=["write"])
    running = start_server(data_dir, "--empty", "--workers", "2", "--write-size", "1", "--log", "off")
    try:
        case = Case("put", "PUT", GRAPH, "application/n-triples", "")
        line = b"<http://example.org/s> <http://example.org/p> 1 .\n" * 1000
        assert Writer(running, token).write(case, body=iter([line] * 50)).status_code == 413
    finally:
        stop_server(running)
