"""`serve --empty`: a dataset of any kind, without a project."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from conftest import Server, start_server, stop_server
from digitech_kg.snapshot.repository import SnapshotRepository
from publishing import publish_quads

THING = NamedNode("http://example.org/thing")
NOTE = NamedNode("http://example.org/note")
QUADS = [
    Quad(THING, NOTE, Literal("in the default graph")),
    Quad(THING, NOTE, Literal("in a named graph"), NamedNode("http://example.org/graph")),
]
NOTES = "SELECT ?note { ?thing <http://example.org/note> ?note }"


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    running = start_server(tmp_path / "data", "--empty", "--default-graph", "own", "--workers", "1")
    yield running
    stop_server(running)


def notes(server: Server) -> set[str]:
    return {row["note"]["value"] for row in server.sparql(NOTES).json()["results"]["bindings"]}


def test_starts_with_nothing_and_follows_what_is_published(empty_server: Server) -> None:
    assert notes(empty_server) == set()
    publish_quads(QUADS, SnapshotRepository(empty_server.data_dir))
    assert notes(empty_server) == {"in the default graph"}
    assert empty_server.get("/").status_code == 200


def test_keeps_what_the_data_directory_has_and_joins_the_graphs_on_request(tmp_path: Path) -> None:
    publish_quads(QUADS, SnapshotRepository(tmp_path))
    server = start_server(tmp_path, "--empty", "--workers", "1")
    try:
        assert notes(server) == {"in the default graph", "in a named graph"}
    finally:
        stop_server(server)


def test_a_project_as_well_is_a_contradiction(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ended = run("serve", "--empty", "--project", ".", "--port", "0")
    assert ended.returncode == 2
    assert "--empty" in ended.stderr
