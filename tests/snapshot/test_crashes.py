"""A service that is killed while it is written to loses nothing; `make soak` does the same for longer."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from conftest import Server, start_server, stop_server
from digitech_kg.commit.process import WriterProcess, incoming_directory
from digitech_kg.commit.request import Commit, Import, Outcome, RdfFile, SparqlUpdate
from digitech_kg.errors import DigitechError
from digitech_kg.formats import by_name
from digitech_kg.settings import Settings
from digitech_kg.snapshot.repository import SnapshotRepository
from publishing import publish_quads
from soak.crashes import KINDS, Crashes
from soak.processes import kill, members


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = start_server(tmp_path, "--empty", "--workers", "2", "--log", "off", start_new_session=True)
    yield running
    stop_server(running)


def engine_processes(server: Server) -> list[int]:
    return sorted(pid for pid, kind in members(server.process.pid).items() if kind == "engine")


# The first two kinds are those that end a write; other tests here kill the engine.
@pytest.mark.parametrize("kinds", [KINDS[:2], pytest.param(KINDS, marks=pytest.mark.thorough)], ids=["writing", "all"])
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_halves(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    crashes = Crashes(tmp_path, seed=1)
    crashes.run(writes=4, kills=len(kinds))
    assert crashes.tally.acknowledged >= 4
    assert set(crashes.tally.kills) == set(kinds)


def test_queries_are_answered_after_the_engine_was_killed(server: Server) -> None:
    for pid in engine_processes(server):
        kill(pid)
    for number in range(5):
        assert server.sparql(f"ASK {{ ?s ?p {number} }}").status_code == 200
    assert server.get("/readyz").status_code == 200


def test_a_query_under_way_is_asked_again_when_the_engine_is_killed(server: Server) -> None:
    blocks = " ".join(f"VALUES ?v{block} {{ {' '.join(map(str, range(40)))} }}" for block in range(4))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(server.sparql, f"SELECT (COUNT(*) AS ?n) {{ {blocks} }}")
        while "digitech_kg_engine_running 1.0" not in server.get("/metrics").text and not asked.done():
            pass
        for pid in engine_processes(server):
            kill(pid)
        answer = asked.result()
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == str(40**4)


def test_an_idle_worker_that_is_killed_is_not_asked(server: Server) -> None:
    # Ids of processes start again from the lowest ones, so the parent process needn't have the lowest.
    parents = {pid: int(Path(f"/proc/{pid}/stat").read_text().split()[3]) for pid in engine_processes(server)}
    for pid, parent in parents.items():
        if parent in parents:
            kill(pid)
    assert server.sparql("ASK { ?s ?p ?o }").status_code == 200


def test_a_writer_that_died_is_not_taken_for_one_that_wrote_under_the_same_request_id(tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "data")
    publish_quads([], repository)
    fifo = tmp_path / "body"
    os.mkfifo(fifo)
    commit = Commit(request_id="same")
    with writer_process(repository) as writer, ThreadPoolExecutor(1) as pool:
        version = writer.write(SparqlUpdate("INSERT DATA { <x:s> <x:p> 1 }"), commit).version
        waiting = pool.submit(
            writer.write,
            Import((RdfFile(fifo, by_name("turtle")),), NamedNode("x:g"), replace=True, strict=True),
            commit,
        )
        with opened_by_the_writer(fifo, waiting):
            kill(pid_of(writer))
            with pytest.raises(DigitechError, match="ended"):
                waiting.result()
        assert repository.current_version() == version
        assert writer.write(SparqlUpdate("INSERT DATA { <x:s> <x:p> 2 }"), commit).previous == version


@contextmanager
def opened_by_the_writer(fifo: Path, written: Future[Outcome]) -> Iterator[None]:
    """Hold the other end of a pipe that a write reads from, which is in the middle of the write."""
    end = None
    while end is None:
        assert not written.done(), written.exception()
        # It can be opened for writing once it is open for reading.
        with suppress(OSError):
            end = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    try:
        yield
    finally:
        os.close(end)


@contextmanager
def writer_process(repository: SnapshotRepository) -> Iterator[WriterProcess]:
    writer = WriterProcess(repository, Settings(write_timeout=60, total_memory=1024, query_memory=1024, queue_length=4))
    yield writer
    writer.close()


def pid_of(writer: WriterProcess) -> int:
    assert writer._process._running is not None
    return writer._process._running[0].pid


def test_bodies_that_a_dead_process_left_are_removed_and_those_in_use_are_not(tmp_path: Path) -> None:
    with incoming_directory(tmp_path) as mine:
        (mine / "0").write_bytes(b"mine")
        child = os.fork()
        if child == 0:
            with incoming_directory(tmp_path) as abandoned:
                (abandoned / "0").write_bytes(b"abandoned")
                os._exit(0)
        os.waitpid(child, 0)
        with incoming_directory(tmp_path):
            assert (mine / "0").read_bytes() == b"mine"
    assert len(list((tmp_path / "incoming").iterdir())) == 1
    with incoming_directory(tmp_path) as next_one:
        assert set((tmp_path / "incoming").iterdir()) == {next_one}


def test_what_cannot_be_opened_keeps_nobody_from_a_directory_of_their_own(tmp_path: Path) -> None:
    loop = tmp_path / "incoming" / "loop"
    loop.parent.mkdir()
    loop.symlink_to(loop)
    with incoming_directory(tmp_path) as mine:
        assert mine.is_dir()
