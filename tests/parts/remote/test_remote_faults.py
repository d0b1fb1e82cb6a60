"""Stores that are not there, slow, broken or lying: always an error that says so, never a part of an answer."""

import base64
import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import requests

from conftest import Server, start_server, stop_server
from faulty_store import FaultyStore, Script, drip, flood, http, send, send_and_hold
from stores import free_port

ROWS: dict[str, Any] = {
    "head": {"vars": ["x"]},
    "results": {"bindings": [{"x": {"type": "literal", "value": "one"}}] * 3},
}
JSON = json.dumps(ROWS).encode()
XML = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    b'<results><result><binding name="x"><literal>one</literal></binding></result></results></sparql>'
)
TRIPLES = b'<http://example.org/a> <http://example.org/b> "c" .\n' * 2
SELECT = "SELECT ?x WHERE { ?s ?p ?x }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
NUMBERS = itertools.count()
XML_TYPE, N_TRIPLES = "application/sparql-results+xml", "application/n-triples"


@pytest.fixture(scope="module")
def store() -> Iterator[FaultyStore]:
    opened = FaultyStore()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def front(store: FaultyStore) -> Iterator[Server]:
    """The service before the faulty store, with small results."""
    server = start_server(Path(), "--engine", store.url, "--default-graph", "own", "--result-size", "1")
    yield server
    assert stop_server(server) == 0


@pytest.fixture(scope="module")
def hurried(store: FaultyStore) -> Iterator[Server]:
    """The same with a deadline that the store misses."""
    server = start_server(Path(), "--engine", store.url, "--default-graph", "own", "--query-timeout", "1")
    yield server
    assert stop_server(server) == 0


def ask(front: Server, store: FaultyStore, script: Script, query: str = SELECT) -> requests.Response:
    """Ask a query that no cache has seen."""
    store.script = script
    store.requests.clear()
    return front.sparql(f"{query} # {next(NUMBERS)}")


WHOLE = {
    "JSON with its length": (http(JSON), SELECT),
    "JSON without a length": (http(JSON, length=""), SELECT),
    "JSON by its other name": (http(JSON, media_type="application/json; charset=utf-8"), SELECT),
    "N-Triples": (http(TRIPLES, media_type=N_TRIPLES), CONSTRUCT),
}


@pytest.mark.parametrize(("answer", "query"), WHOLE.values(), ids=WHOLE)
def test_whole_answer_is_passed_on(front: Server, store: FaultyStore, answer: bytes, query: str) -> None:
    response = ask(front, store, send(answer), query)
    assert response.status_code == 200, response.text
    assert ("one" if query == SELECT else "example.org/b") in response.text


BROKEN = {
    "nothing at all": (b"", SELECT),
    "no HTTP": (b"220 mail.example.org ESMTP\r\n", SELECT),
    "JSON cut, without a length": (http(JSON[:-30], length=""), SELECT),
    "JSON without its last bracket": (http(JSON[:-1]), SELECT),
    "yes or no without its last bracket": (http(b'{"head": {}, "boolean": true'), "ASK {}"),
    "JSON of something else": (http(b'{"status": "ok"}'), SELECT),
    "JSON followed by more": (http(JSON + b"{}"), SELECT),
    "longer than it is": (http(JSON, length=str(len(JSON) + 10)), SELECT),
    "shorter than it is": (http(JSON, length=str(len(JSON) - 40)), SELECT),
    "chunks without an end": (
        http(b"%x\r\n%s\r\n" % (len(JSON), JSON), length="", Transfer_Encoding="chunked"),
        SELECT,
    ),
    "XML, which was not asked for": (http(XML, media_type=XML_TYPE), SELECT),
    "XML named JSON": (http(XML), SELECT),
    "an empty body": (http(b""), SELECT),
    "a page with status 200": (http(b"<html><p>Welcome</p></html>", media_type="text/html"), SELECT),
    "no media type": (http(JSON, media_type=""), SELECT),
    "triples for solutions": (http(TRIPLES, media_type=N_TRIPLES), SELECT),
    "solutions for triples": (http(JSON), CONSTRUCT),
    "triples without a length": (http(TRIPLES, media_type=N_TRIPLES, length=""), CONSTRUCT),
    "triples cut": (http(TRIPLES[:-4], media_type=N_TRIPLES), CONSTRUCT),
    "a coding not asked for": (http(gzip.compress(JSON), Content_Encoding="gzip"), SELECT),
    "a part of the result": (http(JSON, status="206 Partial Content"), SELECT),
    "no content": (http(b"", status="204 No Content"), SELECT),
    "a redirect": (http(b"", status="302 Found", Location="http://127.0.0.1:9/elsewhere"), SELECT),
    "a refusal": (http(b"who are you", status="401 Unauthorized", media_type="text/plain"), SELECT),
    "no endpoint there": (http(b"<h1>Not here</h1>", status="404 Not Found", media_type="text/html"), SELECT),
}


