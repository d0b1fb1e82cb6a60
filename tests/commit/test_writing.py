"""Writing over HTTP: updates and graphs in all their forms, what is refused and how, conditions, the past."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from conftest import Server, make_small_project, start_server, stop_server
from digitech_kg.access import TokenStore
from small import GRAPHS, HEADER, NOTE, claim, claim_text, insert

INVALID = insert("note-claim:bare a dk:Claim").text
names = map("https://example.org/graph/{}".format, itertools.count())


@dataclass(frozen=True)
class Client:
    """Somebody with a token."""

    server: Server
    token: str

    def send(
        self, method: str, path: str, body: Any = None, kind: str | None = None, **options: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        headers |= {"Content-Type": kind} if kind else {}
        return requests.request(method, self.server.url + path, data=body, headers=headers, timeout=60, **options)

    def update(self, text: str, **options: Any) -> requests.Response:
        return self.send("POST", "/sparql", text.encode(), "application/sparql-update", **options)

    def put(self, graph: str, turtle: str, **options: Any) -> requests.Response:
        return self.send("PUT", "/graph-store", turtle.encode(), "text/turtle", params={"graph": graph}, **options)

    def ask(self, pattern: str, **parameters: str) -> bool:
        query = f"{HEADER} ASK {{ {pattern} }}"
        response = self.server.get("/sparql", params={"query": query, **parameters})
        found: bool = response.json()["boolean"]
        return found


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server over a project of one claim, with everything that a write goes through."""
    root = make_small_project(tmp_path_factory.mktemp("small") / "project")
    data_dir = tmp_path_factory.mktemp("data")
    token, _ = TokenStore(data_dir).create("ann", scopes=["write"])
    options = ("--project", str(root), "--workers", "2", "--token-rate", "1000")
    running = start_server(data_dir, *options)
    yield Client(running, token)
    stop_server(running)


def test_update_sent_directly_is_answered_from_at_once(client: Client) -> None:
    response = client.update(insert(claim_text("direct")).text)
    assert response.status_code == 200, response.text
    document = response.json()
    assert document["graphs"] == {NOTE.value: {"added": 6, "removed": 0}}
    assert document["version"] == response.headers["Dataset-Version"]
    assert client.ask(f"GRAPH {GRAPHS.evidence('note')} {{ ?a dk:evidence note-claim:direct }}")


def test_update_in_a_form_is_the_same(client: Client) -> None:
    graph = next(names)
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }}"
    assert client.send("POST", "/sparql", {"update": text}).status_code == 200
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 }}")


def test_using_graph_uri_is_what_the_pattern_sees(client: Client) -> None:
    source, other, goal = next(names), next(names), next(names)
    client.put(source, "<x:in> <x:p> 1 .")
    client.put(other, "<x:out> <x:p> 1 .")
    text = f"INSERT {{ GRAPH <{goal}> {{ ?s <x:q> 1 }} }} WHERE {{ ?s <x:p> 1 }}"
    assert client.send("POST", "/sparql", {"update": text, "using-graph-uri": source}).status_code == 200
    assert client.ask(f"GRAPH <{goal}> {{ <x:in> <x:q> 1 }} FILTER NOT EXISTS {{ GRAPH <{goal}> {{ <x:out> ?p ?o }} }}")


def test_using_named_graph_uri_is_what_graph_patterns_see(client: Client) -> None:
    source, other, goal = next(names), next(names), next(names)
    client.put(source, "<x:in> <x:p> 1 .")
    client.put(other, "<x:out> <x:p> 1 .")
    text = f"INSERT {{ GRAPH <{goal}> {{ ?s <x:q> ?g }} }} WHERE {{ GRAPH ?g {{ ?s <x:p> 1 }} }}"
    response = client.send(
        "POST", "/sparql", text, "application/sparql-update", params={"using-named-graph-uri": source}
    )
    assert response.json()["graphs"] == {goal: {"added": 1, "removed": 0}}
    assert client.ask(f"GRAPH <{goal}> {{ <x:in> <x:q> <{source}> }}")


def test_using_in_the_request_and_in_the_update_is_refused(client: Client) -> None:
    text = "DELETE { ?s ?p ?o } USING <x:g> WHERE { ?s ?p ?o }"
    response = client.send("POST", "/sparql", {"update": text, "using-graph-uri": "http://example.org/g"})
    assert response.status_code == 400
    assert "USING" in response.json()["detail"]


