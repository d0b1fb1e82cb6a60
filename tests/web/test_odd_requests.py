"""Requests that no ordinary client sends, and headers in the less usual of their forms: right answers, no failure."""

import csv
import html
import http.client
import io
import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from conftest import ON_DISK, Server, start_server, stop_server
from digitech_kg.web.http.middleware import Metrics, Middleware
from stored_site import open_service

WHY = "/why?subject=id:huawei&predicate=rdf:type&object=dk:Agent"


@pytest.mark.parametrize("path", ["/id/huawei", "/shapes", "/ontology", "/document/nupi-digi-tech"])
@pytest.mark.parametrize("accept", ["text/turtle;charset=utf-8", 'application/ld+json; profile="http://example.org/p"'])
def test_parameter_of_a_media_range_is_no_hindrance(server: Server, path: str, accept: str) -> None:
    answer = server.get(path, headers={"Accept": accept})
    extension = {"text/turtle": "ttl", "application/ld+json": "jsonld"}[accept.split(";")[0]]
    found = answer.headers.get("Location", "").rpartition(".")[2] or answer.headers["Content-Type"].split(";")[0]
    assert found in (extension, accept.split(";")[0])


def test_parameter_of_json_is_no_hindrance(server: Server) -> None:
    answer = server.get(WHY, headers={"Accept": "application/json;charset=utf-8"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


#: Answers that have a tag, and how it is sent back: each with each is asked now and then.
_WITH_TAG = (
    "/graph-store?default",
    "/data/id/huawei.ttl",
    "/history?format=json",
    "/download/digitech-kg.nq",
    "/.well-known/void",
    "/sparql?query=ASK%7B%7D",
)
_FORMS = ("{}", "W/{}", '"other", W/{}', "*")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        pytest.param(path, form, marks=[] if (row + column) % 3 == 0 else pytest.mark.thorough)
        for row, path in enumerate(_WITH_TAG)
        for column, form in enumerate(_FORMS)
    ],
)
def test_tag_is_known_again_in_each_of_its_forms(server: Server, path: str, form: str) -> None:
    tag = server.get(path).headers["ETag"]
    answer = server.get(path, headers={"If-None-Match": form.format(tag.removeprefix("W/"))})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)


