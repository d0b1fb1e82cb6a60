"""Readers go on while one version after the other is published, and what they hold levels off."""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.engine.request import QueryRequest
from digitech_kg.engine.service import SnapshotService
from digitech_kg.formats import by_name
from digitech_kg.settings import Settings
from digitech_kg.snapshot.manifest import Manifest, write_namespaces
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.triple_store import create_store
from small import NAMES

NUMBER = NamedNode("http://example.org/number")


def publish(repository: SnapshotRepository, number: int) -> Snapshot:
    """Publish a version that holds nothing but its number, many times over."""
    with repository.writing() as directory:
        things = (NamedNode(f"http://example.org/{i}") for i in range(200))
        store = create_store(directory / "store")
        store.extend(Quad(thing, NUMBER, Literal(str(number))) for thing in things)
        store.flush()
        version = repository.next_version(f"{number:012x}")
        manifest = Manifest(version, version, "", repository.now(), 200, namespaces=write_namespaces(NAMES))
        return repository.publish(directory, manifest)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SnapshotService]:
    repository = SnapshotRepository(tmp_path)
    publish(repository, 0)
    opened = SnapshotService(repository, Settings(workers=2, queue_length=50))
    yield opened
    opened.close()


def numbers(service: SnapshotService) -> set[str]:
    """The numbers that one answer has seen: a single one, if it was taken from a single version."""
    request = QueryRequest("SELECT DISTINCT ?n { ?s ?p ?n }", by_name("json"), None)
    with service.query(request) as answer:
        rows = json.loads(answer.read())["results"]["bindings"]
    return {row["n"]["value"] for row in rows}


def held() -> tuple[int, int, int]:
    """What this process holds: open files, threads, processes below it."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return (
        len(list(Path("/proc/self/fd").iterdir())),
        threading.active_count(),
        sum(len(file.read_text().split()) for file in children),
    )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system has no /proc to count open files in")
@pytest.mark.parametrize("versions", [4, pytest.param(12, marks=pytest.mark.thorough)])
def test_readers_hold_no_more_after_many_versions_than_after_few(service: SnapshotService, versions: int) -> None:
    mixed: list[set[str]] = []
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            seen = numbers(service)
            if len(seen) != 1:
                mixed.append(seen)

    levels = []
    with ThreadPoolExecutor(3) as readers:
        running = [readers.submit(keep_asking) for _ in range(3)]
        try:
            for number in range(1, versions + 1):
                publish(service.repository, number)
                service.follow()
                assert numbers(service) == {str(number)}
                levels.append(held())
        finally:
            done.set()
    assert [reader.exception() for reader in running] == [None] * 3
    assert mixed == []
    early, late = levels[: versions // 2], levels[versions // 2 :]
    for first, last in zip(zip(*early, strict=True), zip(*late, strict=True), strict=True):
        assert min(last) <= max(first), (early, late)