def test_faulty_update_is_400_with_its_place_and_changes_nothing(client: Client) -> None:
    graph = next(names)
    response = client.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }} ;\nINSERT DATA {{ ?s ?p ?o }}")
    assert response.status_code == 400
    assert response.json()["line"] == 2
    assert not client.ask(f"GRAPH <{graph}> {{ ?s ?p ?o }}")


def test_failing_operation_takes_the_earlier_ones_with_it(client: Client) -> None:
    graph = next(names)
    response = client.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }} ; CREATE GRAPH <{graph}>")
    assert response.status_code == 400
    assert not client.ask(f"GRAPH <{graph}> {{ ?s ?p ?o }}")


def test_update_by_get_is_refused(client: Client) -> None:
    response = client.send("GET", "/sparql", params={"update": "CLEAR ALL"})
    assert response.status_code == 400
    assert "update" in response.json()["detail"]


def test_query_and_update_in_one_request_are_refused(client: Client) -> None:
    response = client.send("POST", "/sparql", {"update": "CLEAR ALL", "query": "ASK {}"})
    assert response.status_code == 400


def test_load_is_refused(client: Client) -> None:
    response = client.update("LOAD <http://example.org/>")
    assert response.status_code == 403
    assert "LOAD" in response.json()["detail"]


def test_load_that_may_fail_does_nothing(client: Client) -> None:
    graph = next(names)
    response = client.update(f"LOAD SILENT <file:///etc/passwd> INTO GRAPH <{graph}>")
    assert (response.status_code, response.json()["published"]) == (200, False)
    following = client.update(
        f"LOAD SILENT <http://example.org/> ; INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }}"
    )
    assert following.json()["graphs"] == {graph: {"added": 1, "removed": 0}}


@pytest.mark.parametrize(
    "text",
    ["LOAD <http://example.org/> ;\nINSERT DATA {{ ?s ?p ?o }}", "INSERT {} WHERE { SERVICE <http://x/> {} } ;\noops"],
    ids=["after LOAD", "after SERVICE"],
)
def test_syntax_error_is_told_before_anything_is_refused(client: Client, text: str) -> None:
    response = client.update(text)
    assert (response.status_code, response.json()["line"]) == (400, 2)


def test_service_in_an_update_is_refused(client: Client) -> None:
    text = "INSERT { <x:a> <x:b> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert client.update(text).status_code == 403


REPORTS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


@pytest.mark.parametrize("accept", REPORTS)
def test_violation_is_422_with_the_report_as_rdf(client: Client, accept: str) -> None:
    response = client.update(INVALID, headers={"Accept": accept})
    assert response.status_code == 422
    assert response.headers["Content-Type"].startswith(accept)
    report = Graph().parse(data=response.content, format=REPORTS[accept])
    violations = report.subjects(SH.resultSeverity, SH.Violation)
    assert {str(report.value(result, SH.focusNode)) for result in violations} == {claim("bare").value}
    assert (None, RDF.type, SH.ValidationReport) in report


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "*/*"])
def test_violation_is_told_to_programs_as_json(client: Client, accept: str) -> None:
    response = client.update(INVALID, headers={"Accept": accept})
    assert response.status_code == 422
    document = json.loads(response.text)
    assert document["conforms"] is False
    violations = [result for result in document["results"] if result["severity"] == "Violation"]
    assert {result["focusNode"] for result in violations} == {claim("bare").value}


@pytest.mark.parametrize("accept", ["text/plain", "text/html"])
def test_violation_is_told_to_people(client: Client, accept: str) -> None:
    response = client.update(INVALID, headers={"Accept": accept})
    assert response.status_code == 422
    assert response.headers["Content-Type"].startswith(accept)
    assert "note-claim:bare" in response.text


def test_after_a_refusal_nothing_has_changed(client: Client) -> None:
    before = client.server.sparql("ASK {}").headers["Dataset-Version"]
    assert client.update(INVALID).status_code == 422
    assert client.server.sparql("ASK {}").headers["Dataset-Version"] == before
    assert not client.ask("note-claim:bare ?p ?o")


def test_warnings_that_a_write_makes_new_come_with_its_answer(client: Client) -> None:
    claimed = claim_text("perhaps", rest="; dk:certainty dk:possible")
    response = client.update(insert(claimed).text)
    assert response.status_code == 200
    warnings = [row for row in response.json()["warnings"] if row["focusNode"] == claim("perhaps").value]
    assert any("dk:cue" in row["message"] for row in warnings)
    assert {row["severity"] for row in warnings} == {"Warning"}
    later = client.update(insert(claim_text("perhaps-not", rest="; dk:certainty dk:possible ; dk:negated true")).text)
    told = {row["focusNode"] for row in later.json()["warnings"]}
    assert claim("perhaps-not").value in told and claim("perhaps").value not in told


