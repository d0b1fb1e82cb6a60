"""The same service before other stores: every saved question, and what SPARQL engines are known to differ in."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from pyoxigraph import BlankNode, Literal, QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from conftest import ROOT, Server, start_server, stop_server
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from stores import oxigraph, virtuoso, virtuoso_is_there

QUESTIONS = sorted((ROOT / "data/queries").glob("*.rq"))
PROBES = sorted((Path(__file__).parents[2] / "data/engines").glob("*.rq"))
FILES = [*QUESTIONS, *PROBES]
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
HAS_VIRTUOSO = virtuoso_is_there()
ACCEPT = {"Accept": "application/sparql-results+json, application/n-triples;q=0.9"}
NEEDS_VIRTUOSO = pytest.mark.skipif(
    not HAS_VIRTUOSO, reason="virtuoso-t is absent; on Debian: apt-get install virtuoso-opensource-7"
)
STORES = [
    "oxigraph",
    "oxigraph with union",
    pytest.param("virtuoso", marks=NEEDS_VIRTUOSO),
]
#: Pages are made from a book of the store, which takes seconds to write: that of one store is enough.
STORES_OF_PAGES = [
    pytest.param("oxigraph", marks=pytest.mark.thorough),
    pytest.param("oxigraph with union", marks=[pytest.mark.thorough] if HAS_VIRTUOSO else []),
    STORES[2],
]


class Remote(NamedTuple):
    """A store of its own kind, and the service before it."""

    store_url: str
    server: Server


def asked_of_stores() -> Iterator[Any]:
    """Yield each probe with each store, and saved questions with Virtuoso: Oxigraph's is the engine in here as well.

    Of the questions that Virtuoso answers like the engine, each fifth one is asked every day.
    """
    alike = [path for path in QUESTIONS if (path.stem, "virtuoso") not in DIFFERENCES]
    rare = set(alike) - set(alike[::5])
    for path in FILES:
        is_enough = HAS_VIRTUOSO and path in QUESTIONS
        marks = [pytest.mark.thorough] if is_enough else []
        yield pytest.param(path, "oxigraph", id=f"{path.stem}-oxigraph", marks=marks)
        marks = [pytest.mark.thorough] if path in rare else []
        yield pytest.param(path, "virtuoso", id=f"{path.stem}-virtuoso", marks=[NEEDS_VIRTUOSO, *marks])
        if path in PROBES:
            yield pytest.param(path, "oxigraph with union", id=f"{path.stem}-union")


def read_differences() -> dict[tuple[str, str], set[str]]:
    """Give the table of docs/engines.md: (query, store) → "value" or an HTTP status, and "" for at times."""
    rows = re.findall(
        r"^\| `(\w+)` \| ([\w ]+) \| (value|\d{3})( at times)? \| \S.*\|$",
        (ROOT / "docs/engines.md").read_text(),
        re.MULTILINE,
    )
    return {(query, store): {kind, ""} if at_times else {kind} for query, store, kind, at_times in rows}


DIFFERENCES = read_differences()


@pytest.fixture(scope="module")
def quads(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("quads") / "graph.nq"
    open_read_only(snapshot.store).dump(file, format=RdfFormat.N_QUADS)
    return file


@pytest.fixture
def few_quads(tmp_path: Path) -> Path:
    file = tmp_path / "few.nq"
    file.write_text("".join(f"<x:s> <x:p> <x:o{number}> <x:g> .\n" for number in range(9)))
    return file


@contextmanager
def before(store_url: str, *options: str) -> Iterator[Remote]:
    server = start_server(Path(), "--engine", store_url, "--query-timeout", "20", *options)
    try:
        yield Remote(store_url, server)
    finally:
        stop_server(server)


@pytest.fixture(scope="module")
def remotes(quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Remote]]:
    with (
        oxigraph(quads, tmp_path_factory.mktemp("oxigraph")) as url,
        before(url) as named,
        before(f"{url}?union-default-graph") as union,
    ):
        yield {"oxigraph": named, "oxigraph with union": union}


@pytest.fixture(scope="module")
def virtuoso_remote(quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with virtuoso(quads, tmp_path_factory.mktemp("virtuoso")) as url, before(url) as remote:
        yield remote


@pytest.fixture
def remote(request: pytest.FixtureRequest, store: str) -> Remote:
    if store == "virtuoso":
        return request.getfixturevalue("virtuoso_remote")  # type: ignore[no-any-return]
    return request.getfixturevalue("remotes")[store]  # type: ignore[no-any-return]


def by_form(term: Any) -> Any:
    """A term as it is written; blank nodes have other labels in every answer."""
    return "_:" if isinstance(term, BlankNode) else str(term)


def by_value(term: Any) -> Any:
    """A term such that two literals of one value are equal, whatever their form."""
    if not isinstance(term, Literal):
        return by_form(term)
    datatype = term.datatype.value
    if datatype in NUMBERS:
        try:
            # Virtuoso keeps decimals as binary fractions of about 15 digits.
            return round(Decimal(term.value), 12)
        except InvalidOperation:
            return str(term)
    if datatype == XSD + "boolean":
        # As text: in Python, True is equal to 1.
        return "true" if term.value in ("true", "1") else "false"
    return str(term)


def comparable(response: requests.Response, term: Any) -> Any:
    """An answer as a multiset of solutions, a yes or no, or a set of triples; an error as its status."""
    if response.status_code != 200:
        return response.status_code
    if response.headers["Content-Type"] == "application/n-triples":
        return {tuple(map(term, quad.triple)) for quad in parse(response.content, RdfFormat.N_TRIPLES)}
    results = parse_query_results(response.content, QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return bool(results)
    names = sorted(variable.value for variable in results.variables)  # type: ignore[union-attr]
    return names, Counter(tuple(term(row[name]) for name in names) for row in results)  # type: ignore[union-attr]


def difference(ours: requests.Response, theirs: requests.Response) -> str:
    """Say how two answers differ: not at all (""), in "form" only, in "value", or as the other's HTTP status."""
    if theirs.status_code != 200:
        return str(theirs.status_code)
    if comparable(ours, by_value) != comparable(theirs, by_value):
        return "value"
    return "" if comparable(ours, by_form) == comparable(theirs, by_form) else "form"


