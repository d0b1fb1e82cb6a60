"""The query operation of the SPARQL 1.1 Protocol, over HTTP against a running server."""

import json
import re
import socket
import zlib
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import zstandard
from hypothesis import assume, given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace

from conftest import Server
from digitech_kg.errors import CallError
from digitech_kg.formats import FORMATS, Kind
from digitech_kg.web.sparql.protocol import parse_parameters

DK = "https://w3id.org/digitech-kg/ontology#"
ONTOLOGY_GRAPH = "https://w3id.org/digitech-kg/graph/ontology"
UPDATE = "application/sparql-update"
ASK = "ASK { ?s ?p ?o }"
#: An answer of some megabytes.
MANY_ROWS = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 20000"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
#: The terms of the vocabulary that a description of this kind may use (SPARQL 1.1 Service Description, section 3).
SD_TERMS = frozenset(
    """Dataset Feature Graph Language NamedGraph SPARQL11Query Service UnionDefaultGraph defaultDataset
    defaultEntailmentRegime defaultGraph endpoint feature graph name namedGraph resultFormat
    supportedLanguage""".split()  # noqa: SIM905
)
CONSTRUCT = "CONSTRUCT WHERE { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }"


def problem(response: requests.Response, status: int) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document  # type: ignore[no-any-return]


def test_query_by_get(server: Server) -> None:
    response = server.sparql(ASK)
    assert response.headers["Content-Type"] == "application/sparql-results+json"
    assert response.json()["boolean"] is True


def test_query_by_post_of_a_form(server: Server) -> None:
    assert server.post("/sparql", data={"query": ASK}).json()["boolean"] is True