def test_contradiction_is_refused_with_its_explanation(client: Client) -> None:
    response = client.update(insert(claim_text("denial", rest="; dk:negated true")).text)
    assert response.status_code == 422
    assert "note-claim:denial" in response.text
    assert not client.ask("note-claim:denial ?p ?o")


def test_derived_graph_is_not_written(client: Client) -> None:
    response = client.put(GRAPHS.statements("note").value, "<x:a> <x:b> 1 .")
    assert response.status_code == 403
    assert "derived" in response.json()["detail"]


def test_dry_run_shows_the_difference_and_publishes_nothing(client: Client) -> None:
    graph = next(names)
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }}"
    response = client.update(text, params={"dryRun": "true"})
    document = response.json()
    assert (response.status_code, document["published"]) == (200, False)
    assert document["difference"]["added"].startswith("<x:a> <x:b> ")
    assert not client.ask(f"GRAPH <{graph}> {{ ?s ?p ?o }}")


def test_a_page_says_which_graph_of_no_project_a_fact_is_from(client: Client) -> None:
    graph = next(names)
    said = 'id:acme a dk:State ; rdfs:label "Xyzzy"@en ; dk:isLocatedIn id:acme'
    assert client.update(f"{HEADER} INSERT DATA {{ GRAPH <{graph}> {{ {said} }} }}").status_code == 200
    page = client.server.get("/page/id/acme", headers={"Accept": "text/html"}).text
    assert (graph in page, "Xyzzy" in page) == (True, False)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_graph_stays_when_the_dry_run_is_misspelt(client: Client, method: str) -> None:
    graph = next(names)
    client.put(graph, "<x:a> <x:b> 1 .")
    response = client.send(method, "/graph-store", "<x:a> <x:b> 2 .", params={"graph": graph, "dryrun": "true"})
    assert (response.status_code, response.json()["code"]) == (400, "unknown-parameter")
    assert client.ask(f"GRAPH <{graph}> {{ ?s ?p 1 FILTER NOT EXISTS {{ ?s ?p 2 }} }}")


def test_dry_run_of_what_is_invalid_is_422(client: Client) -> None:
    assert client.update(INVALID, params={"dryRun": "true"}).status_code == 422


def test_new_graph_is_201_with_the_address_where_it_is(client: Client) -> None:
    graph = next(names)
    response = client.put(graph, "<x:a> <x:b> 1 .")
    assert response.status_code == 201
    found = requests.get(
        urljoin(response.url, response.headers["Location"]), headers={"Accept": "application/n-triples"}, timeout=60
    )
    assert found.text.startswith("<x:a> <x:b> ")
    assert client.put(graph, "<x:a> <x:b> 2 .").status_code == 200


def test_address_of_a_new_graph_has_no_host_that_the_client_made_up(client: Client) -> None:
    headers = {"Host": "attacker.example"}
    response = client.send("POST", "/graph-store", "<x:a> <x:b> 1 .", "text/turtle", headers=headers)
    assert response.headers["Location"].startswith("/graph-store/")


def test_put_replaces_and_post_adds(client: Client) -> None:
    graph = next(names)
    client.put(graph, "<x:a> <x:b> 1 .")
    client.put(graph, "<x:a> <x:b> 2 .")
    response = client.send("POST", "/graph-store", "<x:a> <x:b> 3 .", "text/turtle", params={"graph": graph})
    assert response.status_code == 200
    assert client.ask(
        f"GRAPH <{graph}> {{ <x:a> <x:b> 2, 3 }} FILTER NOT EXISTS {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }}"
    )


def test_what_is_written_to_the_default_graph_is_read_back(client: Client) -> None:
    address = "/graph-store?default"
    for triples in ("<x:a> <x:b> <x:c> .\n", ""):
        assert client.send("PUT", address, triples, "text/turtle").status_code == 200
        assert client.server.get(address, headers={"Accept": "application/n-triples"}).text == triples


def test_post_to_the_store_itself_makes_a_graph_with_a_name_of_its_own(client: Client) -> None:
    response = client.send("POST", "/graph-store", "<x:new> <x:b> 1 .", "text/turtle")
    assert response.status_code == 201
    found = requests.get(
        urljoin(response.url, response.headers["Location"]), headers={"Accept": "text/turtle"}, timeout=60
    )
    assert "<x:new>" in found.text


