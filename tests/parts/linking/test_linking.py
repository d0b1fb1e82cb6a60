"""`digitech-kg link`: proposals with reasons, accepted by people, never over what is curated; and the polite client."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bundled import NAMES
from conftest import in_background
from digitech_kg.book import open_book
from digitech_kg.book.entities import Catalogue
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import Mapping
from digitech_kg.mappings.sssom import read_mapping_set
from digitech_kg.matching.ranking import Entity
from digitech_kg.parts.linking.client import PoliteClient, ServiceFailure
from digitech_kg.parts.linking.proposals import propose, read_table
from digitech_kg.snapshot.repository import Snapshot

ID = NAMES.prefixes["id"]
ORGANISATIONS = Path(__file__).parent / "data/organisations.tsv"
Run = Callable[..., CompletedProcess[str]]
TODAY = date(2026, 11, 25)


def rows_of(path: Path) -> dict[tuple[str, str], str]:
    found, faults = read_mapping_set(path, path.name, NAMES)
    assert faults == []
    assert found is not None
    return {(m.subject.removeprefix(ID), m.object): m.comment for m in found.mappings}


HUAWEI = Entity(ID + "huawei", "Huawei", types=("Company", "Organisation"), values={"headquartersCountry": ("CN",)})


@pytest.mark.parametrize(
    ("column", "cell", "predicates"),
    [
        ("type", "Company", ["exactMatch"]),
        ("type", "Place", []),
        ("headquartersCountry", "CN", ["exactMatch"]),
        ("headquartersCountry", "NO", []),
    ],
    ids=["of the same class", "of another class", "context agrees", "context contradicts"],
)
def test_class_and_context_of_a_row_count(column: str, cell: str, predicates: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"iri,name,{column}\nhttps://x.example/1,Huawei,{cell}\n", encoding="utf-8")
    found = propose([HUAWEI], read_table(table), today=TODAY)
    assert [m.predicate.rsplit("#", 1)[1] for m in found] == predicates


def test_cell_may_have_several_lines(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text('iri,name,note\nhttps://x.example/1,Huawei,"one\ntwo\u2028three"\n', encoding="utf-8")
    (entity,) = read_table(table)
    assert entity.values == {"note": ("one\ntwo\u2028three",)}


def test_cell_that_is_too_large_is_told(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"iri,name\nhttps://x.example/1,{'x' * (csv.field_size_limit() + 1)}\n", encoding="utf-8")
    with pytest.raises(CallError, match="cannot read"):
        read_table(table)


@pytest.fixture(scope="module")
def proposed(snapshot: Snapshot) -> list[Mapping]:
    """What a table of a hundred organisations may be called in the bundled project."""
    known = Catalogue(open_book(snapshot)).entities()
    things = [replace(e, id=ID + e.id) for e in known if "Organisation" in e.types]
    return propose(things, read_table(ORGANISATIONS), today=TODAY)


@pytest.mark.parametrize(("certain", "precision", "recall"), [(True, 1.0, 0.85), (False, 0.97, 0.95)])
def test_precision_and_recall_on_a_hundred_organisations(
    proposed: list[Mapping], certain: bool, precision: float, recall: float
) -> None:
    lines = ORGANISATIONS.read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(lines, delimiter="\t"))
    assert len(table) == 100
    wanted = {(ID + row["expected"], row["iri"]) for row in table if row["expected"]}
    pairs = {(m.subject, m.object) for m in proposed if not certain or m.predicate.endswith("exactMatch")}
    assert len(pairs & wanted) / len(pairs) >= precision
    assert len(pairs & wanted) / len(wanted) >= recall


def test_table_is_proposed_reviewed_and_accepted(linked: Path, run: Run) -> None:
    before = {p: p.read_bytes() for p in (linked / "data/links").glob("*.sssom.tsv")}
    proposed = run("link", "--project", str(linked), "--table", str(ORGANISATIONS), "--type", "Company")
    assert proposed.returncode == 0, proposed.stderr
    review = linked / "data/links/review/proposed.sssom.tsv"
    rows = rows_of(review)
    tcl = next(pair for pair in rows if pair[0] == "tcl")
    assert "is a name of both" in rows[tcl] or "of 100" in rows[tcl]
    assert {p: p.read_bytes() for p in before} == before
    again = run("link", "--project", str(linked), "--table", str(ORGANISATIONS), "--type", "Company")
    assert "0 proposed" in again.stderr
    accepted = run("link", "--project", str(linked), "--accept", str(review), "--only", "id:tcl")
    assert "1 accepted" in accepted.stderr
    assert tcl in rows_of(linked / "data/links/example-org.sssom.tsv")
    assert tcl not in rows_of(review)
    third = run("link", "--project", str(linked), "--table", str(ORGANISATIONS), "--type", "Company")
    assert "0 proposed" in third.stderr
    assert run("validate", "--project", str(linked)).returncode == 0


def test_accepting_never_changes_a_curated_row(linked: Path, run: Run) -> None:
    review = linked / "data/links/review/mine.sssom.tsv"
    review.parent.mkdir()
    curated = linked / "data/links/wikidata.sssom.tsv"
    before, as_it_was = rows_of(curated), curated.read_bytes()
    text = (
        curated.read_text(encoding="utf-8").replace("/wikidata\n", "/review/mine\n").replace("closeMatch", "exactMatch")
    )
    review.write_text(text, encoding="utf-8")
    done = run("link", "--project", str(linked), "--accept", str(review))
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("0 accepted")
    assert rows_of(curated) == before
    assert curated.read_bytes() == as_it_was


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one of --table"),
        (("--table", "missing.csv"), "cannot read missing.csv"),
        (("--table", str(ORGANISATIONS), "--type", "Nothing"), "no thing of class Nothing"),
        (("--accept", "missing.tsv"), "no file missing.tsv"),
    ],
    ids=["nothing", "table", "type", "review"],
)
def test_faulty_call_is_told_in_one_message(arguments: tuple[str, ...], words: str, run: Run, linked: Path) -> None:
    done = run("link", "--project", str(linked), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "no rows"), ("iri,colour\nhttp://x/1,red\n", "no columns"), ("iri,name\n7,red\n", "line 2")],
)
def test_faulty_table_is_told(content: str, words: str, linked: Path, tmp_path: Path, run: Run) -> None:
    table = tmp_path / "t.csv"
    table.write_text(content, encoding="utf-8")
    done = run("link", "--project", str(linked), "--table", str(table), "--dry-run")
    assert done.returncode == 2
    assert words in done.stderr


def test_one_entity_is_proposed_for_the_best_thing_only() -> None:
    things = [Entity("id:a", "China Electronics"), Entity("id:b", "China Electronics Technology")]
    found = propose(things, [Entity("http://x/1", "China Electronics Technology Group")], today=TODAY)
    assert [(m.subject, m.object) for m in found] == [("id:b", "http://x/1")]


class Faulty(ThreadingHTTPServer):
    """A service that answers as the path says; `later` is what it gives after the first fault."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _FaultyHandler)
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _FaultyHandler(BaseHTTPRequestHandler):
    server: Faulty

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.do_GET()

    def do_GET(self) -> None:
        first = not any(path == self.path for path, _ in self.server.asked)
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        status, body, headers = self.answer(self.path.strip("/"), first)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer(self, what: str, first: bool) -> tuple[int, bytes, dict[str, str]]:
        good = json.dumps({"good": True}).encode()
        faults: dict[str, tuple[int, bytes, dict[str, str]]] = {
            "429": (429, b"", {"Retry-After": "7"}),
            "500": (500, b"oops", {}),
            "502": (502, b"", {"Retry-After": "Wed, 25 Nov 2020 00:00:00 -0000"}),
            "503": (503, b"", {"Retry-After": "Wed, 25 Nov 2020 00:00:00 GMT"}),
        }
        always: dict[str, tuple[int, bytes, dict[str, str]]] = {
            "banned": (429, b"", {"Retry-After": "86400"}),
            "broken": (500, b"", {}),
            "elsewhere": (302, b"", {"Location": "http://localhost.example/"}),
            "here": (302, b"", {"Location": "/fine"}),
            "round": (302, b"", {"Location": "/round"}),
            "truncated": (200, good + b"\n\tat java.lang.Thread.run(Thread.java:750)", {}),
            "html": (200, b"<html>", {"Content-Type": "text/html"}),
            "huge": (200, b" " * 5000, {}),
            "missing": (404, b"", {}),
        }
        if what in faults and first:
            return faults[what]
        return always.get(what, (200, good, {}))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    with in_background(Faulty()) as service:
        yield service


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(waits: list[float]) -> Iterator[PoliteClient]:
    with PoliteClient(contact="a@example.org", pause_s=0, retries=2, max_bytes=4000, wait=waits.append) as opened:
        yield opened


