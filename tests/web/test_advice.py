"""What is told of a query that runs but may not ask what was meant."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from digitech_kg.web.pages.editor import advise_on
from stored_site import open_service, open_site


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("site"), open_service()).test_client()


def advice(client: FlaskClient, query: str) -> str:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    return answer.headers.get("Query-Advice", "")


def test_prefixes_of_the_project_need_no_declaration(client: FlaskClient) -> None:
    assert advice(client, "SELECT ?c { ?c a dk:Company ; rdfs:label ?l . FILTER(?c = id:acme) }") == ""


def test_plain_pattern_tells_of_the_reserved_claims_that_it_passes_over(client: FlaskClient) -> None:
    query = "SELECT * { ?s dk:hasOwnershipKind ?kind }"
    assert advice(client, query).startswith('"dk:hasOwnershipKind";code=reserved-claims;count=')
    page = client.get("/results", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "This finds only what is stated with dk:hasOwnershipKind without reserve." in page
    assert advice(client, "SELECT * { ?c dk:predicate dk:hasOwnershipKind }") == ""


def test_advice_asks_the_engine_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    service = open_service()
    monkeypatch.setattr(type(service), "query", lambda *_, **__: pytest.fail("the engine was asked"))
    (found,) = advise_on(service, "SELECT * { ?s dk:hasOwnershipKind ?kind }")
    assert found.count