@pytest.mark.parametrize(
    "path",
    ["/graph-store?graph=http://example.org/%5B", "/graph-store?graph=urn:x%0A", "/graph/a%20b", "/graph/a%25zz"],
)
def test_name_that_is_no_iri_is_a_bad_request(client: Client, path: str) -> None:
    answer = client.send("PUT", path, b"<x:a> <x:b> 1 .", "text/turtle")
    assert (answer.status_code, "IRI" in answer.json()["detail"]) == (400, True)


def test_graph_is_deleted_once(client: Client) -> None:
    graph = next(names)
    client.put(graph, "<x:a> <x:b> 1 .")
    assert client.send("DELETE", "/graph-store", params={"graph": graph}).status_code == 200
    assert client.server.get("/graph-store", params={"graph": graph}).status_code == 404
    assert client.send("DELETE", "/graph-store", params={"graph": graph}).status_code == 404


def test_graph_that_is_gone_is_no_longer_named(client: Client) -> None:
    kept, gone, empty = next(names), next(names), next(names)
    client.put(kept, "<x:a> <x:b> 1 .")
    client.put(gone, "<x:a> <x:b> 1 .")
    client.update(f"DROP GRAPH <{gone}> ; CREATE GRAPH <{empty}>")
    rows = client.server.sparql("SELECT ?g { GRAPH ?g {} }").json()["results"]["bindings"]
    assert {kept, gone, empty} & {row["g"]["value"] for row in rows} == {kept, empty}


def test_patch_is_405_and_tells_what_is_allowed(client: Client) -> None:
    response = client.send("PATCH", "/graph-store", "x", "text/turtle", params={"graph": NOTE.value})
    assert response.status_code == 405
    assert {"GET", "PUT", "POST", "DELETE"} <= set(response.headers["Allow"].split(", "))


BODIES = {
    "text/turtle": "<x:a> <x:b> 'c' .",
    "application/n-triples": '<x:a> <x:b> "c" .\n',
    "application/rdf+xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    '<rdf:Description rdf:about="x:a"><x:b>c</x:b></rdf:Description></rdf:RDF>',
    "application/ld+json": '{"@id": "x:a", "x:b": "c"}',
}


@pytest.mark.parametrize("kind", BODIES)
def test_graph_is_taken_in_every_format(client: Client, kind: str) -> None:
    graph = next(names)
    response = client.send("PUT", "/graph-store", BODIES[kind], kind, params={"graph": graph})
    assert response.status_code == 201, response.text
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 'c' }}")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<?xml version="1.1"?><!DOCTYPE r [<!ENTITY a "aaaa">]>',
    ],
    ids=["internal", "external", "that another parser may take"],
)
def test_xml_that_declares_entities_is_403(client: Client, declaration: str) -> None:
    graph = next(names)
    body = declaration + BODIES["application/rdf+xml"].replace(">c<", ">&a;<")
    response = client.send("PUT", "/graph-store", body, "application/rdf+xml", params={"graph": graph})
    assert response.status_code == 403
    assert "XML entity" in response.json()["detail"]
    assert not client.ask(f"GRAPH <{graph}> {{ ?s ?p ?o }}")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/turtle", "<x:a> <x:b> " + "(" * 300 + ")" * 300 + " .", 400),
        ("text/turtle", "<x:a> <x:b> " + "[ <x:b> " * 300, 400),
        ("application/n-triples", "<x:a> <x:b> " + "<<( <x:a> <x:b> " * 300, 400),
        ("application/ld+json", '{"http://e.org/b": ' * 300, 400),
        ("application/rdf+xml", "<a><b>" * 150, 400),
        ("text/turtle", f'<x:a> <x:b> "{"x" * 1_000_001}" .', 413),
    ],
    ids=["lists", "blank nodes", "triple terms", "JSON", "XML", "literal"],
)
def test_body_that_is_too_deep_or_too_long_is_refused(client: Client, kind: str, body: str, status: int) -> None:
    response = client.send("PUT", "/graph-store", body, kind, params={"graph": next(names)})
    assert (response.status_code, response.json()["code"]) == (status, "limit-exceeded"), response.text


