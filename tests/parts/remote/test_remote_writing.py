"""Writing through the service to another store, which carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from conftest import Server, start_server, stop_server
from digitech_kg.access import TokenStore
from stores import free_port, oxigraph

GRAPH = "http://example.org/graph"


class Remote:
    """A service before an empty Oxigraph, and a token."""

    def __init__(self, server: Server, store: str, tokens: TokenStore) -> None:
        self.server, self.store, self.tokens = server, store, tokens
        self.token, _ = tokens.create("ann", scopes=["write"])

    def send(self, method: str, path: str, body: Any = None, kind: str = "", token: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"} | ({"Content-Type": kind} if kind else {})
        url = self.server.url + path
        headers |= options.pop("headers", {})
        return requests.request(method, url, data=body, headers=headers, timeout=60, **options)

    def update(self, text: str, **options: Any) -> Any:
        return self.send("POST", "/sparql", text, "application/sparql-update", **options)

    def rows(self, pattern: str) -> list[str]:
        response = self.server.sparql(f"SELECT ?x {{ {pattern} }} ORDER BY ?x")
        return [row["x"]["value"] for row in response.json()["results"]["bindings"]]


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    directory = tmp_path_factory.mktemp("store")
    (directory / "none.nq").write_text("")
    data = tmp_path_factory.mktemp("data")
    with oxigraph(directory / "none.nq", directory) as url:
        store = url.removesuffix("/query")
        server = start_server(data, "--engine", url, "--engine-update", f"{store}/update", "--workers", "2")
        yield Remote(server, store, TokenStore(data))
        stop_server(server)


@pytest.fixture(autouse=True)
def _empty(remote: Remote) -> None:
    requests.post(f"{remote.store}/update", data={"update": "CLEAR ALL"}, timeout=60).raise_for_status()


def test_update_reaches_the_store_and_is_answered_from_at_once(remote: Remote) -> None:
    question = f"GRAPH <{GRAPH}> {{ ?x <x:p> 1 }}"
    before = remote.server.sparql(f"SELECT ?x {{ {question} }} ORDER BY ?x").headers["ETag"]
    response = remote.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <x:a> <x:p> 1 }} }}")
    assert response.status_code == 200, response.text
    assert remote.rows(question) == ["x:a"]
    after = remote.server.sparql(f"SELECT ?x {{ {question} }} ORDER BY ?x", headers={"If-None-Match": before})
    assert after.status_code == 200


def test_graph_is_replaced_added_to_and_deleted(remote: Remote) -> None:
    question, address = f"GRAPH <{GRAPH}> {{ ?x <x:p> ?v }}", {"graph": GRAPH}
    remote.send("PUT", "/graph-store", "<x:a> <x:p> 1 . <x:b> <x:p> [] .", "text/turtle", params=address)
    awkward = r"""<x:c> <x:p> 'it\'s "so" } ; DROP ALL'@en ."""
    remote.send("PUT", "/graph-store", awkward, "text/turtle", params=address)
    remote.send("POST", "/graph-store", "<x:d> <x:p> 2 .", "text/turtle", params=address)
    assert remote.rows(question) == ["x:c", "x:d"]
    assert remote.send("DELETE", "/graph-store", params=address).status_code == 200
    assert remote.rows(question) == []


def test_faulty_update_is_refused_before_it_leaves(remote: Remote) -> None:
    response = remote.update("INSERT DATA {\n ?x <x:p> 1 }")
    assert (response.status_code, response.json()["line"]) == (400, 2)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "INSERT { <x:a> <x:p> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        'PREFIX bif: <bif:> INSERT { <x:a> <x:p> ?o } WHERE { BIND(bif:http_get("http://127.0.0.1:9/") AS ?o) }',
        "INSERT DATA { <x:a> <x:p> 1 } ; PREFIX q: <sql:> INSERT { <x:a> <x:p> ?o } WHERE { BIND(q:f(1) AS ?o) }",
    ],
)
def test_what_would_leave_the_store_is_refused(remote: Remote, text: str) -> None:
    assert remote.update(text).status_code == 403
    assert remote.rows("?x <x:p> ?o") == []


def test_what_needs_versions_is_refused(remote: Remote) -> None:
    text = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <x:a> <x:p> 1 }} }}"
    assert remote.update(text, params={"dryRun": "true"}).status_code == 400
    assert remote.update(text, headers={"If-Match": '"x"'}).status_code == 400
    assert remote.rows("?x <x:p> ?o") == []


def test_store_that_is_away_is_502(tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    server = start_server(tmp_path, "--engine", f"{away}/query", "--engine-update", f"{away}/update")
    try:
        response = Remote(server, away, TokenStore(tmp_path)).update("INSERT DATA { <x:a> <x:p> 1 }")
    finally:
        stop_server(server)
    assert response.status_code == 502
    assert "can't reach the store" in response.json()["detail"]
