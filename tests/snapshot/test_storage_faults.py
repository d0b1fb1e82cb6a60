"""A disk that is full or read-only, a writer that died with the lock, a clock that goes back: nothing is lost."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import requests

from conftest import Server, Workshop, start_server, stop_server
from digitech_kg.access import TokenStore
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, SparqlUpdate
from digitech_kg.errors import StorageFailure
from digitech_kg.snapshot import repository
from digitech_kg.snapshot.repository import SnapshotRepository
from small import content_digest

GRAPH = "https://w3id.org/digitech-kg/graph/soak"
NO_SPACE = os.strerror(28)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, and a small one."""
    directory = tmp_path / "disk"
    directory.mkdir()
    if not shutil.which("mount") or mount("-t", "tmpfs", "-o", "size=40m", "none", str(directory)):
        pytest.skip("a small disk needs the right to mount one")
    yield directory
    # A test that failed may still have files open there.
    subprocess.run(["umount", "--lazy", str(directory)], check=True)  # noqa: S607


def mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode  # noqa: S607


@contextmanager
def filled(disk: Path, *, but: int = 0) -> Iterator[None]:
    """Take all space but so many bytes."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - but)
    yield
    filler.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    # Processes of a server that has ended may have files open for a moment longer.
    assert any(mount("-o", "remount,ro", str(disk)) == 0 for _ in range(1000))
    yield
    assert mount("-o", "remount,rw", str(disk)) == 0


def copied(workshop: Workshop, data_dir: Path) -> SnapshotRepository:
    """Return the versions of the small project, in a directory of their own."""
    return SnapshotRepository(shutil.copytree(workshop.data_dir, data_dir))


def insertion(number: int) -> SparqlUpdate:
    return SparqlUpdate(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <x:s> <x:p> {number} }} }}")


def write(writer: Committer, number: int) -> str:
    return writer.commit(insertion(number), Commit()).version


def assert_whole(found: SnapshotRepository) -> None:
    current = found.current()
    assert current is not None
    assert content_digest(current) == current.manifest.content_digest
    assert [m.number for m in found.history()] == list(range(1, current.manifest.number + 1))
    assert {path.name for path in (found.data_dir / "snapshots").iterdir()} == set(found.versions())


def test_a_write_for_which_there_is_no_space_changes_nothing_wherever_it_stops(
    built_workshop: Workshop, disk: Path
) -> None:
    found = copied(built_workshop, disk / "data")
    writer, fates = Committer(found), set()
    for number, free in enumerate((0, 16, 64, 250, 350, 450, 520, 560, 600, 700, 1000, 1500, 4000, 9000)):
        before = found.current_version()
        with filled(disk, but=free * 1024):
            try:
                fates.add(write(writer, number) != before)
            except StorageFailure as error:
                fates.add(False)
                assert NO_SPACE in error.message
                assert found.current_version() == before
            assert_whole(found)
    assert fates == {True, False}
    assert write(writer, 100) == found.current_version()
    assert_whole(found)


def test_a_build_for_which_there_is_no_space_leaves_the_version_before(
    built_workshop: Workshop, disk: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    found = copied(built_workshop, disk / "data")
    command = (
        "build",
        "--force",
        "--project",
        str(built_workshop.root),
        "--data-dir",
        str(disk / "data"),
    )
    before = found.current_version()
    with filled(disk):
        done = run(*command)
    assert done.returncode == 2
    assert NO_SPACE in done.stderr
    assert "Traceback" not in done.stderr
    assert found.current_version() == before
    assert run(*command).returncode == 0
    assert_whole(found)


@pytest.fixture
def server(disk: Path) -> Iterator[Server]:
    running = start_server(disk / "data", "--empty", "--workers", "1", "--log", "json")
    yield running
    stop_server(running)


def put(server: Server, token: str, body: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
    return requests.put(f"{server.url}/graph-store", params={"graph": GRAPH}, data=body, headers=headers, timeout=60)


def update(server: Server, token: str, number: int) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sparql-update"}
    return server.post("/sparql", data=insertion(number).text, headers=headers)


def numbers(server: Server) -> set[str]:
    rows = server.sparql(f"SELECT ?n {{ GRAPH <{GRAPH}> {{ ?s ?p ?n }} }}").json()["results"]["bindings"]
    return {row["n"]["value"] for row in rows}


def test_over_http_a_full_disk_is_507_and_reading_goes_on(server: Server, disk: Path) -> None:
    token, _ = TokenStore(server.data_dir).create("ann", scopes=["write"])
    assert update(server, token, 1).status_code == 200
    with filled(disk):
        refused = [update(server, token, 2), put(server, token, "<x:s> <x:p> 3 .")]
        assert numbers(server) == {"1"}
    for response in refused:
        assert response.status_code == 507
        assert response.headers["Content-Type"] == "application/problem+json"
        assert "Nothing was changed" in response.json()["hint"]
        assert str(disk) not in response.text
    server.wait_for_line(NO_SPACE)
    assert put(server, token, "<x:s> <x:p> 4 .").status_code == 200
    assert numbers(server) == {"4"}


def test_a_read_only_directory_is_served_and_takes_no_writes(disk: Path) -> None:
    token, _ = TokenStore(disk / "data").create("ann", scopes=["write"])
    stop_server(start_server(disk / "data", "--empty", "--workers", "1", "--log", "off"))
    with read_only(disk):
        server = start_server(disk / "data", "--empty", "--workers", "1", "--log", "off")
        refused = [update(server, token, 1), put(server, token, "<x:s> <x:p> 2 .")]
        assert [response.status_code for response in refused] == [507, 507]
        assert numbers(server) == set()
        stop_server(server)
    server = start_server(disk / "data", "--empty", "--workers", "1", "--log", "off")
    assert update(server, token, 3).status_code == 200
    assert numbers(server) == {"3"}
    stop_server(server)


DYING = """
import os, sys
from pathlib import Path
from digitech_kg.snapshot.repository import SnapshotRepository
with SnapshotRepository(Path(sys.argv[1])).writing() as directory:
    (directory / "half").write_text("half of a version")
    print("at it", flush=True)
    sys.stdin.read()
"""


def test_a_dead_writer_holds_no_lock_and_what_it_left_goes(built_workshop: Workshop, tmp_path: Path) -> None:
    found = copied(built_workshop, tmp_path / "data")
    command = [sys.executable, "-c", DYING, str(found.data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at it\n"
        assert len(list((found.data_dir / "snapshots").glob("building-*"))) == 1
        process.send_signal(signal.SIGKILL)
    assert write(Committer(found), 1) == found.current_version()
    assert_whole(found)


def test_a_clock_that_goes_back_keeps_the_versions_in_order(
    built_workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = copied(built_workshop, tmp_path / "data")
    writer = Committer(found)
    expected = [found.current_version(), write(writer, 1)]

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Yesterday":
            return cls.fromtimestamp(datetime.now(tz).timestamp(), tz) - timedelta(days=1)

    monkeypatch.setattr(repository, "datetime", Yesterday)
    expected += [write(writer, 2), write(Committer(found), 3)]
    created = [manifest.created for manifest in found.history()]
    assert [manifest.version for manifest in found.history()] == expected
    assert created == sorted(created)
    assert found.resolve(datetime.now(UTC).isoformat()).version == expected[-1]
    assert_whole(found)