@pytest.mark.parametrize(("answer", "query"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_answer_is_502(front: Server, store: FaultyStore, answer: bytes, query: str) -> None:
    response = ask(front, store, send(answer), query)
    assert (response.status_code, response.headers["Content-Type"]) == (502, "application/problem+json"), response.text
    assert response.json()["title"] == "Remote failure"
    assert response.json()["detail"]
    assert "ETag" not in response.headers


def test_error_of_the_store_is_502_with_its_first_words_without_tags(front: Server, store: FaultyStore) -> None:
    page = b"<html><style>p {}</style><p>Disk &amp; memory full</p>" + b"<p>x</p>" * 100_000
    response = ask(front, store, send(http(page, status="500 Oops", media_type="text/html")))
    assert response.status_code == 502
    detail = response.json()["detail"]
    assert detail.startswith("the remote store answered with status 500: Disk & memory full")
    assert len(detail) < 600


def test_redirect_is_named_and_not_followed(front: Server, store: FaultyStore) -> None:
    response = ask(front, store, send(http(b"", status="307 Temporary Redirect", Location=store.url + "?again")))
    assert "redirects to" in response.json()["detail"]
    assert len(store.requests) == 1


def test_syntax_error_of_the_store_is_400_with_its_words(front: Server, store: FaultyStore) -> None:
    answer = http(
        b"line 3: no such function\n\nSPARQL query:\nSELECT", status="400 Bad Request", media_type="text/plain"
    )
    response = ask(front, store, send(answer))
    assert response.status_code == 400
    assert response.json()["detail"] == "the remote store refuses the query: line 3: no such function"


SLOW = {
    "no answer": send_and_hold(b""),
    "no body": send_and_hold(http(JSON)[: -len(JSON)]),
    "half a body": send_and_hold(http(JSON)[:-20]),
    "dripping headers": drip(http(JSON)),
    "dripping body": drip(http(JSON), at_once=len(http(JSON)) - 60),
    "the store's own time-out": send(http(b"too long", status="504 Gateway Timeout", media_type="text/plain")),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_answer_that_is_not_whole_at_the_deadline_is_504(hurried: Server, store: FaultyStore, script: Script) -> None:
    response = ask(hurried, store, script)
    assert response.status_code == 504, response.text


def test_endless_answer_is_507_and_is_not_read_on(front: Server, store: FaultyStore) -> None:
    row = b'{"x": {"type": "literal", "value": "' + b"a" * 65536 + b'"}},'
    start = http(b'{"head": {"vars": ["x"]}, "results": {"bindings": [', length="")
    response = ask(front, store, flood(start, row))
    assert (response.status_code, response.json()["limit"]) == (507, "result_bytes")


def test_result_that_the_store_says_it_has_cut_is_507(front: Server, store: FaultyStore) -> None:
    response = ask(front, store, send(http(JSON, X_SPARQL_MaxRows="1")))
    assert (response.status_code, response.json()["value"]) == (507, 1)


def test_endless_headers_are_502(front: Server, store: FaultyStore) -> None:
    assert ask(front, store, flood(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n" * 1000)).status_code == 502


def test_store_that_is_not_there_is_502_and_the_process_lives() -> None:
    server = start_server(Path(), "--engine", f"http://127.0.0.1:{free_port()}/sparql")
    try:
        response = server.sparql(SELECT)
        assert response.status_code == 502
        assert "can't reach the store" in response.json()["detail"]
        assert server.get("/").status_code == server.get("/readyz").status_code == 502
        assert server.get("/healthz").status_code == 200
    finally:
        assert stop_server(server) == 0


def test_service_answers_again_after_a_fault(front: Server, store: FaultyStore) -> None:
    assert ask(front, store, send(b"")).status_code == 502
    assert ask(front, store, send(http(JSON))).status_code == 200


def test_password_in_the_address_is_sent_and_never_shown(store: FaultyStore) -> None:
    options = ("--engine", store.url.replace("//", "//reader:secret@"), "--default-graph", "own")
    server = start_server(Path(), *options)
    try:
        response = ask(server, store, send(b""))
        assert (response.status_code, "secret" in response.text) == (502, False)
        assert b"authorization: basic " + base64.b64encode(b"reader:secret") in store.requests[0][0].replace(
            b"Authorization: Basic", b"authorization: basic"
        )
    finally:
        stop_server(server)


def test_address_that_is_none_is_said_before_anything_starts(run: Callable[..., CompletedProcess[str]]) -> None:
    for url in (
        "store.example/sparql",
        "ftp://store.example/",
        "http://",
        "http://store.example:99999/",
        "http://a b/",
    ):
        result = run("serve", "--engine", url)
        assert (result.returncode, result.stderr.splitlines()[0]) == (2, "Error: --engine isn't an HTTP address")