@cache
def local_answer(server_url: str, query: str) -> requests.Response:
    """Return the answer of the local engine, which is the same whichever store is asked beside it."""
    return requests.get(f"{server_url}/sparql", params={"query": query}, headers=ACCEPT, timeout=60)


@pytest.mark.parametrize(("path", "store"), list(asked_of_stores()))
def test_answer_is_the_local_engine_s_or_a_difference_listed(
    path: Path, store: str, remote: Remote, server: Server
) -> None:
    query = path.read_text(encoding="utf-8")
    ours, theirs = local_answer(server.url, query), remote.server.sparql(query, headers=ACCEPT)
    assert ours.status_code == 200, ours.text
    found = difference(ours, theirs)
    if store == "virtuoso" and found == "form":
        found = ""
    assert found in DIFFERENCES.get((path.stem, store), {""}), theirs.text[:9000]


def test_every_difference_listed_is_of_a_query_that_is_asked() -> None:
    assert DIFFERENCES
    assert {query for query, _ in DIFFERENCES} <= {path.stem for path in FILES}
    assert {store for _, store in DIFFERENCES} <= {"oxigraph", "oxigraph with union", "virtuoso"}


def test_every_saved_question_has_the_local_answer_on_oxigraph() -> None:
    questions = {path.stem for path in QUESTIONS}
    assert [row for row in DIFFERENCES if row[0] in questions and row[1] != "virtuoso"] == []


@pytest.mark.parametrize("store", STORES_OF_PAGES)
def test_start_page_and_a_question_s_page_come_from_the_store(store: str, remote: Remote) -> None:
    assert "say nothing" in remote.server.get("/").text
    assert "/query/is_state_ownership_denied" in remote.server.get("/data").text
    assert "is not owned by the state" in remote.server.get("/page/query/is_state_ownership_denied").text


