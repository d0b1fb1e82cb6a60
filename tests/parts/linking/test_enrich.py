"""`digitech-kg enrich` against services on loopback that answer in the documented formats, and with faults."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import parse_qs

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from bundled import NAMES
from conftest import in_background
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.cli import main
from digitech_kg.namespaces import DK, TERMS, value_of
from digitech_kg.parts.linking.enrich import ENRICH_SOURCES, fetch_facts, user_agent
from stores import oxigraph

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Oxigraph's server over a few items in Wikidata's model."""
    directory = tmp_path_factory.mktemp("wikidata")
    quads = parse(path=str(Path(__file__).parent / "data/wikidata.ttl"), format=RdfFormat.TURTLE)
    (directory / "items.nq").write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    with oxigraph(directory / "items.nq", directory) as address:
        yield address


class Services(ThreadingHTTPServer):
    """Wikidata as far as it is faulty, as `fault` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ServicesHandler)
        self.fault, self.city = "", "Shenzhen"
        self.asked: list[str] = []
        #: Ends the wait of a slow answer.
        self.patience = threading.Event()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class _ServicesHandler(BaseHTTPRequestHandler):
    server: Services

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert "SELECT" in parse_qs(sent)["query"][0]
        told = {
            "item": "http://www.wikidata.org/entity/Q160120",
            "property": "headquartersCity",
            "value": self.server.city,
            "rank": "x#NormalRank",
        }
        row = {name: {"type": "literal", "value": value} for name, value in told.items()}
        self.reply(json.dumps({"head": {"vars": list(row)}, "results": {"bindings": [row]}}).encode())

    def reply(self, body: bytes) -> None:
        self.server.asked.append(self.path)
        fault, first = self.server.fault, len(self.server.asked) == 1
        if fault == "slow" and first:
            self.server.patience.wait(30)
        if fault == "passing":
            fault = "broken" if first else ""
        status = {"banned": 429, "broken": 500, "missing": 404, "redirect": 302}.get(fault, 200)
        body = {"truncated": body + b"at java.lang.Thread", "html": b"<html>", "list": b"[]"}.get(fault, body)
        self.send_response(status)
        for name, value in {"banned": {"Retry-After": "86400"}, "redirect": {"Location": "http://x.example/"}}.get(
            fault, {}
        ).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def services() -> Iterator[Services]:
    with in_background(Services()) as running:
        yield running


def in_process(*arguments: str) -> CompletedProcess[str]:
    """Run the command line without a process of its own, which would load everything anew."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture
def enrich(linked: Path, published: Path, services: Services, wikidata: str) -> Callable[..., CompletedProcess[str]]:
    """Run the command on the project against the stand-ins."""
    addresses = {
        "wikidata": wikidata,
        "wikidata-places": wikidata,
        "faulty-wikidata": services.address("wikidata"),
    }

    def call(source: str) -> CompletedProcess[str]:
        told = {"project": str(linked), "data-dir": str(published), "contact": "a@example.org"}
        told |= {"address": addresses[source]}
        options = [part for name, value in told.items() for part in (f"--{name}", value)]
        return in_process("enrich", source.removeprefix("faulty-"), *options)

    return call


def files_of(root: Path, source: str) -> list[str]:
    return sorted(path.name for path in (root / "data/external" / source).glob("*"))


def claims(root: Path, source: str) -> list[Claim]:
    return read_claims(parse(path=str(root / "data/external" / source / "enriched.ttl"), format=RdfFormat.TURTLE))


def facts(root: Path, source: str) -> set[tuple[str, str, str]]:
    told = ((value_of(c.subject), value_of(c.predicate), value_of(c.one(DK.value))) for c in claims(root, source))
    return {(thing.removeprefix(NAMES.prefixes["id"]), prop.removeprefix(TERMS), value) for thing, prop, value in told}


EXPECTED = {
    "wikidata": {
        ("huawei", "headquartersCity", "Made-up City"),
        ("huawei", "foundedIn", "1987"),
        ("huawei", "website", "https://example.org/huawei"),
        ("huawei", "ownerName", "Made-up Holding"),
        ("huawei", "tickerSymbol", "MADE"),
        ("huawei", "industryName", "made-up industry"),
        ("huawei", "isin", "XX0000000001"),
        ("huawei", "lei", "00000000000000000098"),
        ("huawei", "latitude", "22.54"),
        ("huawei", "longitude", "114.05"),
    },
    "wikidata-places": {("oslo", "latitude", "59.913333"), ("oslo", "longitude", "10.738889")},
}


