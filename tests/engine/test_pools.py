"""Which pool answers: one follows small changes, a large version is answered from its directory first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.engine import service
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import QueryRequest, as_of
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import EngineFailure, EngineStopped
from digitech_kg.formats import by_name
from digitech_kg.settings import Settings
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.manifest import Manifest, write_namespaces
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.triple_store import create_store
from small import NAMES

NUMBER = NamedNode("http://example.org/number")
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . VALUES ?g { 1 2 3 } }"


def quads(number: int, count: int) -> set[Quad]:
    return {Quad(NamedNode(f"http://example.org/{i}"), NUMBER, Literal(str(number))) for i in range(count)}


def publish(repository: SnapshotRepository, number: int, *, count: int = 500) -> Snapshot:
    """Publish a version that holds nothing but its number, and what it changed."""
    before = repository.current()
    with repository.writing() as directory:
        store = create_store(directory / "store")
        store.extend(quads(number, count))
        store.flush()
        changed = count if before else 0
        if before:
            Change(frozenset(quads(number, count)), frozenset(quads(number - 1, count))).write(directory)
        version = repository.next_version(f"{number:012x}")
        names, previous = write_namespaces(NAMES), before.version if before else ""
        facts = {"namespaces": names, "previous": previous, "added": changed, "removed": changed}
        return repository.publish(directory, Manifest(version, version, "", repository.now(), count, **facts))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., SnapshotService]]:
    services: list[SnapshotService] = []

    def open_it() -> SnapshotService:
        options = Settings(workers=4, queue_length=50)
        services.append(SnapshotService(SnapshotRepository(tmp_path), options))
        return services[-1]

    publish(SnapshotRepository(tmp_path), 0)
    yield open_it
    for each in services:
        each.close()


def number_in(asked: SnapshotService | WorkerPool) -> str:
    with asked.query(QueryRequest("SELECT DISTINCT ?n { ?s ?p ?n }", by_name("csv"), None)) as answer:
        (_, *numbers) = answer.read().decode().split()
    (number,) = numbers
    return number


def test_small_change_is_followed_by_the_same_processes(opened: Callable[..., SnapshotService]) -> None:
    asked = opened()
    assert number_in(asked) == "0"
    pool = asked._pool
    publish(asked.repository, 1)
    asked.follow()
    assert number_in(asked) == "1"
    assert asked._pool is pool


def test_version_of_the_past_is_asked_beside_the_current_one(opened: Callable[..., SnapshotService]) -> None:
    asked = opened()
    first = asked.snapshot.version
    publish(asked.repository, 1)
    asked.follow()
    with as_of(first):
        assert number_in(asked) == "0"
    assert number_in(asked) == "1"


def test_large_version_is_answered_from_its_directory_until_it_is_copied(
    opened: Callable[..., SnapshotService], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_QUICKLY_COPIED", 100)
    monkeypatch.setattr("digitech_kg.snapshot.repository._MOST_QUADS", 100)
    asked = opened()
    pool = asked._pool
    publish(asked.repository, 1)
    asked.follow()
    assert number_in(asked) == "1"
    assert asked._pool is not pool
    while not asked._pool.in_memory:
        assert number_in(asked) == "1"
    assert number_in(asked) == "1"


def test_pool_that_cannot_read_what_changed_does_not_follow(tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path)
    before, after = publish(repository, 0), publish(repository, 1)
    pool = WorkerPool(before, Settings(workers=1, queue_length=1))
    try:
        assert not pool.advance(after, [tmp_path / "moved"])
        assert number_in(pool) == "0"
    finally:
        pool.close()


def test_retired_pool_ends_with_its_last_query(tmp_path: Path) -> None:
    pool = WorkerPool(publish(SnapshotRepository(tmp_path), 0), Settings(workers=2, queue_length=1))
    with ThreadPoolExecutor(1) as other:
        slow = QueryRequest(SLOW, by_name("csv"), None)
        running = other.submit(pool.query, slow)
        while not pool.load()["running"]:
            assert not running.done()
        pool.retire()
        with pytest.raises(EngineStopped):
            number_in(pool)
        assert not running.done() or running.exception() is None
        running.result().close()
    assert pool.is_broken


def test_closed_service_answers_nothing(opened: Callable[..., SnapshotService]) -> None:
    asked = opened()
    asked.close()
    with pytest.raises(EngineFailure, match="shutting down"):
        number_in(asked)
