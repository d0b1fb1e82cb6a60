"""The engine under limits: complete or an error, and no query harms another."""

import array
import fcntl
import json
import os
import signal
import socket
import termios
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from ctypes.util import find_library
from pathlib import Path

import pytest

from conftest import Workshop
from digitech_kg import processes
from digitech_kg.engine.parent import ForkServer
from digitech_kg.engine.pool import WorkerPool, usable_cores
from digitech_kg.engine.request import DatasetClause, QueryAnswer, QueryRequest
from digitech_kg.errors import (
    Busy,
    CallError,
    DigitechError,
    EngineFailure,
    EngineStopped,
    LimitExceeded,
    NotAcceptable,
    QuerySyntaxError,
    QueryTimeout,
)
from digitech_kg.formats import by_name
from digitech_kg.processes import engine_environment
from digitech_kg.settings import Settings
from digitech_kg.snapshot.repository import Snapshot

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def request(text: str, **options: object) -> QueryRequest:
    return QueryRequest(text, by_name("json"), by_name("ntriples"), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pool(snapshot: Snapshot) -> Iterator[WorkerPool]:
    settings = Settings(query_timeout=60.0, query_memory=200, result_size=64, workers=8, queue_length=2)
    opened = WorkerPool(snapshot, settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def small(built_workshop: Workshop) -> Snapshot:
    """A version that a pool of a test's own has in memory at once."""
    return built_workshop.current()


def ask(pool: WorkerPool, text: str, **options: object) -> bytes:
    with pool.query(request(text, **options)) as answer:
        return answer.read()


def children(pid: int) -> list[int]:
    """The ids of the processes that a process with one thread has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def runaways(pool: WorkerPool, number: int) -> Iterator[list[Future[QueryAnswer]]]:
    """Run so many queries that don't end by themselves, until the block ends: then they are killed."""
    with ThreadPoolExecutor(number) as others:
        running = [others.submit(pool.query, request(RUNAWAY)) for _ in range(number)]
        try:
            while pool.load()["running"] < number:
                assert not any(future.done() for future in running)
            yield running
        finally:
            while not all(future.done() for future in running):
                for pid in children(pool.process_ids()[0]):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
        assert all(isinstance(future.exception(), DigitechError) for future in running)


def test_answer_names_its_snapshot_format_and_length(pool: WorkerPool, snapshot: Snapshot) -> None:
    with pool.query(request("ASK {}")) as answer:
        body = answer.read()
        assert (answer.version, answer.format.name, answer.length) == (snapshot.version, "json", len(body))


def test_default_graph_is_the_union_of_all(pool: WorkerPool) -> None:
    assert b"true" in ask(pool, "ASK { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }")


def test_dataset_of_the_request_replaces_the_default_graph(pool: WorkerPool) -> None:
    dataset = DatasetClause(default_graphs=("https://w3id.org/digitech-kg/graph/ontology",))
    assert b"false" in ask(pool, "ASK { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }", dataset=dataset)


def test_large_result_is_whole_though_it_went_through_a_file(pool: WorkerPool, snapshot: Snapshot) -> None:
    with pool.query(request("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }")) as answer:
        assert not isinstance(answer.source, bytes)
        body = answer.read()
    assert len(body) == answer.length
    assert body.count(b'"s":') == snapshot.manifest.quads


def test_two_large_results_do_not_mix(pool: WorkerPool) -> None:
    texts = [f"SELECT ?s ?p ?o ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {count}" for count in (4000, 6000, 8000)]
    answers = [pool.query(request(text)) for text in texts]
    bodies = [answer.read() for answer in answers]
    for answer in answers:
        answer.close()
    assert bodies == [ask(pool, text) for text in texts]


def test_syntax_error_has_line_and_column(pool: WorkerPool) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(pool, "SELECT *\nWHERE { ?s ?p ?o")
    assert (caught.value.line, caught.value.column) == (2, 17)


def test_prefix_without_declaration_is_called_that(pool: WorkerPool) -> None:
    with pytest.raises(QuerySyntaxError, match="no PREFIX line declares"):
        ask(pool, "SELECT * { ?s a nowhere:Thing }")


def test_query_at_its_deadline_is_stopped_and_the_pool_goes_on(small: Snapshot) -> None:
    with closing(WorkerPool(small, Settings(query_timeout=0.5, workers=1, queue_length=0))) as pool:
        with pytest.raises(QueryTimeout) as caught:
            ask(pool, RUNAWAY)
        assert caught.value.value == 0.5
        assert b"true" in ask(pool, "ASK {}")
        assert pool.load()["running"] == 0


def test_request_may_shorten_its_deadline(pool: WorkerPool) -> None:
    with pytest.raises(QueryTimeout) as caught:
        pool.query(request(RUNAWAY), timeout_s=0.2)
    assert caught.value.value == 0.2


def test_query_above_its_memory_is_an_error_and_the_pool_goes_on(pool: WorkerPool) -> None:
    with pytest.raises(LimitExceeded) as caught:
        pool.query(request("SELECT DISTINCT ?a ?d ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a"), timeout_s=5)
    assert caught.value.limit in ("memory_bytes", "timeout_s")
    assert b"true" in ask(pool, "ASK {}")


@pytest.mark.parametrize("iri", ["urn:x\n", "http://example.org/[", "http://example.org/%zz"])
def test_graph_that_is_no_iri_to_the_engine_is_the_callers_fault(pool: WorkerPool, iri: str) -> None:
    with pytest.raises(CallError, match="IRI"):
        ask(pool, "ASK {}", dataset=DatasetClause(default_graphs=(iri,)))


def test_result_above_its_size_is_an_error_not_a_cut_and_the_next_is_whole(snapshot: Snapshot) -> None:
    text = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
    one = WorkerPool(snapshot, Settings(result_size=2, workers=1, queue_length=0))
    try:
        with pytest.raises(LimitExceeded) as caught:
            ask(one, text)
        body = ask(one, text + " LIMIT 5000")
    finally:
        one.close()
    assert caught.value.limit == "result_bytes"
    assert len(json.loads(body)["results"]["bindings"]) == 5000
    assert len(body) > 600_000


def test_closed_pool_is_broken(small: Snapshot) -> None:
    closed = WorkerPool(small, Settings(workers=1, queue_length=1))
    assert not closed.is_broken
    closed.close()
    assert closed.is_broken


def test_text_that_overflows_the_parser_kills_only_its_worker(pool: WorkerPool) -> None:
    nested = "SELECT * { ?s ?p ?o FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }"
    with pytest.raises((LimitExceeded, EngineFailure, QuerySyntaxError)):
        ask(pool, nested)
    assert b"true" in ask(pool, "ASK {}")


def test_form_without_accepted_format_is_not_acceptable(pool: WorkerPool) -> None:
    with pytest.raises(NotAcceptable) as caught:
        pool.query(QueryRequest("ASK {}", None, by_name("turtle")))
    assert "application/sparql-results+json" in caught.value.available


def test_full_queue_is_busy(small: Snapshot) -> None:
    with closing(WorkerPool(small, Settings(workers=1, queue_length=0))) as pool, runaways(pool, 1):
        with pytest.raises(Busy) as caught:
            ask(pool, "ASK {}")
        assert caught.value.limit == "queue_length"


def test_runaway_queries_leave_room_for_others(pool: WorkerPool) -> None:
    with runaways(pool, 6) as running:
        assert b"true" in ask(pool, "ASK {}")
        assert not any(future.done() for future in running)


def test_pool_shrinks_after_a_burst(pool: WorkerPool) -> None:
    with ThreadPoolExecutor(8) as others:
        list(others.map(lambda _: ask(pool, "ASK {}"), range(64)))
    assert 1 <= pool.load()["workers"] <= 1 + usable_cores()


def test_long_query_gives_way_to_others(pool: WorkerPool) -> None:
    with runaways(pool, 1) as (running,):
        nice: set[int] = set()
        while 19 not in nice:
            assert not running.done()
            with suppress(ProcessLookupError):
                nice |= {os.getpriority(os.PRIO_PROCESS, pid) for pid in children(pool.process_ids()[0])}


def test_queries_above_the_common_budget_are_ended_largest_first(small: Snapshot) -> None:
    settings = Settings(query_timeout=300, query_memory=2048, total_memory=20, workers=2, queue_length=0)
    pool = WorkerPool(small, settings)
    try:
        with pytest.raises(LimitExceeded) as caught:
            ask(pool, "SELECT DISTINCT ?a ?d ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a")
        assert caught.value.limit == "all_memory_bytes"
    finally:
        pool.close()


def test_format_that_cannot_hold_a_triple_term_is_no_fault_of_the_engine(pool: WorkerPool) -> None:
    text = "CONSTRUCT { <x:s> <x:p> ?term } WHERE { BIND(<<( <x:a> <x:b> 1 )>> AS ?term) }"
    assert b"<<(" in ask(pool, text)
    with pytest.raises(NotAcceptable, match="can't hold all of the result") as caught:
        pool.query(QueryRequest(text, by_name("json"), by_name("jsonld")))
    assert "text/turtle" in caught.value.available


@pytest.mark.parametrize("form", ["SELECT ?o", "CONSTRUCT { <x:s> <x:p> ?o }"])
def test_xml_is_refused_for_a_text_that_it_cannot_hold(pool: WorkerPool, form: str) -> None:
    wanted = QueryRequest(form + ' WHERE { BIND("a\\u0001b" AS ?o) }', by_name("xml"), by_name("rdfxml"))
    with pytest.raises(NotAcceptable, match="control characters"):
        pool.query(wanted)
    assert b"a\\u0001b" in ask(pool, wanted.text)


def test_closed_pool_leaves_no_process(small: Snapshot) -> None:
    pool = WorkerPool(small, Settings(workers=2, queue_length=0))
    pids = pool.process_ids()
    assert len(pids) >= 2
    pool.close()
    assert not [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]


def test_workers_that_were_idle_when_another_was_killed_are_not_asked(small: Snapshot) -> None:
    pool = WorkerPool(small, Settings(query_timeout=20, workers=2, queue_length=0))
    try:
        for pid in pool.process_ids()[1:]:
            os.kill(pid, signal.SIGSTOP)
        with ThreadPoolExecutor(1) as other:
            asked = other.submit(ask, pool, "ASK {}")
            while not pool._long:
                assert not asked.done()
            os.kill(pool._long[0].pid, signal.SIGKILL)
            assert isinstance(asked.exception(), EngineStopped)
        assert b"true" in ask(pool, "ASK {}")
    finally:
        pool.close()


def test_worker_has_no_network(pool: WorkerPool) -> None:
    pid = pool.process_ids()[-1]
    ours, theirs = (Path(f"/proc/{p}/ns/net").readlink() for p in ("self", pid))
    if ours == theirs:
        pytest.skip("this kernel gives no unprivileged network namespaces")
    with pytest.raises(EngineFailure, match="unreachable"):
        ask(pool, "SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }")


@pytest.mark.skipif(
    find_library("jemalloc") is None or "LD_PRELOAD" in os.environ,
    reason="jemalloc is not installed, or the environment names an allocator",
)
def test_processes_use_jemalloc_where_it_is_installed(pool: WorkerPool) -> None:
    assert all("jemalloc" in Path(f"/proc/{pid}/maps").read_text() for pid in pool.process_ids())


def test_an_allocator_that_the_environment_names_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "libother.so")
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.check=1")
    environment = engine_environment()
    assert (environment["LD_PRELOAD"], environment["GLIBC_TUNABLES"]) == ("libother.so", "glibc.malloc.check=1")
    assert "MALLOC_CONF" not in environment


def test_jemalloc_that_cannot_be_loaded_leaves_the_settings_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    monkeypatch.setattr(processes, "_jemalloc", lambda: "libnone.so.2")
    environment = engine_environment()
    assert environment["LD_PRELOAD"] == "libnone.so.2"
    assert environment["MALLOC_ARENA_MAX"] == "2"


def test_store_on_disk_answers_like_the_one_in_memory(snapshot: Snapshot, pool: WorkerPool) -> None:
    on_disk = WorkerPool(snapshot, Settings(workers=1, queue_length=0), in_memory=False)
    try:
        text = "SELECT ?s { ?s a <https://w3id.org/digitech-kg/ontology#Company> } ORDER BY ?s"
        assert ask(on_disk, text) == ask(pool, text)
    finally:
        on_disk.close()


def test_a_worker_being_forked_holds_up_nobody_when_the_engine_is_closed(snapshot: Snapshot) -> None:
    server = ForkServer(snapshot, Settings(query_memory=200, rewriting=False), in_memory=False)
    os.kill(server.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as executor:
        forked = executor.submit(server.fork)
        while unread_bytes(server._control) == 0:
            assert not forked.done()
        closed = executor.submit(server.close)
        with pytest.raises(EngineStopped):
            forked.result(timeout=30)
        os.kill(server.pid, signal.SIGCONT)
        closed.result(timeout=30)


def unread_bytes(sent_to: socket.socket) -> int:
    """How many bytes the other end has not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(sent_to.fileno(), termios.TIOCOUTQ, count)
    return count[0]