def test_query_by_direct_post(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=utf-8"}
    assert server.post("/sparql", data=ASK.encode(), headers=headers).json()["boolean"] is True


def test_query_by_the_query_method(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    response = requests.request("QUERY", server.url + "/sparql", data=ASK, headers=headers, timeout=60)
    assert response.json()["boolean"] is True


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    url = server.url + "/sparql"
    head, get = (requests.request(m, url, params={"query": ASK}, timeout=60) for m in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.content))


def test_options_tells_methods_and_allows_any_origin(server: Server) -> None:
    response = requests.options(server.url + "/sparql", headers={"Origin": "https://example.org"}, timeout=60)
    assert response.ok
    assert {"GET", "POST", "QUERY"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_default_graph_uri_replaces_the_union(server: Server) -> None:
    query = "ASK { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }"
    response = server.get("/sparql", params={"query": query, "default-graph-uri": ONTOLOGY_GRAPH})
    assert response.json()["boolean"] is False


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED", "from"])
def test_dataset_clause_in_the_query_replaces_the_union(server: Server, clause: str) -> None:
    query = f"ASK {clause} <{ONTOLOGY_GRAPH}> {{ <https://w3id.org/digitech-kg/id/huawei> ?p ?o }}"
    assert server.sparql(query).json()["boolean"] is False


def test_relative_iris_are_resolved_against_the_base_of_the_project(server: Server) -> None:
    assert server.sparql("ASK { <id/huawei> ?p ?o }").json()["boolean"] is True


def test_several_default_graphs_are_merged(server: Server) -> None:
    query = f"ASK {{ <https://w3id.org/digitech-kg/id/huawei> ?p ?o . <{DK}Company> ?q ?r }}"
    graphs = [ONTOLOGY_GRAPH, "https://w3id.org/digitech-kg/graph/nupi-digi-tech"]
    assert server.get("/sparql", params={"query": query, "default-graph-uri": graphs}).json()["boolean"] is True


def test_named_graph_uri_limits_graph(server: Server) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    response = server.get("/sparql", params={"query": query, "named-graph-uri": ONTOLOGY_GRAPH})
    assert [row["g"]["value"] for row in response.json()["results"]["bindings"]] == [ONTOLOGY_GRAPH]


@pytest.mark.parametrize(
    ("accept", "content_type", "start"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", b"{"),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"s\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?s\n"),
    ],
)
def test_solutions_in_the_four_formats(server: Server, accept: str, content_type: str, start: bytes) -> None:
    query = f"SELECT ?s {{ ?s a <{DK}Sector> }} ORDER BY ?s"
    response = server.sparql(query, headers={"Accept": accept})
    assert response.headers["Content-Type"] == content_type
    assert response.content.startswith(start)
    assert b"id/critical-components" in response.content


@pytest.mark.parametrize(
    ("accept", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_graphs_in_the_four_formats_are_the_same_graph(server: Server, accept: str, parser: str) -> None:
    response = server.sparql(CONSTRUCT, headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(accept)
    expected = Graph().parse(data=server.sparql(CONSTRUCT).text, format="turtle")
    found = Graph().parse(data=response.content, format=parser)
    assert len(found) > 5
    assert {(s, p, str(o)) for s, p, o in found} == {(s, p, str(o)) for s, p, o in expected}


def test_format_parameter_for_people(server: Server) -> None:
    response = server.get("/sparql", params={"query": ASK, "format": "xml"})
    assert response.headers["Content-Type"] == "application/sparql-results+xml"


def test_vary_names_the_accept_header(server: Server) -> None:
    assert "Accept" in server.sparql(ASK).headers["Vary"]


def test_answer_names_the_version_and_unchanged_answer_is_304(server: Server) -> None:
    first = server.sparql(ASK)
    assert first.headers["Dataset-Version"] in first.headers["ETag"]
    again = server.sparql(ASK, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_other_format_has_another_etag(server: Server) -> None:
    etags = {
        server.sparql(ASK, headers={"Accept": f"application/sparql-results+{x}"}).headers["ETag"]
        for x in ("json", "xml")
    }
    assert len(etags) == 2


def test_syntax_error_has_line_and_column(server: Server) -> None:
    document = problem(server.sparql("SELECT *\nWHERE { ?s ?p ?o"), 400)
    assert (document["line"], document["column"]) == (2, 17)


def test_unknown_function_is_400_with_its_name(server: Server) -> None:
    document = problem(server.sparql("SELECT (<urn:f>(?o) AS ?x) { ?s ?p ?o } LIMIT 1"), 400)
    assert "urn:f" in str(document["detail"])


def test_format_that_fits_nothing_is_406_with_the_list(server: Server) -> None:
    document = problem(server.sparql(ASK, headers={"Accept": "image/png"}), 406)
    assert "application/sparql-results+json" in document["available"]  # type: ignore[operator]


def test_format_of_the_other_form_is_406(server: Server) -> None:
    problem(server.sparql(ASK, headers={"Accept": "text/turtle"}), 406)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * {\n SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p } }",
    ],
)
def test_service_is_forbidden_with_the_reason(server: Server, query: str) -> None:
    assert "SERVICE" in str(problem(server.sparql(query), 403)["detail"])


def test_problem_document_is_in_english_whatever_language_is_asked_for(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query", "Accept-Language": "nb"}
    response = server.post("/sparql", params={"lang": "nb"}, data="SELECT * {", headers=headers)
    assert problem(response, 400)["title"] == "SPARQL syntax error"


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": [ASK, ASK]}, 400),
        ({"query": ASK, "default-graph-uri": "not an iri"}, 400),
        ({"query": ASK, "timeout": "soon"}, 400),
        ({"query": ASK, "timeout": "-1"}, 400),
        ({"query": ASK, "format": "yaml"}, 400),
        ({"query": ASK, "qurey": "x"}, 400),
        ({"query": ""}, 400),
    ],
)
def test_bad_parameters_are_400(server: Server, parameters: dict[str, object], status: int) -> None:
    problem(server.get("/sparql", params=parameters), status)


@pytest.mark.parametrize("query_string", ["query=ASK%20%7B%zz%7D", "query=%FF%FE", "query=ASK%20%00%7B%7D"])
def test_broken_encoding_is_400(server: Server, query_string: str) -> None:
    problem(server.get("/sparql?" + query_string), 400)


def test_other_body_type_is_415(server: Server) -> None:
    problem(server.post("/sparql", data="{}", headers={"Content-Type": "application/json"}), 415)


def test_other_charset_is_415(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=utf-16"}
    problem(server.post("/sparql", data=ASK.encode("utf-16"), headers=headers), 415)


def test_body_that_is_not_utf8_is_400(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    problem(server.post("/sparql", data=b"ASK { ?s ?p '\xff' }", headers=headers), 400)


def test_body_above_the_limit_is_413(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    problem(server.post("/sparql", data=b"#" * (3 * 1024 * 1024), headers=headers), 413)


def test_query_above_the_limit_is_413(server: Server) -> None:
    problem(server.post("/sparql", data={"query": ASK + " " * 200_001}), 413)


def test_update_without_any_token_is_403(server: Server) -> None:
    for options in ({"data": {"update": "CLEAR ALL"}}, {"data": "x", "headers": {"Content-Type": UPDATE}}):
        assert "read-only" in problem(server.post("/sparql", **options), 403)["detail"]


def test_other_method_is_405_with_those_allowed(server: Server) -> None:
    response = requests.delete(server.url + "/sparql", timeout=60)
    problem(response, 405)
    assert "GET" in response.headers["Allow"]


def test_query_at_its_deadline_is_504(server: Server) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    document = problem(server.get("/sparql", params={"query": query, "timeout": "0.3"}), 504)
    assert (document["limit"], document["value"]) == ("timeout_s", 0.3)


def test_large_answer_is_whole_and_has_its_length(server: Server) -> None:
    response = server.sparql(MANY_ROWS, headers={"Accept-Encoding": "identity"})
    assert int(response.headers["Content-Length"]) == len(response.content) > 5_000_000
    assert len(json.loads(response.content)["results"]["bindings"]) == 20_000


def test_client_that_goes_away_harms_nobody(server: Server) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(b"GET /sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D HTTP/1.1\r\nHost: x\r\n\r\n")
    assert server.sparql(ASK).json()["boolean"] is True


def test_problem_is_a_page_for_a_browser(server: Server) -> None:
    response = server.sparql("SELECT", headers={"Accept": "text/html"})
    assert response.status_code == 303
    page = server.get(response.headers["Location"].removeprefix(server.url), headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "SPARQL syntax error" in page.text


def test_unknown_path_is_a_404_problem(server: Server) -> None:
    problem(server.get("/nowhere"), 404)


@pytest.mark.parametrize("header", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
def test_security_headers_are_everywhere(server: Server, header: str) -> None:
    assert all(header in server.get(path).headers for path in ("/", "/nowhere", "/healthz"))


def test_no_query_gives_the_service_description(server: Server) -> None:
    graph = Graph().parse(data=server.get("/sparql").text, format="turtle")
    service = graph.value(predicate=RDF.type, object=SD.Service)
    assert str(graph.value(service, SD.endpoint)) == server.url + "/sparql"
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    named = {str(o) for o in graph.objects(None, SD.name)}
    answer = server.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()
    assert named == {row["g"]["value"] for row in answer["results"]["bindings"]}


def test_described_formats_are_those_that_work(server: Server) -> None:
    graph = Graph().parse(data=server.get("/sparql").text, format="turtle")
    formats = {str(o).rsplit("/", 1)[1] for o in graph.objects(None, SD.resultFormat)}
    assert formats == {fmt.iri.rsplit("/", 1)[1] for fmt in FORMATS}
    for fmt in FORMATS:
        query = "SELECT (1 AS ?x) {}" if fmt.kind is Kind.SOLUTIONS else CONSTRUCT
        response = server.sparql(query, headers={"Accept": fmt.media_type})
        assert (response.status_code, response.headers["Content-Type"]) == (200, fmt.content_type)


def test_service_description_uses_terms_of_the_vocabulary_only(server: Server) -> None:
    graph = Graph().parse(data=server.get("/sparql").text, format="turtle")
    terms = {str(t) for triple in graph for t in triple if str(t).startswith(str(SD))}
    assert terms
    assert {term.removeprefix(str(SD)) for term in terms} <= SD_TERMS


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_answer_is_compressed_if_the_client_takes_it(server: Server, coding: str) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 500"
    plain = server.sparql(query, headers={"Accept-Encoding": "identity"})
    packed = server.sparql(query, headers={"Accept-Encoding": coding}, stream=True)
    raw = packed.raw.read(decode_content=False)
    assert packed.headers["Content-Encoding"] == coding
    assert int(packed.headers["Content-Length"]) == len(raw) < len(plain.content) / 3
    unzstd = zstandard.ZstdDecompressor().decompressobj()
    unpacked = zlib.decompress(raw, 47) if coding == "gzip" else unzstd.decompress(raw)
    assert unpacked == plain.content


def test_compressed_answer_has_an_etag_of_its_own(server: Server) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 500"
    answers = [server.sparql(query, headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip")]
    assert len({answer.headers["ETag"] for answer in answers}) == 2


def test_large_answer_is_compressed_as_it_is_sent(server: Server) -> None:
    response = server.sparql(MANY_ROWS, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.json()["results"]["bindings"]) == 20_000


def test_repeated_query_is_answered_from_the_cache(server: Server) -> None:
    query = "SELECT (COUNT(*) AS ?cached) { ?s ?p ?o }"
    before = cached(server)
    assert server.sparql(query).content == server.sparql(query).content
    assert cached(server) == before + 1


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "STRUUID()"])
def test_answer_with_a_fleeting_value_is_neither_kept_nor_tagged(server: Server, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = server.sparql(query), server.sparql(query)
    assert first.content != second.content
    assert "ETag" not in first.headers


def cached(server: Server) -> float:
    lines = server.get("/metrics").text.splitlines()
    name = 'digitech_kg_requests_total{outcome="cached",route="/sparql",status="200"}'
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)), 0.0)


@given(st.text(alphabet=st.sampled_from("=%+& \n\r_-aé0.41Dd"), max_size=30))
def test_form_encoded_text_is_read_as_the_standard_library_reads_it(text: str) -> None:
    assume(not re.search("%(?![0-9A-Fa-f]{2})", text))
    try:
        expected = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(CallError, match="is not UTF-8"):
            parse_parameters(text, "the body")
    else:
        assert parse_parameters(text, "the body") == expected