def test_every_source_is_tested() -> None:
    assert set(EXPECTED) == set(ENRICH_SOURCES)


def test_every_property_that_is_taken_is_tested() -> None:
    for name, source in ENRICH_SOURCES.items():
        tested = {prop for _, prop, _ in EXPECTED[name]}
        assert {f.property for f in source.fields} - tested <= {"headquartersCountry", "isoCode"}


def test_facts_become_claims_that_keep_the_shapes(
    enrich: Callable[..., CompletedProcess[str]], run: Run, linked: Path
) -> None:
    for source, expected in EXPECTED.items():
        done = enrich(source)
        assert done.returncode == 0, done.stderr
        assert facts(linked, source) >= expected
    valid = run("validate", "--project", str(linked))
    assert valid.returncode == 0, valid.stdout
    written = [str(path) for path in (linked / "data/external").glob("*/enriched.ttl")]
    assert len(written) == len(EXPECTED)
    assert run("format", "--check", *written).returncode == 0


def test_rank_reference_and_time_are_kept_and_what_is_called_wrong_is_left_out(
    enrich: Callable[..., CompletedProcess[str]], linked: Path
) -> None:
    enrich("wikidata")
    text = (linked / "data/external/wikidata/enriched.ttl").read_text(encoding="utf-8")
    assert "Rank: preferred. Reference: https://example.org/source" in text
    assert "Wrong City" not in text
    assert "genid" not in text
    assert "artificial-intelligence" not in text
    times = {value_of(c.one(DK.value)): value_of(c.one(DK.time)) for c in claims(linked, "wikidata") if c.all(DK.time)}
    assert times["Made-up Holding"] == "1999/.."
    assert times["MADE"] == "/2005"


def test_a_point_that_is_not_on_earth_is_left_out(enrich: Callable[..., CompletedProcess[str]], linked: Path) -> None:
    enrich("wikidata-places")
    assert facts(linked, "wikidata-places") == EXPECTED["wikidata-places"]


def test_a_changed_value_takes_the_place_of_the_old_one(
    enrich: Callable[..., CompletedProcess[str]], services: Services, linked: Path
) -> None:
    enrich("faulty-wikidata")
    services.city = "Shanghai"
    assert "wrote 1 fact" in enrich("faulty-wikidata").stderr
    assert facts(linked, "wikidata") == {("huawei", "headquartersCity", "Shanghai")}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("banned", "asks to wait for 86400 s"),
        ("redirect", "HTTP status 302"),
        ("missing", "HTTP status 404"),
        ("truncated", "no whole JSON"),
        ("html", "no whole JSON"),
        ("list", "no SPARQL results"),
    ],
)
def test_a_failing_service_leaves_nothing_half_written(
    fault: str, words: str, enrich: Callable[..., CompletedProcess[str]], services: Services, linked: Path
) -> None:
    services.fault = fault
    broken = enrich("faulty-wikidata")
    assert broken.returncode == 2
    assert words in broken.stderr
    assert "Traceback" not in broken.stderr
    assert files_of(linked, "wikidata") == []


@pytest.mark.parametrize("fault", ["passing", "slow"])
def test_a_fault_that_passes_is_waited_out(fault: str, services: Services) -> None:
    services.fault = fault
    waits: list[float] = []
    source, address = ENRICH_SOURCES["wikidata"], services.address("sparql")
    things = {"Q160120": "id:x"}
    found = fetch_facts(source, things, address=address, contact="a", timeout_s=2, wait=waits.append)
    services.patience.set()
    assert {(f.property, f.value) for f in found} == {("headquartersCity", "Shenzhen")}
    assert len(services.asked) == 2
    assert waits == [1.0]


def test_many_things_are_asked_about_in_turns(services: Services) -> None:
    waits: list[float] = []
    things = {f"Q{number}": f"id:{number}" for number in range(160_050, 160_150)}
    source, address = ENRICH_SOURCES["wikidata"], services.address("sparql")
    fetch_facts(source, things, address=address, contact="a", wait=waits.append)
    assert len(services.asked) == 2
    assert len(waits) == 1


def test_contact_of_any_letters_is_sent() -> None:
    assert user_agent("Jørgen <j@example.org>").endswith("; J?rgen <j@example.org>)")


def test_a_contact_is_asked_for(run: Run) -> None:
    done = run("enrich", "wikidata")
    assert done.returncode == 2
    assert "--contact" in done.stderr