@pytest.mark.parametrize("what", ["429", "500", "502", "503", "here"])
def test_a_fault_that_passes_is_waited_for(what: str, faulty: Faulty, client: PoliteClient, waits: list[float]) -> None:
    assert client.get_json(f"{faulty.url}/{what}", {"query": "x"}) == {"good": True}
    assert waits == {"429": [7.0], "502": [0.0], "503": [0.0], "here": []}.get(what, waits)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("banned", "86400 s"),
        ("broken", "HTTP status 500"),
        ("elsewhere", "another host"),
        ("round", "or too often"),
        ("truncated", "no whole JSON"),
        ("html", "no whole JSON"),
        ("huge", "more than 4,000 bytes"),
        ("missing", "HTTP status 404"),
    ],
)
def test_a_fault_that_stays_is_told(what: str, words: str, faulty: Faulty, client: PoliteClient) -> None:
    with pytest.raises(ServiceFailure, match=words):
        client.get_json(f"{faulty.url}/{what}", {"query": "x"})


def test_services_see_who_asks_and_how_to_reach_them(faulty: Faulty, client: PoliteClient) -> None:
    client.get_json(faulty.url + "/x", {"query": "x"})
    assert "digitech-kg/" in faulty.asked[0][1]
    assert "a@example.org" in faulty.asked[0][1]


def test_contact_of_any_letters_is_sent(faulty: Faulty) -> None:
    with PoliteClient(contact="Jørgen <j@example.org>") as client:
        client.get_json(faulty.url + "/x", {"query": "x"})
    assert "J?rgen <j@example.org>" in faulty.asked[0][1]


def test_two_requests_to_a_host_have_a_pause_between_them(faulty: Faulty, waits: list[float]) -> None:
    with PoliteClient(pause_s=60.0, wait=waits.append) as client:
        client.get_json(faulty.url + "/x", {"query": "x"})
        assert waits == []
        client.get_json(faulty.url + "/y", {"query": "x"})
    assert len(waits) == 1
