"""The servers that are tested, each with its own way to take in a data set."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import requests
from pyoxigraph import Quad, RdfFormat, serialize

from conftest import Server, start_server, stop_server
from digitech_kg.access import TokenStore
from digitech_kg.snapshot.repository import SnapshotRepository
from publishing import publish_quads
from stores import free_port, running


class Target(Protocol):
    """A running server."""

    name: str
    #: Address without a slash at the end, and the paths of its endpoints there.
    url: str
    query_path: str
    update_path: str
    graph_store_path: str
    #: Sent with each request: who may write.
    headers: dict[str, str]
    #: Whether it holds the data of all tests, so that each query has to name its dataset.
    holds_all: bool
    #: Whether PREFIX and BASE may stand before any operation of an update, as the standard has it.
    takes_late_prologues: bool

    def load(self, quads: list[Quad]) -> None:
        """Make these quads the whole dataset."""


class ThisService:
    """`digitech-kg serve --empty --default-graph own`: a data set is published as its next snapshot."""

    name = "digitech-kg"
    takes_late_prologues = True
    query_path, update_path, graph_store_path = "/sparql", "/sparql", "/graph-store"

    def __init__(self, server: Server) -> None:
        self.url = server.url
        token, _ = TokenStore(server.data_dir).create("conformance", scopes=["write"])
        self.headers = {"Authorization": f"Bearer {token}"}
        self.holds_all = False
        self._repository = SnapshotRepository(server.data_dir, keep=2)

    def load(self, quads: list[Quad]) -> None:
        publish_quads(quads, self._repository)


class OxigraphServer:
    """Oxigraph's own server, with its data in a directory: a data set is put through its graph store."""

    name = "oxigraph"
    takes_late_prologues = False
    query_path, update_path, graph_store_path = "/query", "/update", "/store"

    def __init__(self, url: str) -> None:
        self.url = url
        self.headers: dict[str, str] = {}
        self.holds_all = False

    def load(self, quads: list[Quad]) -> None:
        body = serialize(quads, format=RdfFormat.N_QUADS)
        headers = {"Content-Type": RdfFormat.N_QUADS.media_type}
        requests.put(f"{self.url}/store", data=body, headers=headers, timeout=60).raise_for_status()


@contextmanager
def this_service(data_dir: Path) -> Iterator[Target]:
    """Start this service over an empty dataset and stop it in the end."""
    server = start_server(
        data_dir, "--empty", "--default-graph", "own", "--workers", "1", "--log", "off", "--token-rate", "1000"
    )
    try:
        yield ThisService(server)
    finally:
        stop_server(server)


@contextmanager
def oxigraph_server(data_dir: Path) -> Iterator[Target]:
    """Start Oxigraph's own server and stop it in the end."""
    port = free_port()
    data_dir.mkdir(exist_ok=True)
    program = str(Path(sys.executable).parent / "oxigraph")
    command = [program, "serve", "--location", str(data_dir), "--bind", f"127.0.0.1:{port}"]
    with running(command, "Listening", data_dir):
        yield OxigraphServer(f"http://127.0.0.1:{port}")
