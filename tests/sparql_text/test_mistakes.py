"""What people are told of a query that is no SPARQL, and of one that runs but may not ask what was meant."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from digitech_kg.errors import QuerySyntaxError
from digitech_kg.sparql_text.mistakes import mend, syntax_error
from digitech_kg.web.pages.editor import advise_on
from stored_site import NAMES, open_service, open_site

PREFIX = "PREFIX dk: <https://w3id.org/digitech-kg/ontology#>\n"


def mended(text: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        Store().query(text, prefixes=dict(NAMES.prefixes))
    return mend(syntax_error(caught.value), text, NAMES.prefixes)


@pytest.mark.parametrize(
    ("query", "line", "column", "says", "hint"),
    [
        ("SELECT * {\n ?s ?p ?o .\n FILTR(?o > 1) }", 3, 2, "FILTR is not a word of SPARQL", "Did you mean FILTER?"),
        ("SELCT * { ?s ?p ?o }", 1, 1, "SELCT is not a word of SPARQL", "Did you mean SELECT?"),
        ("SELECT * { ?s ?p ?o } ODER BY ?s", 1, 23, "ODER is not a word of SPARQL", "Did you mean ORDER?"),
        ("SELECT * { ?s dkk:hasOwner ?o }", 1, 15, "declares the prefix dkk:", "Did you mean dk:hasOwner?"),
        ("SELECT * { ?s zzzzz:x ?o }", 1, 15, "declares the prefix zzzzz:", "Add a line at the top"),
        ("SELECT * { ?s ?p }", 1, 17, "a part of the pattern is missing", "subject, predicate and object"),
        ("SELECT * { ?s ?p ?o", 1, 20, "a } is missing here", "has to be closed"),
        ("SELECT * { ?s ?p ?o ?x }", 1, 21, "?x does not belong here", "a full stop"),
        ("PREFIX x: <a:>\ninsert DATA { }", 2, 1, "INSERT begins an update", "as an update"),
    ],
)
def test_syntax_error_names_what_was_meant(query: str, line: int, column: int, says: str, hint: str) -> None:
    error = mended(query)
    assert (error.line, error.column) == (line, column)
    assert says in error.message
    assert hint in str(error.hint)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT ?s ?s { ?s ?p ?o }", "a variable stands twice after SELECT"),
        ("SELECT ?s (1 AS ?p) { ?s ?p ?o }", "the name after AS is a variable already"),
    ],
)
def test_variable_that_is_named_twice_is_called_that(query: str, says: str) -> None:
    assert mended(query).message == says


def test_variable_that_is_not_grouped_is_called_that() -> None:
    assert "neither in GROUP BY" in mended("SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s").message


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("site"), open_service()).test_client()


def advice(client: FlaskClient, query: str) -> str:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    return answer.headers.get("Query-Advice", "")


def test_prefixes_of_the_project_need_no_declaration(client: FlaskClient) -> None:
    assert advice(client, "SELECT ?c { ?c a dk:Company ; rdfs:label ?l . FILTER(?c = id:acme) }") == ""


def test_term_that_the_dataset_does_not_have_is_named_with_the_nearest(client: FlaskClient) -> None:
    query = PREFIX + "SELECT * { ?c a dk:Compny }"
    assert advice(client, query) == '"dk:Compny";code=unknown-name;suggestion="dk:Company"'
    page = client.get("/results", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "The dataset has no dk:Compny. Did you mean dk:Company?" in page


def test_plain_pattern_tells_of_the_reserved_claims_that_it_passes_over(client: FlaskClient) -> None:
    query = "SELECT * { ?s dk:hasOwnershipKind ?kind }"
    assert advice(client, query).startswith('"dk:hasOwnershipKind";code=reserved-claims;count=')
    assert advice(client, "SELECT * { ?c dk:predicate dk:hasOwnershipKind }") == ""


def test_editor_gets_the_same_advice(client: FlaskClient) -> None:
    found = client.post("/editor/advice", data=PREFIX + "SELECT * { ?c a dk:Compny }").json
    text = "The dataset has no dk:Compny. Did you mean dk:Company?"
    assert found == [{"text": text, "found": "dk:Compny", "suggestion": "dk:Company"}]


def test_advice_asks_the_engine_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    service = open_service()
    monkeypatch.setattr(type(service), "query", lambda *_, **__: pytest.fail("the engine was asked"))
    assert [found.code for found in advise_on(service, "SELECT * { ?s dk:hasOwnershipKind ?kind }")] == [
        "reserved-claims"
    ]