_OPEN = "(" * 300


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/turtle", f'<x:a> <x:b> "{_OPEN}\\"{_OPEN}" , """{_OPEN}""" . # {_OPEN}\n' + "<x:c> <x:d> (1) ." * 300),
        ("application/ld+json", f'{{"@id": "x:a", "http://e.org/b": "{_OPEN}"}}'),
        ("application/rdf+xml", BODIES["application/rdf+xml"].replace(">c<", f"><!--{'<a>' * 300}-->c<")),
    ],
    ids=["Turtle", "JSON", "XML"],
)
def test_brackets_in_text_and_comments_are_not_nesting(client: Client, kind: str, body: str) -> None:
    response = client.send("PUT", "/graph-store", body, kind, params={"graph": next(names)})
    assert response.status_code == 201, response.text


def test_xml_may_speak_of_entities(client: Client) -> None:
    graph = next(names)
    body = "<!-- <!ENTITY --><!DOCTYPE r>" + BODIES["application/rdf+xml"].replace(">c<", ">&lt;!ENTITY a&gt;<")
    response = client.send("PUT", "/graph-store", body, "application/rdf+xml", params={"graph": graph})
    assert response.status_code == 201, response.text


@pytest.mark.parametrize(("named", "status"), [("", 201), ("-other", 400)])
def test_a_body_names_no_graph_but_that_of_its_request(client: Client, named: str, status: int) -> None:
    graph = next(names)
    body = f"GRAPH <{graph}{named}> {{ <x:a> <x:b> 1 }}"
    response = client.send("PUT", "/graph-store", body, "application/trig", params={"graph": graph})
    assert response.status_code == status, response.text


def test_files_of_a_form_become_one_graph(client: Client) -> None:
    graph = next(names)
    files = [
        ("graph", ("a.ttl", "<x:a> <x:b> 1 .", "text/turtle")),
        ("graph", ("b.nt", "<x:c> <x:b> <x:d> .\n", "application/n-triples")),
    ]
    response = client.send("POST", "/graph-store", params={"graph": graph}, files=files)
    assert response.status_code == 201, response.text
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 . <x:c> <x:b> <x:d> }}")


@pytest.mark.parametrize("kind", ["text/csv", "application/json", None])
def test_body_that_is_no_rdf_is_415(client: Client, kind: str | None) -> None:
    response = client.send("PUT", "/graph-store", b"a,b\n", kind, params={"graph": next(names)})
    assert response.status_code == 415
    assert "text/turtle" in response.json()["hint"]


def test_faulty_body_is_400_with_its_place(client: Client) -> None:
    graph = next(names)
    response = client.put(graph, "<x:a> <x:b> 1 .\n<x:c> <x:d> .")
    assert response.status_code == 400
    assert response.json()["line"] == 2
    assert client.server.get("/graph-store", params={"graph": graph}).status_code == 404


def test_remote_context_is_not_fetched(client: Client) -> None:
    body = '{"@context": "http://127.0.0.1:9/context", "@id": "x:a", "x:b": "c"}'
    response = client.send("PUT", "/graph-store", body, "application/ld+json", params={"graph": next(names)})
    assert response.status_code in (400, 403)
    assert "context" in response.json()["detail"]


def test_lost_update_is_412(client: Client) -> None:
    graph = next(names)
    client.put(graph, "<x:a> <x:b> 1 .")
    tag = client.server.get("/graph-store", params={"graph": graph}).headers["ETag"]
    assert client.put(graph, "<x:a> <x:b> 2 .", headers={"If-Match": tag}).status_code == 200
    response = client.put(graph, "<x:a> <x:b> 3 .", headers={"If-Match": tag})
    assert response.status_code == 412
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 2 }}")


@pytest.mark.parametrize("tag", ['""', "", '"*"', 'W/"1"', "nonsense"])
def test_a_tag_that_no_version_has_is_412(client: Client, tag: str) -> None:
    graph = next(names)
    client.put(graph, "<x:a> <x:b> 1 .")
    assert client.put(graph, "<x:a> <x:b> 2 .", headers={"If-Match": tag}).status_code == 412
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 }}")


def test_graph_that_must_be_new_is_not_written_over(client: Client) -> None:
    graph = next(names)
    assert client.put(graph, "<x:a> <x:b> 1 .", headers={"If-None-Match": "*"}).status_code == 201
    assert client.put(graph, "<x:a> <x:b> 2 .", headers={"If-None-Match": "*"}).status_code == 412


def test_past_is_asked_by_version_and_by_time(client: Client) -> None:
    graph = next(names)
    first = client.put(graph, "<x:a> <x:b> 1 .").json()["version"]
    client.put(graph, "<x:a> <x:b> 2 .")
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 }}", asOf=first)
    assert not client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 }}")
    old = client.server.get("/graph-store", params={"graph": graph, "asOf": first}, headers={"Accept": "text/turtle"})
    assert "1" in old.text.split()
    assert old.headers["Dataset-Version"] == first


