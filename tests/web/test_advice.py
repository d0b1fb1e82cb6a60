"""What is told of a query that runs but may not ask what was meant."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.book.advice import Advice
from digitech_kg.namespaces import TERMS
from digitech_kg.web.reading.reader import advise_on
from stored_site import NAMES, StoredService, open_service, open_site


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


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { ?x dk:isInSectr ?y }", '"dk:isInSectr";code=unknown-name;meant="dk:isInSector"'),
        ("ASK { ?x a dk:Compny. }", '"dk:Compny";code=unknown-name;meant="dk:Company"'),
        ("SELECT * { GRAPH graph:thngs { ?s ?p ?o } }", '"graph:thngs";code=unknown-name;meant="graph:things"'),
        ("SELECT (COUNT(*) AS ?n) { id:acmee ?p ?o }", '"id:acmee";code=unknown-name;meant="id:acme"'),
        ("SELECT * { id:qqqqqqqqq ?p ?o }", '"id:qqqqqqqqq";code=unknown-name'),
        (
            "SELECT * { ?x a <https://w3id.org/digitech-kg/ontology#Compny> }",
            '"<https://w3id.org/digitech-kg/ontology#Compny>";code=unknown-name;meant="dk:Company"',
        ),
        (
            "SELECT * { ?x a <https://w3id.org/digitech-kg/ontology/Company> }",
            '"<https://w3id.org/digitech-kg/ontology/Company>";code=unknown-name;meant="dk:Company"',
        ),
        (
            "PREFIX dk: <http://w3id.org/digitech-kg/ontology#> SELECT * { ?x a dk:Company }",
            '"dk:Company";code=unknown-name;meant="<https://w3id.org/digitech-kg/ontology#Company>"',
        ),
        (
            "PREFIX dk: <https://w3id.org/digitech-kg/ontolgy#> SELECT * { ?x a dk:Company }",
            '"dk:Company";code=unknown-name;meant="<https://w3id.org/digitech-kg/ontology#Company>"',
        ),
        ("SELECT * { ?x a <https://schema.org/Organization>, <https://w3id.org/other/ontology#Company> }", ""),
        ("PREFIX dk: <urn:other:> SELECT * { ?x dk:isInSectr ?y FILTER(STRSTARTS(STR(?x), STR(id:))) }", ""),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest(client: FlaskClient, query: str, told: str) -> None:
    assert advice(client, query) == told


def test_an_empty_page_blames_the_misspelt_name_and_not_the_graph(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?x dk:isInSectr ?y }"}
    page = " ".join(client.get("/results", query_string=query, headers={"Accept": "text/html"}).text.split())
    assert "Nothing here is called dk:isInSectr. Did you mean dk:isInSector?" in page
    assert "This means that the graph does not say it" not in page.partition('id="result"')[2]


@pytest.mark.parametrize(
    ("path", "code", "meant"), [("id/acmee", "not-found", "id:acme"), ("claim/one/zzzzz", "unknown-claim", None)]
)
def test_an_unknown_address_is_told_with_the_nearest_name(
    client: FlaskClient, path: str, code: str, meant: str | None
) -> None:
    told = client.get(f"/{path}", headers={"Accept": "application/json"}).get_json()
    assert (told["status"], told["code"]) == (404, code)
    assert told["hint"] == (f"Did you mean {meant}?" if meant else "Search for what you meant.")


def test_advice_asks_the_engine_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    service = open_service()
    monkeypatch.setattr(type(service), "query", lambda *_, **__: pytest.fail("the engine was asked"))
    advice = advise_on(service, "SELECT * { ?s dk:hasOwnershipKind ?kind }")
    assert advice == (Advice("dk:hasOwnershipKind", count=1),)


def test_a_property_that_the_data_has_without_an_ontology_is_no_unknown_name() -> None:
    thing, has = NamedNode(f"{NAMES.prefixes['id']}acme"), NamedNode(f"{TERMS}isInSectr")
    store = Store()
    store.add(Quad(thing, has, Literal("Retail")))
    assert advise_on(StoredService(store, NAMES), "SELECT * { ?x dk:isInSectr ?y }") == ()
