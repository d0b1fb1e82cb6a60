"""A service that is killed while it is written to loses nothing; `make soak` does the same for longer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Server, start_server, stop_server
from digitech_kg.update.incoming import incoming_directory
from soak.crashes import KINDS, Crashes
from soak.processes import kill, members


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = start_server(tmp_path, "--empty", "--workers", "2", "--log", "off", start_new_session=True)
    yield running
    stop_server(running)


def engine_processes(server: Server) -> list[int]:
    return sorted(pid for pid, kind in members(server.process.pid).items() if kind == "engine")


def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_halves(tmp_path: Path) -> None:
    crashes = Crashes(tmp_path, seed=1)
    crashes.run(writes=20, kills=5)
    assert crashes.tally.acknowledged >= 20
    assert set(crashes.tally.kills) == set(KINDS)


def test_queries_are_answered_after_the_engine_was_killed(server: Server) -> None:
    for pid in engine_processes(server):
        kill(pid)
    for number in range(5):
        assert server.sparql(f"ASK {{ ?s ?p {number} }}").status_code == 200
    assert server.get("/readyz").status_code == 200


def test_an_idle_worker_that_is_killed_is_not_asked(server: Server) -> None:
    _, *workers = engine_processes(server)
    for pid in workers:
        kill(pid)
    assert server.sparql("ASK { ?s ?p ?o }").status_code == 200


def test_bodies_that_a_dead_process_left_are_removed_and_those_in_use_are_not(tmp_path: Path) -> None:
    with incoming_directory(tmp_path) as mine:
        (mine / "0").write_bytes(b"mine")
        child = os.fork()
        if child == 0:
            with incoming_directory(tmp_path) as abandoned:
                (abandoned / "0").write_bytes(b"abandoned")
                os._exit(0)
        os.waitpid(child, 0)
        assert len(list((tmp_path / "incoming").iterdir())) == 2
        with incoming_directory(tmp_path) as next_one:
            assert set((tmp_path / "incoming").iterdir()) == {mine, next_one}
        assert (mine / "0").read_bytes() == b"mine"
    assert not list((tmp_path / "incoming").iterdir())