def test_past_cannot_be_written(client: Client) -> None:
    version = client.server.sparql("ASK {}").headers["Dataset-Version"]
    response = client.update("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } }", params={"asOf": version})
    assert response.status_code == 400


def test_message_and_author_stand_in_the_history(client: Client) -> None:
    text, message = f"INSERT DATA {{ GRAPH <{next(names)}> {{ <x:a> <x:b> 1 }} }}", "Skrivefeil rettet: ære"
    version = client.update(text, params={"message": message}).json()["version"]
    told = client.server.get(f"/history/{version}?format=json").json()
    assert (told["author"], told["message"]) == ("ann", message)


def test_declarations_may_stand_before_each_operation(client: Client) -> None:
    graph = next(names)
    text = f"PREFIX x: <x:> INSERT DATA {{ GRAPH <{graph}> {{ x:a x:b 1 }} }} ; PREFIX x: <y:>\n"
    assert client.update(f"{text} INSERT DATA {{ GRAPH <{graph}> {{ x:a x:b 2 }} }}").status_code == 200
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 . <y:a> <y:b> 2 }}")
    faulty = client.update(f"{text} INSERT DATA {{ ?s x:b 2 }}")
    assert (faulty.status_code, faulty.json()["line"]) == (400, 2)


def test_service_description_says_that_updates_are_taken(client: Client) -> None:
    graph = Graph().parse(data=client.server.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
    languages = {str(value) for value in graph.objects(None, None) if "SPARQL11" in str(value)}
    assert "http://www.w3.org/ns/sparql-service-description#SPARQL11Update" in languages


def test_update_that_ends_its_process_is_507_and_the_next_is_carried_out(client: Client) -> None:
    negations = "!" * 150_000
    response = client.update(f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ FILTER({negations}true) }}")
    assert response.status_code == 507, response.text
    assert client.put(next(names), "<x:a> <x:b> 1 .").status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/sparql-update; charset=iso-8859-1"},
        {"Content-Type": "application/sparql-update", "Content-Encoding": "gzip"},
    ],
)
def test_update_in_another_coding_is_415(client: Client, headers: dict[str, str]) -> None:
    assert client.send("POST", "/sparql", b"CLEAR DEFAULT", headers=headers).status_code == 415


def test_server_starts_with_online_edits_though_the_files_have_changed(small_project: Path, tmp_path: Path) -> None:
    options = ("--project", str(small_project), "--workers", "1")
    token, _ = TokenStore(tmp_path / "kg").create("ann", scopes=["write"])
    first = start_server(tmp_path / "kg", *options)
    Client(first, token).update(insert(claim_text("kept")).text)
    stop_server(first)
    file = small_project / "data" / "documents" / "note" / "note.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Acme works in the paint trade.", "Acme is in the paint trade."), encoding="utf-8")
    second = start_server(tmp_path / "kg", *options)
    kept = Client(second, token).ask("note-claim:kept ?p ?o")
    stop_server(second)
    assert kept
    assert any("export --to-project" in line for line in second.said)


@pytest.mark.parametrize("way", [POSTDIRECTLY, URLENCODED])
def test_sparqlwrapper_writes(client: Client, way: str) -> None:
    graph = next(names)
    wrapper = SPARQLWrapper(client.server.url + "/sparql")
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {client.token}")
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(way)
    wrapper.setQuery(f"INSERT DATA {{ GRAPH <{graph}> {{ <x:a> <x:b> 1 }} }}")
    assert wrapper.query().response.status == 200
    assert client.ask(f"GRAPH <{graph}> {{ <x:a> <x:b> 1 }}")


def test_rdflib_writes_through_its_update_store(client: Client) -> None:
    address = client.server.url + "/sparql"
    store = SPARQLUpdateStore(address, address, headers={"Authorization": f"Bearer {client.token}"}, autocommit=False)
    graph = Graph(store, identifier=next(names))
    graph.add((URIRef("x:a"), URIRef("x:b"), Literal("ære", lang="nb")))
    graph.add((URIRef("x:a"), URIRef("x:b"), Literal(2)))
    store.commit()
    graph.remove((URIRef("x:a"), URIRef("x:b"), Literal(2)))
    store.commit()
    assert list(graph) == [(URIRef("x:a"), URIRef("x:b"), Literal("ære", lang="nb"))]