@pytest.mark.parametrize("store", STORES_OF_PAGES)
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/issue/huawei-state", "documents say no"),
        ("/page/claim/nupi-digi-tech/huawei-not-state-owned", "Who says otherwise"),
        ("/search?q=Xiomi", "Xiaomi"),
        ("/reconcile/suggest/entity?prefix=huaw", "huawei"),
        # Read from the same book.
        *(
            pytest.param(path, words, marks=pytest.mark.thorough)
            for path, words in [
                ("/compare?a=nupi-digi-tech&b=balding-clarke-2019", "Both take a side on"),
                ("/compare?a=Huawei", "five of the eleven documents have"),
                ("/document/nupi-digi-tech", "Huawei"),
                ("/claims?kind=prediction", "Nine predictions"),
                ("/explore", "Huawei"),
                ("/reconcile", "defaultTypes"),
            ]
        ),
    ],
)
def test_page_is_made_from_the_store(path: str, words: str, store: str, remote: Remote) -> None:
    page = remote.server.get(path)
    assert page.status_code == 200, page.text
    assert words in page.text


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(
    ("media_type", "query"),
    [
        *((name, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3") for name in ("application/sparql-results+xml", "text/csv")),
        *(
            (name, "CONSTRUCT { ?s a ?o } WHERE { { SELECT ?s ?o { ?s a ?o } LIMIT 3 } }")
            for name in ("text/turtle", "application/ld+json", "application/trig")
        ),
    ],
)
def test_format_is_the_one_negotiated_whatever_the_store_writes(
    media_type: str, query: str, store: str, remote: Remote
) -> None:
    response = remote.server.sparql(query, headers={"Accept": media_type})
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].split(";")[0] == media_type
    assert int(response.headers["Content-Length"]) == len(response.content) > 0


@pytest.mark.parametrize(
    ("form", "store"),
    [
        pytest.param("SELECT ?s ?p ?o", "virtuoso", marks=NEEDS_VIRTUOSO),
        pytest.param(
            "CONSTRUCT { ?s ?p ?o }", "oxigraph with union", marks=[pytest.mark.thorough] if HAS_VIRTUOSO else []
        ),
        pytest.param("CONSTRUCT { ?s ?p ?o }", "virtuoso", marks=[NEEDS_VIRTUOSO, pytest.mark.thorough]),
        pytest.param("SELECT ?s ?p ?o", "oxigraph with union", marks=pytest.mark.thorough),
    ],
)
def test_large_result_is_whole(form: str, store: str, remote: Remote, server: Server) -> None:
    graphs = "https://w3id.org/digitech-kg/graph/nupi-digi-tech"
    query = f"{form} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{graphs}')) }}"
    ours, theirs = local_answer(server.url, query), remote.server.sparql(query, headers=ACCEPT)
    assert len(ours.content) > 2_000_000
    assert comparable(ours, by_value) == comparable(theirs, by_value)


@pytest.mark.parametrize("store", STORES)
def test_dataset_of_the_request_is_heeded_or_refused(store: str, remote: Remote) -> None:
    graph = "https://w3id.org/digitech-kg/graph/ontology"
    query = "ASK { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }"
    response = remote.server.get("/sparql", params={"query": query, "default-graph-uri": graph})
    if store == "oxigraph with union":
        assert response.status_code == 502
        assert "ignores which graphs" in response.json()["detail"]
    else:
        assert response.json()["boolean"] is False


@pytest.mark.parametrize("store", STORES)
def test_relative_iri_is_resolved_as_by_the_local_engine(store: str, remote: Remote, server: Server) -> None:
    query = "ASK { <id/huawei> ?p ?o }"
    assert server.sparql(query).json()["boolean"] is True
    assert remote.server.sparql(query).json()["boolean"] is True


@pytest.mark.parametrize("store", STORES)
def test_syntax_error_is_400_with_the_words_of_the_store(store: str, remote: Remote) -> None:
    response = remote.server.sparql("SELECT * WHERE { ?s ?p }")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert len(response.json()["detail"]) > len("the remote store refuses the query: ")


@pytest.mark.parametrize("store", STORES)
def test_service_is_refused_before_it_reaches_the_store(store: str, remote: Remote) -> None:
    assert remote.server.sparql("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }").status_code == 403


def test_own_default_graph_is_the_store_s(few_quads: Path, tmp_path: Path) -> None:
    with oxigraph(few_quads, tmp_path) as url, before(url, "--default-graph", "own") as remote:
        assert remote.server.sparql("ASK { ?s ?p ?o }").json()["boolean"] is False


def test_etag_holds_for_the_window_of_time_and_changes_after_it(remotes: dict[str, Remote]) -> None:
    with before(remotes["oxigraph"].store_url, "--engine-refresh", "0.2") as remote:
        first = remotes["oxigraph"].server.sparql("ASK {}")
        again = remotes["oxigraph"].server.sparql("ASK {}", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        tags = {remote.server.sparql("ASK {}").headers["ETag"]}
        while len(tags) < 2:
            tags.add(remote.server.sparql("ASK {}").headers["ETag"])


@pytest.mark.thorough
@NEEDS_VIRTUOSO
def test_result_that_virtuoso_cuts_is_an_error(few_quads: Path, tmp_path: Path) -> None:
    with virtuoso(few_quads, tmp_path, max_rows=5) as url, before(url, "--default-graph", "own") as remote:
        response = remote.server.sparql("SELECT * { ?s ?p ?o } LIMIT 6")
        assert (response.status_code, response.json()["value"]) == (507, 5)
        assert len(remote.server.sparql("SELECT * { ?s ?p ?o } LIMIT 4").json()["results"]["bindings"]) == 4
