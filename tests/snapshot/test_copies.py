"""A copy of a data directory, as docs/history.md says to make it, holds whole versions."""

import subprocess
import threading
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit
from digitech_kg.errors import StorageFailure
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.triple_store import open_read_only
from publishing import publish_quads

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")


def quad(text: str) -> Quad:
    return Quad(A, P, Literal(text))


def add(repository: SnapshotRepository, text: str) -> str:
    return Committer(repository).commit(Change(frozenset({quad(text)})), Commit()).version


@pytest.fixture
def repository(tmp_path: Path) -> SnapshotRepository:
    """Four versions, the data of the last two kept."""
    found = SnapshotRepository(tmp_path / "kg", keep=2)
    publish_quads([quad("1"), quad("2")], found)
    for text in ("3", "4"):
        add(found, text)
    return found


def copy(repository: SnapshotRepository, target: Path) -> SnapshotRepository:
    target.mkdir()
    source = repository.data_dir
    subprocess.run(["/bin/cp", "-al", source / "current", source / "snapshots", source / "history", target], check=True)
    return SnapshotRepository(target, keep=2)


def texts_in(repository: SnapshotRepository, version: str) -> set[str]:
    store = open_read_only(repository.resolve(version).store)
    return {q.object.value for q in store}  # type: ignore[union-attr]


def test_a_copy_can_be_read_and_written(repository: SnapshotRepository, tmp_path: Path) -> None:
    before = repository.current_version()
    copied = copy(repository, tmp_path / "copy")
    assert [m.version for m in copied.history()] == [m.version for m in repository.history()]
    version = add(copied, "5")
    assert texts_in(copied, version) == {"1", "2", "3", "4", "5"}
    assert repository.current_version() == before
    assert texts_in(repository, before or "") == {"1", "2", "3", "4"}


def test_a_copy_beside_a_writer_is_one_of_the_versions(tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "kg", keep=100)
    (repository.data_dir / "history").mkdir()
    publish_quads([quad("1")], repository)
    done = threading.Event()

    def write() -> None:
        for number in range(2, 12):
            add(repository, str(number))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    copies = []
    while not done.is_set():
        # A version that is being built, or goes by another name in the meantime, may be missing in parts.
        target = tmp_path / f"copy-{len(copies)}"
        target.mkdir()
        names = [repository.data_dir / name for name in ("current", "snapshots", "history")]
        subprocess.run(["/bin/cp", "-al", *names, target], check=False, capture_output=True)
        copies.append(target)
    writer.join()
    for directory in copies:
        copied = SnapshotRepository(directory)
        newest = copied.history()[-1]
        assert newest.version == copied.current_version()
        # The first version is empty.
        assert len(texts_in(copied, newest.version)) == newest.number - 1 == len(copied.history()) - 1


def test_versions_stay_when_it_is_lost_which_is_current(repository: SnapshotRepository) -> None:
    current = repository.current_version() or ""
    repository.current_file.unlink()
    with pytest.raises(StorageFailure, match="current is missing") as caught:
        add(repository, "5")
    assert current in (caught.value.hint or "")
    repository.current_file.write_text(current + "\n", encoding="utf-8")
    assert texts_in(repository, current) == {"1", "2", "3", "4"}
