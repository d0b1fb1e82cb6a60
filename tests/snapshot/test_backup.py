"""Backups are whole or not there, and come back whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from conftest import start_server, stop_server
from digitech_kg.access import TokenStore
from digitech_kg.commit import Commit, Committer, Patch
from digitech_kg.errors import CallError, Conflict, StorageFailure
from digitech_kg.snapshot import Change, Retention, SnapshotRepository, restore_backup, write_backup
from digitech_kg.snapshot.files import is_locked
from digitech_kg.triple_store import open_read_only
from publishing import publish_quads

Run = Callable[..., "subprocess.CompletedProcess[str]"]
A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")


def quad(text: str) -> Quad:
    return Quad(A, P, Literal(text))


def add(repository: SnapshotRepository, text: str) -> str:
    return Committer(repository).commit(Patch(Change(frozenset({quad(text)}))), Commit()).version


@pytest.fixture
def repository(tmp_path: Path) -> SnapshotRepository:
    """Four versions, the data of the last two kept, and a token."""
    found = SnapshotRepository(tmp_path / "kg", retention=Retention(last=2))
    publish_quads([quad("1"), quad("2")], found)
    for text in ("3", "4"):
        add(found, text)
    TokenStore(found.data_dir).create("anna", scopes=["write"])
    return found


@pytest.fixture
def backup(repository: SnapshotRepository, tmp_path: Path) -> Path:
    target = tmp_path / "backup.tar.gz"
    assert write_backup(repository, target) == 4
    return target


@pytest.fixture
def empty(tmp_path: Path) -> SnapshotRepository:
    return SnapshotRepository(tmp_path / "new")


def texts_in(repository: SnapshotRepository, version: str) -> set[str]:
    store = open_read_only(repository.resolve(version).store)
    return {q.object.value for q in store}  # type: ignore[union-attr]


def assert_untouched(repository: SnapshotRepository) -> None:
    assert repository.current_version() is None
    assert [path.name for path in (repository.data_dir / "snapshots").iterdir()] == []


def test_all_versions_and_their_history_come_back(
    repository: SnapshotRepository, backup: Path, empty: SnapshotRepository
) -> None:
    assert restore_backup(empty, backup) == 4
    assert empty.history() == repository.history()
    assert empty.versions() == repository.versions()
    assert [empty.change(m.version) for m in empty.history()] == [
        repository.change(m.version) for m in repository.history()
    ]
    assert [texts_in(empty, version) for version in empty.versions()] == [{"1", "2", "3"}, {"1", "2", "3", "4"}]
    assert add(empty, "5").startswith("000005-")


def test_files_that_versions_share_are_kept_once(backup: Path, empty: SnapshotRepository) -> None:
    with tarfile.open(backup) as archive:
        assert any(member.islnk() for member in archive)
    restore_backup(empty, backup)
    assert any(path.stat().st_nlink > 1 for path in empty.data_dir.rglob("*.sst"))


def test_tokens_are_not_in_it_and_stay_where_they_are(
    repository: SnapshotRepository, backup: Path, empty: SnapshotRepository
) -> None:
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert not [name for name in names if "token" in name]
    assert names[-1] == "SHA256SUMS"
    restore_backup(empty, backup)
    assert not TokenStore(empty.data_dir).any()
    restore_backup(repository, backup, force=True)
    assert TokenStore(repository.data_dir).any()


def test_other_software_verifies_it(backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "unpacked"
    target.mkdir()
    subprocess.run(["/bin/tar", "xzf", backup], cwd=target, check=True)
    found = subprocess.run(["/usr/bin/sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=target, capture_output=True)
    assert (found.returncode, found.stdout) == (0, b"")


def test_backup_beside_a_writer_is_one_of_the_versions(repository: SnapshotRepository, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 5
        while not stop.is_set():
            add(repository, str(number))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            write_backup(repository, tmp_path / f"{number}.tar.gz")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        restored = SnapshotRepository(tmp_path / f"restored-{number}")
        restore_backup(restored, tmp_path / f"{number}.tar.gz")
        newest = restored.history()[-1]
        assert newest == repository.manifest(newest.version)
        assert len(texts_in(restored, newest.version)) == newest.number == len(restored.history())


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.9, 0.97])
def test_one_changed_byte_is_found(backup: Path, empty: SnapshotRepository, where: float) -> None:
    content = bytearray(gzip.decompress(backup.read_bytes()))
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        files = [member for member in archive if member.isfile() and member.size]
    changed = files[int(len(files) * where)]
    content[changed.offset_data + int(changed.size * where)] ^= 0x55
    backup.write_bytes(gzip.compress(bytes(content), 1))
    with pytest.raises(CallError, match="not a complete backup"):
        restore_backup(empty, backup)
    assert_untouched(empty)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_cut_off_file_is_refused(backup: Path, empty: SnapshotRepository, share: float) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CallError, match="not a complete backup"):
        restore_backup(empty, backup)
    assert_untouched(empty)


def member(name: str, *, kind: bytes = tarfile.REGTYPE, leads: str = "", content: bytes = b"x") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, leads, len(content) if kind == tarfile.REGTYPE else 0
    return info


VERSION = "snapshots/000001-0123456789ab"


@pytest.mark.parametrize(
    "faulty",
    [
        member("../evil"),
        member("/evil"),
        member(f"{VERSION}/../../../evil"),
        member("snapshots/../tokens.json"),
        member("tokens.json"),
        member(f"{VERSION}/link", kind=tarfile.SYMTYPE, leads="/etc/passwd"),
        member(f"{VERSION}/link", kind=tarfile.LNKTYPE, leads="/etc/passwd"),
        member(f"{VERSION}/link", kind=tarfile.LNKTYPE, leads="../../tokens.json"),
        member(f"{VERSION}/pipe", kind=tarfile.FIFOTYPE),
        member(f"{VERSION}/device", kind=tarfile.CHRTYPE),
        member("current"),
    ],
    ids=lambda info: f"{info.name} {info.linkname}",
)
def test_member_that_leads_elsewhere_is_refused(
    empty: SnapshotRepository, tmp_path: Path, faulty: tarfile.TarInfo
) -> None:
    source = tmp_path / "evil.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        for info in (member("current"), faulty):
            archive.addfile(info, io.BytesIO(b"x") if info.isreg() else None)
    with pytest.raises(CallError, match="not a complete backup"):
        restore_backup(empty, source)
    assert_untouched(empty)
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no archive", mtime=0)])
def test_file_that_is_no_archive_is_refused(empty: SnapshotRepository, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "x.tar.gz"
    source.write_bytes(content)
    with pytest.raises(CallError, match="not a complete backup"):
        restore_backup(empty, source)
    assert_untouched(empty)


def test_published_versions_are_replaced_only_by_force(repository: SnapshotRepository, backup: Path) -> None:
    later = add(repository, "5")
    with pytest.raises(Conflict, match="holds published versions already"):
        restore_backup(repository, backup)
    assert repository.current_version() == later
    restore_backup(repository, backup, force=True)
    assert [manifest.number for manifest in repository.history()] == [1, 2, 3, 4]
    assert texts_in(repository, repository.current_version() or "") == {"1", "2", "3", "4"}
    assert len(list(repository.data_dir.glob("snapshots/*"))) == 2


def test_faulty_backup_replaces_nothing_even_by_force(repository: SnapshotRepository, backup: Path) -> None:
    before = repository.current_version()
    backup.write_bytes(backup.read_bytes()[:5000])
    with pytest.raises(CallError):
        restore_backup(repository, backup, force=True)
    assert repository.current_version() == before
    assert texts_in(repository, before or "") == {"1", "2", "3", "4"}


def test_file_is_not_there_by_halves(repository: SnapshotRepository, tmp_path: Path) -> None:
    def fail(_done: int, _total: int) -> None:
        raise OSError(28, os.strerror(28))

    target = tmp_path / "backup.tar.gz"
    target.write_bytes(b"the old one")
    with pytest.raises(StorageFailure, match="No space left"):
        write_backup(repository, target, told=fail)
    assert target.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.tar.gz"]
    assert not list(repository.data_dir.glob("backup-*"))


def test_copy_of_a_killed_backup_is_removed_by_the_next_writer(repository: SnapshotRepository) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from digitech_kg.snapshot import SnapshotRepository, write_backup\n"
        "repository = SnapshotRepository(Path(sys.argv[1]))\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_backup(repository, Path(sys.argv[1]) / 'x.tar.gz', told=die)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(repository.data_dir)])
    assert list(repository.data_dir.glob("backup-*"))
    add(repository, "5")
    assert not list(repository.data_dir.glob("backup-*"))


def test_copy_that_goes_while_a_writer_looks_at_it_is_nobodys(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "gone")


def test_versions_stay_when_it_is_lost_which_is_current(repository: SnapshotRepository, backup: Path) -> None:
    current = repository.current_version() or ""
    repository.current_file.unlink()
    with pytest.raises(StorageFailure, match="current is missing") as caught:
        restore_backup(repository, backup, force=True)
    assert current in (caught.value.hint or "")
    repository.current_file.write_text(current + "\n", encoding="utf-8")
    assert texts_in(repository, current) == {"1", "2", "3", "4"}


def test_nothing_to_back_up_is_told(run: Run, tmp_path: Path) -> None:
    options = ("--empty", "--data-dir", str(tmp_path / "none"))
    result = run("backup", str(tmp_path / "x.tar.gz"), *options)
    assert result.returncode == 2
    assert "no version is published" in result.stderr
    assert not (tmp_path / "x.tar.gz").exists()
    absent = run("restore", str(tmp_path / "x.tar.gz"), *options)
    assert absent.returncode == 2
    assert "there is no file" in absent.stderr


def test_server_follows_what_is_restored_beside_it(run: Run, repository: SnapshotRepository, tmp_path: Path) -> None:
    options = ("--empty", "--data-dir", str(repository.data_dir))
    file = str(tmp_path / "x.tar.gz")
    server = start_server(repository.data_dir, "--empty")
    try:
        assert run("backup", file, *options).returncode == 0
        before = repository.current_version()
        add(repository, "5")
        assert server.sparql("ASK { ?s ?p '5' }").json()["boolean"] is True
        result = run("restore", file, "--force", *options)
        assert (result.returncode, result.stdout) == (0, f"restored 4 versions; {before} is current\n")
        assert server.sparql("ASK { ?s ?p '5' }").json()["boolean"] is False
        assert server.sparql("ASK { ?s ?p '4' }").json()["boolean"] is True
    finally:
        stop_server(server)