def test_who_knows_any_answer_is_told_that_there_is_none(server: Server) -> None:
    assert server.sparql("ASK {", headers={"If-None-Match": "*"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/sparql?format=turtle", "/data/id/huawei.ttl", "/ontology", "/reconcile", "/.well-known/void", "/issues"]
)
def test_every_answer_names_the_version(server: Server, path: str) -> None:
    assert server.get(path).headers["Dataset-Version"] == server.sparql("ASK {}").headers["Dataset-Version"]


def test_download_takes_no_parameter_that_would_be_ignored(server: Server) -> None:
    refused = server.get("/download/digitech-kg.nq?graph=urn:x")
    assert (refused.status_code, refused.json()["hint"]) == (400, "Known parameters: asOf.")
    assert server.get("/download/digitech-kg.nq?asOf=1").status_code == 200


def test_preferences_beyond_a_length_are_not_read(server: Server) -> None:
    ranges = ", ".join(f"example/type-{number}" for number in range(10_000))
    for path in ("/sparql?query=ASK%7B%7D", "/id/huawei", WHY):
        assert server.get(path, headers={"Accept": ranges}).status_code == 406
        assert server.get(path, headers={"Accept": f"application/json, {ranges}"}).status_code in (200, 303)


@pytest.mark.parametrize("host", ["a<b", 'a"b', "a b", "a>; rel=x", "[x", "a:b"])
@pytest.mark.parametrize(
    "path", ["/", "/sparql?format=turtle", "/id/huawei", "/?asOf=1", "/sparql?query=ASK%7B%7D&asOf=1"]
)
def test_header_that_names_no_host_is_a_bad_request(server: Server, host: str, path: str) -> None:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    assert (answer.status, b"Host" in answer.read()) == (400, True)
    connection.close()


def test_request_without_a_host_is_a_bad_request(server: Server) -> None:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.putrequest("GET", "/sparql?query=ASK%7B%7D", skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize("host", ["example.org", "example.org:8080", "[::1]:80", "xn--bjrn-ira.example", "my_host"])
def test_any_host_is_answered(server: Server, host: str) -> None:
    answer = server.get("/sparql", headers={"Accept": "text/turtle", "Host": host})
    assert f"<http://{host}/sparql>" in answer.text


@pytest.mark.parametrize("path", ["/id//x", "/ontology//x", "/page//x", "/download", "/id/huawei", "/id//x?asOf=1"])
def test_foreign_host_gets_into_no_redirect(server: Server, path: str) -> None:
    answer = server.get(path, headers={"Host": "evil.example", "Accept": "text/html"})
    assert answer.status_code in (303, 308)
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


@pytest.mark.parametrize("path", ["/?notasOf=1", "/search?q=asOf=", "/sparql?query=ASK%7B%7D&view=asOf=1"])
def test_parameter_that_only_looks_like_a_version_is_none(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 200
    assert "This is version" not in answer.text


def test_unknown_version_is_an_error_like_any_other(server: Server) -> None:
    answer = server.get("/?asOf=nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    program = server.get("/sparql?query=ASK%7B%7D&asOf=nothing", headers={"Origin": "http://example.org"})
    assert (program.status_code, program.json()["title"]) == (404, "Not found")
    assert program.headers["Access-Control-Allow-Origin"] == "*"
    assert program.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("language", "words"), [("en", "This is version 000001-"), ("nb", "Dette er versjon 000001-")])
def test_page_of_the_past_says_so_and_leads_to_the_present(server: Server, language: str, words: str) -> None:
    path = f"/page/id/huawei?lang={language}"
    past, present = server.get(f"{path}&asOf=1"), server.get(path)
    assert (words in past.text, words in present.text) == (True, False)
    assert f'<a href="{path}">' in past.text


@pytest.mark.parametrize("path", ["/id/huawei?", "/sparql?query=ASK%7B%7D&"])
def test_version_is_kept_where_a_page_leads_on(server: Server, path: str) -> None:
    answer = server.get(f"{path}asOf=1", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert "asOf=" in answer.headers["Location"]
    assert server.get(answer.headers["Location"]).headers["Dataset-Version"].startswith("000001-")


def test_range_behind_the_end_names_the_length(server: Server) -> None:
    length = server.get("/download/digitech-kg.nq").headers["Content-Length"]
    answer = server.get("/download/digitech-kg.nq", headers={"Range": f"bytes={length}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{length}")


@pytest.mark.parametrize("odd", ["lines=1-2", "bytes=0-9, 20-30", "bytes=x", "bytes"])
def test_range_that_is_not_understood_is_ignored(server: Server, odd: str) -> None:
    whole = server.get("/download/digitech-kg.nq")
    answer = server.get("/download/digitech-kg.nq", headers={"Range": odd})
    assert (answer.status_code, len(answer.content)) == (200, len(whole.content))


@pytest.mark.parametrize("kind", ["application/sparql-query", "application/x-www-form-urlencoded"])
def test_browser_that_sends_a_query_is_led_to_the_page_of_its_result(server: Server, kind: str) -> None:
    body = "ASK {}" if kind.endswith("query") else "query=ASK%20%7B%7D"
    answer = server.post("/sparql", data=body, headers={"Accept": "text/html", "Content-Type": kind})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/results?query=ASK+%7B%7D")


def test_page_is_not_given_for_a_dataset_that_it_would_not_show(server: Server) -> None:
    parameters = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": "urn:x-none"}
    answer = server.get("/sparql", params=parameters, headers={"Accept": "text/html"})
    assert (answer.status_code, "default-graph-uri" in answer.text) == (406, True)


def test_result_that_is_too_large_for_a_page_is_offered_as_a_file(server: Server) -> None:
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 40000"
    page = server.get("/results", params={"query": query})
    assert page.status_code == 200
    assert "too large for a page" in page.text
    assert "<table" not in page.text
    assert "<script" not in page.text
    address = re.search(r'href="([^"]*format=csv)"', page.text)
    assert address
    assert len(list(csv.reader(io.StringIO(server.get(html.unescape(address[1])).text)))) == 40_001
    assert "for stort for en side" in server.get("/results", params={"query": query, "lang": "nb"}).text


@pytest.fixture(scope="module")
def proxied(data_dir: Path) -> Iterator[Server]:
    running = start_server(data_dir, *ON_DISK, "--trusted-proxies", "1", "--client-rate", "0.01")
    yield running
    stop_server(running)


@pytest.mark.parametrize("path", ["/results?query=ASK%7B%7D", "/graph-store?default"])
def test_queries_count_to_their_client_whichever_way_they_come(proxied: Server, path: str) -> None:
    # Somebody else for each path.
    client = {"X-Forwarded-For": f"192.0.2.{len(path)}"}
    answers = [proxied.get(path, headers=client) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "Retry-After" in answers[1].headers


def test_services_are_described_where_the_proxy_has_them(proxied: Server) -> None:
    headers = {"X-Forwarded-Prefix": "/kg", "X-Forwarded-Host": "example.org"}
    assert "<http://example.org/kg/sparql>" in proxied.get("/.well-known/sparql-examples", headers=headers).text
    assert proxied.get("/reconcile", headers=headers).json()["view"]["url"] == "http://example.org/kg/id/{{id}}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reconcile?queries=%7B%22%5Cud800%22:1%7D", 400),
    ],
)
def test_odd_reconciliation_is_told(server: Server, path: str, status: int) -> None:
    assert server.get(path).status_code == status


def test_graph_is_named_by_its_address_in_any_script(server: Server) -> None:
    answer = server.get("/graph-store/bj%C3%B8rn")
    assert f"<{server.url}/graph-store/bj%C3%B8rn>" in answer.json()["detail"]


def test_path_can_neither_end_the_line_of_the_log_nor_reach_the_terminal(tmp_path: Path) -> None:
    running = start_server(tmp_path, "--empty", "--log", "text")
    running.get("/page/id/x%0AGET%20/forged%1B%5B31m")
    running.get("/page/id/bj%C3%B8rn")
    running.wait_for_line("bj%C3%B8rn")
    stop_server(running)
    lines = [line for line in running.said if "GET" in line]
    paths = [line.partition("path=")[2].split()[0] for line in lines]
    assert paths == ["/page/id/x%0AGET%20/forged%1B%5B31m", "/page/id/bj%C3%B8rn"]


def test_bodies_that_do_not_come_keep_nobody_else_waiting(tmp_path: Path) -> None:
    running = start_server(tmp_path, "--empty", "--workers", "2", "--queue-length", "1")
    query = {"data": "ASK {}", "headers": {"Content-Type": "application/sparql-query"}}
    slow = [begin_query(running)]
    while (refused := running.post("/sparql", **query)).status_code == 200:
        slow.append(begin_query(running))
    assert (refused.status_code, refused.json()["limit"]) == (429, "bodies")
    assert running.sparql("ASK {}").json()["boolean"]
    # One that came while another was answered may have been refused itself.
    assert [end_query(connection) for connection in slow].count(200) == 3
    assert running.post("/sparql", **query).status_code == 200
    stop_server(running)


def begin_query(server: Server) -> http.client.HTTPConnection:
    """Send half of a query."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.putrequest("POST", "/sparql")
    connection.putheader("Content-Type", "application/sparql-query")
    connection.putheader("Content-Length", "6")
    connection.endheaders(b"ASK")
    return connection


def end_query(connection: http.client.HTTPConnection) -> int:
    """Send the other half, and give the status of the answer."""
    with suppress(OSError):
        connection.send(b" {}")
    status = connection.getresponse().status
    connection.close()
    return status


def test_failure_of_the_program_is_a_problem_that_the_log_explains(caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        def respond(self, _: object) -> None:
            raise OSError("no more handles")

    started: list[str] = []
    service = open_service()
    front = Middleware(lambda *_: (), service, Failing().respond, Metrics(service), 1)
    (body,) = front({"PATH_INFO": "/sparql", "REQUEST_METHOD": "GET"}, lambda status, _: started.append(status))
    assert started == ["500 Internal Server Error"]
    assert "no more handles" not in body.decode()
    number = re.search(r"under (\w+)", json.loads(body)["detail"])
    assert number
    assert f"incident {number[1]}" in caplog.text


def test_clients_that_do_not_read_leave_room_for_others(data_dir: Path) -> None:
    running = start_server(data_dir, "--workers", "1", "--queue-length", "1")
    host, port = running.url.removeprefix("http://").split(":")
    request = f"GET /download/digitech-kg.nq HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    # Two long answers are sent at a time, and each of these has begun.
    tag = running.get("/download/digitech-kg.nq").headers["ETag"]
    with ExitStack() as stack:
        for _ in range(2):
            waiting = stack.enter_context(socket.create_connection((host, int(port)), timeout=60))
            waiting.sendall(request)
            assert waiting.recv(12).startswith(b"HTTP/1.1 200")
        refused = running.get("/download/digitech-kg.nq")
        assert (refused.status_code, refused.json()["limit"]) == (429, "answers")
        assert [running.get(path).status_code for path in ("/healthz", "/about")] == [200, 200]
        # An answer without a body isn't long.
        unchanged = running.get("/download/digitech-kg.nq", headers={"If-None-Match": tag})
        assert unchanged.status_code == 304
        assert int(refused.headers["Retry-After"]) > 0
    stop_server(running)


@pytest.mark.parametrize("path", ["/search?q=", "/search/suggestions.json?q=", "/claims?thing=", "/issue/"])
def test_characters_that_stand_for_sentences_are_no_failure(server: Server, path: str) -> None:
    assert server.get(path + quote("\ufdfa" * 300)).status_code in (200, 404)
