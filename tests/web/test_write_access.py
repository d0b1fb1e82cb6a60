"""Who may write to a running server: tokens as RFC 6750 has them, seen at once, never logged."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from conftest import Server, start_server, stop_server
from digitech_kg.access import TokenStore

NOTE, OTHER = "https://example.org/graph/note", "https://example.org/graph/other"
UPDATE = f"INSERT DATA {{{{ GRAPH <{NOTE}> {{{{ <https://example.org/{{}}> <https://example.org/p> 1 }}}} }}}}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("access"), "--empty", "--workers", "1", "--log", "json")
    yield running
    stop_server(running)


@pytest.fixture
def tokens(server: Server) -> Iterator[TokenStore]:
    store = TokenStore(server.data_dir)
    store.create("somebody", scopes=["read"])
    yield store
    for token in store.tokens():
        store.revoke(token.name)


def update(
    server: Server, authorization: str | None, text: str = UPDATE.format("s"), query: str = ""
) -> requests.Response:
    headers = {"Content-Type": "application/sparql-update"}
    headers |= {"Authorization": authorization} if authorization else {}
    return server.post("/sparql" + query, data=text, headers=headers)


def put(server: Server, graph: str, authorization: str) -> requests.Response:
    headers = {"Content-Type": "text/turtle", "Authorization": authorization}
    url = server.url + "/graph-store"
    return requests.put(url, params={"graph": graph}, data="<x:s> <x:p> 2 .", headers=headers, timeout=60)


def test_without_any_token_the_server_is_read_only(server: Server) -> None:
    response = update(server, None)
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "read-only" in response.json()["detail"]
    assert "WWW-Authenticate" not in response.headers


def test_write_without_credentials_is_challenged(server: Server, tokens: TokenStore) -> None:
    response = update(server, None)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, 'Bearer realm="digitech-kg"')


def test_names_and_passwords_are_not_taken(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("anna", scopes=["write"])
    response = update(server, "Basic " + base64.b64encode(f"anna:{text}".encode()).decode())
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")


def test_token_in_the_address_is_refused(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("anna", scopes=["write"])
    response = update(server, None, query=f"?access_token={text}")
    assert response.status_code == 401
    assert 'error="invalid_request"' in response.headers["WWW-Authenticate"]


def test_token_made_and_revoked_while_the_server_runs_is_seen_at_once(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("anna", scopes=["write"])
    assert update(server, f"Bearer {text}", UPDATE.format("made")).status_code == 200
    tokens.revoke("anna")
    response = update(server, f"Bearer {text}", UPDATE.format("revoked"))
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    rows = server.sparql("SELECT ?s { ?s <https://example.org/p> ?o }").json()["results"]["bindings"]
    assert {row["s"]["value"] for row in rows} == {"https://example.org/made"}


def test_scope_that_is_missing_is_named(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("reader", scopes=["read"])
    response = update(server, f"Bearer {text}")
    assert response.status_code == 403
    assert response.json()["scope"] == "write"
    assert 'error="insufficient_scope", scope="write"' in response.headers["WWW-Authenticate"]


def test_tokens_that_cannot_be_read_let_nobody_write(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("anna", scopes=["write"])
    kept = tokens.file.read_bytes()
    tokens.file.write_bytes(b"{")
    response = update(server, f"Bearer {text}")
    tokens.file.write_bytes(kept)
    assert response.status_code == 503
    assert str(server.data_dir) not in response.text
    assert server.sparql("ASK {}").json()["boolean"] is True


def test_token_over_its_rate_is_asked_to_wait(tmp_path: Path) -> None:
    server = start_server(tmp_path, "--empty", "--workers", "1", "--log", "json", "--token-rate", "0.01")
    text, _ = TokenStore(tmp_path).create("anna", scopes=["write"])
    try:
        responses = [update(server, f"Bearer {text}", "not SPARQL") for _ in range(2)]
        server.wait_for_line("/sparql")
    finally:
        stop_server(server)
    assert [response.status_code for response in responses] == [400, 429]
    busy = responses[1]
    assert busy.headers["Retry-After"] == "1"
    assert busy.json()["limit"] == "token_rate"
    assert not [line for line in server.said if text.split("_")[2] in line or "Bearer" in line]
    assert [line for line in server.said if "/sparql" in line]


def test_a_write_under_conditions_needs_the_state_that_they_name(server: Server, tokens: TokenStore) -> None:
    text, _ = tokens.create("anna", scopes=["write"])
    path, body = f"/graph-store?graph={NOTE}", "<https://example.org/conditions> <https://example.org/p> 1 ."

    def put(**condition: str) -> int:
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {text}"}
        headers |= {name.replace("_", "-"): value for name, value in condition.items()}
        return requests.put(server.url + path, data=body, headers=headers, timeout=60).status_code

    assert put() in (200, 201)
    tag = server.get(path, headers={"Accept": "text/turtle"}).headers["ETag"]
    assert put(If_Match=tag) == 200
    # A weak tag protects what is there, and never names it (RFC 9110, section 13.1).
    assert put(If_None_Match=f"W/{tag}") == 412
    assert put(If_Match=f"W/{tag}") == 412
    assert put(If_None_Match="*") == 412
