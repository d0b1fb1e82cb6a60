"""Data that no project made is never lost to a project's files, and there is a way on from each refusal."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from bundled import NAMES
from conftest import SMALL_PROJECT
from digitech_kg.commit.building import build, create_empty
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, Revert
from digitech_kg.errors import CallError
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project
from digitech_kg.triple_store import open_read_only

Run = Callable[..., "subprocess.CompletedProcess[str]"]
THING, NOTE = NamedNode("http://example.org/thing"), NamedNode("http://example.org/note")
IMPORTED = Quad(THING, NOTE, Literal("kept"), NamedNode("http://example.org/graph"))
PROJECT = ("--project", str(SMALL_PROJECT))


@pytest.fixture
def repository(tmp_path: Path) -> SnapshotRepository:
    """A data directory with data that no project made."""
    found = SnapshotRepository(tmp_path / "kg")
    create_empty(found, NAMES)
    Committer(found).commit(Change(frozenset({IMPORTED})), Commit("import"))
    return found


def holds(repository: SnapshotRepository) -> bool:
    current = repository.current()
    assert current is not None
    return IMPORTED in open_read_only(current.store)


@pytest.mark.parametrize("command", [("build",), ("serve", "--port", "0")], ids=["build", "serve"])
def test_a_project_does_not_take_the_place_of_other_data(
    run: Run, repository: SnapshotRepository, command: tuple[str, ...]
) -> None:
    version = repository.current_version()
    refused = run(*command, *PROJECT, "--data-dir", str(repository.data_dir))
    assert refused.returncode == 1
    assert "1 quad that no project made" in refused.stderr
    for way in ("--data-dir", "serve --empty", "--discard-edits"):
        assert way in refused.stderr
    assert repository.current_version() == version


def test_a_project_takes_its_place_when_told_and_reverting_brings_it_back(
    run: Run, repository: SnapshotRepository
) -> None:
    here = ("--data-dir", str(repository.data_dir))
    built = run("build", "--discard-edits", *PROJECT, *here)
    assert built.returncode == 0, built.stderr
    assert not holds(repository)
    taken = repository.current_version() or ""
    for options in (("--dry-run",), ()):
        reverted = run("revert", taken, *options, *PROJECT, *here)
        assert reverted.returncode == 0, reverted.stderr
    current = repository.current()
    assert current is not None
    assert list(open_read_only(current.store)) == [IMPORTED]
    assert not current.manifest.derives
    assert run("build", *PROJECT, *here).returncode == 1


@pytest.mark.usefixtures("unchecked")
def test_a_project_that_was_taken_back_comes_again(repository: SnapshotRepository) -> None:
    built = build(find_project(SMALL_PROJECT), repository, discard_edits=True)
    back = Committer(repository).commit(Revert(built.version), Commit("revert"))
    Committer(repository).commit(Revert(back.version), Commit("revert"))
    current = repository.current()
    assert current is not None
    assert current.manifest.content_digest == built.manifest.content_digest
    assert current.manifest.derives
    assert build(find_project(SMALL_PROJECT), repository).version == current.version


def test_a_version_that_does_not_come_back_says_what_to_do(repository: SnapshotRepository) -> None:
    first = repository.history()[0].version
    with pytest.raises(CallError) as caught:
        Committer(repository).commit(Revert(first), Commit("revert"))
    assert "--data-dir" in str(caught.value.hint)
