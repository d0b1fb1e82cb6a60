"""All published versions of a data directory in one file, and back.

The file is a gzipped tar archive, which other software opens as well. Files with several links are in it once. The
last member lists the SHA-256 of every other one, as `sha256sum -c` reads it: without it, the archive was cut off.
Tokens are not in it: they are for one machine, and such a file travels.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from digitech_kg.errors import CallError, Conflict, StorageFailure
from digitech_kg.snapshot.files import link_tree, sync, sync_files
from digitech_kg.snapshot.manifest import order_of
from digitech_kg.snapshot.repository import FROZEN, SnapshotRepository
from digitech_kg.triple_store import open_read_only

_SUMS: Final = "SHA256SUMS"
_MEMBER: Final = re.compile(r"current|SHA256SUMS|(snapshots|history)/\d{6,}-[0-9a-f]{12}(/[\w-][\w.-]*)+", re.ASCII)
_PIECE: Final = 1 << 20
#: Told how many bytes of how many are done.
Progress = Callable[[int, int], None]


def pack(directory: Path, file: IO[bytes], told: Progress) -> None:
    """Write the files of a directory to an archive."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    total, done, sums = sum(path.stat().st_size for path in paths), 0, dict[int, str]()
    lines = []
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
        for path in paths:
            name, status = path.relative_to(directory).as_posix(), path.stat()
            info = archive.gettarinfo(path, name)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            if info.isreg():
                with path.open("rb") as source:
                    reader = _Hashing(source)
                    archive.addfile(info, reader)
                sums[status.st_ino] = reader.hexdigest()
            else:
                archive.addfile(info)
            lines.append(f"{sums[status.st_ino]}  {name}\n")
            done += status.st_size
            told(done, total)
        text = "".join(lines).encode()
        info = tarfile.TarInfo(_SUMS)
        info.size = len(text)
        archive.addfile(info, BytesIO(text))


class _Hashing:
    """Reads a file and hashes what is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        return piece

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def unpack(source: Path, directory: Path, told: Progress) -> None:
    """Unpack an archive into a directory and check every file. Raises `CallError` for what `pack` has not written."""
    with _no_archive_errors(source), source.open("rb") as file:
        _check_sums(_unpack(file, directory, told), directory)


def _unpack(file: IO[bytes], directory: Path, told: Progress) -> dict[str, str]:
    """Unpack an archive and give the SHA-256 of each member by name."""
    total, sums = os.fstat(file.fileno()).st_size, dict[str, str]()
    with tarfile.open(fileobj=file, mode="r|gz") as archive:
        for member in archive:
            name = member.name
            if not _MEMBER.fullmatch(name) or not (member.isreg() or member.islnk()) or name in sums:
                raise tarfile.ReadError(f"it has a member '{name[:80]}'")
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if member.islnk():
                if member.linkname not in sums:
                    raise tarfile.ReadError(f"its member '{name}' leads elsewhere")
                os.link(directory / member.linkname, path)
                sums[name] = sums[member.linkname]
            else:
                sums[name] = _copy(archive.extractfile(member), path)
            told(file.tell(), total)
    return sums


def _copy(source: IO[bytes] | None, path: Path) -> str:
    found = hashlib.sha256()
    with path.open("xb") as target:
        while source is not None and (piece := source.read(_PIECE)):
            found.update(piece)
            target.write(piece)
    return found.hexdigest()


def _check_sums(sums: dict[str, str], directory: Path) -> None:
    if sums.pop(_SUMS, None) is None:
        raise tarfile.ReadError("its end is missing")
    lines = (directory / _SUMS).read_text(encoding="utf-8").splitlines()
    (directory / _SUMS).unlink()
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if wanted != sums:
        different = sorted(name for name in {*wanted, *sums} if wanted.get(name) != sums.get(name))
        raise tarfile.ReadError(f"its member '{different[0]}' is not what was written")


@contextmanager
def _no_archive_errors(source: Path) -> Iterator[None]:
    """Turn what tarfile and gzip raise for a faulty file into an error of ours."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, UnicodeError, ValueError) as error:
        raise _no_archive(source, error) from error
    except OSError as error:
        # gzip reports its own faults as OSError without a number.
        if error.errno is not None:
            raise
        raise _no_archive(source, error) from error


def _no_archive(source: Path, error: Exception) -> CallError:
    return CallError(f"{source} is not a complete backup: {error}", hint="Nothing was changed. Use another backup.")


_AREAS: Final = ("snapshots", "history")
#: What can be made anew from a version.
_LEFT_OUT: Final = frozenset({"downloads"})


def write_backup(repository: SnapshotRepository, target: Path, *, told: Progress = lambda *_: None) -> int:
    """Write all versions to a file, which is put in its place when it is whole; give the number of versions.

    Writers wait only while links are made. Raises `CallError` if nothing is published, `StorageFailure`.
    """
    pending = target.with_name(target.name + ".part")
    try:
        with _frozen_copy(repository) as copy:
            versions = len(_versions(copy))
            with pending.open("wb") as file:
                pack(copy, file, told)
                file.flush()
                os.fsync(file.fileno())
        pending.replace(target)
        sync(target.absolute().parent)
    except OSError as error:
        hint = "Choose another place for the file."
        raise StorageFailure(f"cannot write {target}: {error.strerror or error}", hint=hint) from error
    finally:
        if pending.parent.is_dir():
            pending.unlink(missing_ok=True)
    return versions


@contextmanager
def _frozen_copy(repository: SnapshotRepository) -> Iterator[Path]:
    """Yield a directory with links to the files of all versions, which no writer changes; it is gone afterwards."""
    with ExitStack() as cleaning:
        with repository.writing():
            current = repository.current_version()
            if current is None:
                raise CallError(f"no version is published in {repository.data_dir}", hint="Run: digitech-kg build")
            copy = Path(tempfile.mkdtemp(prefix=FROZEN, dir=repository.data_dir))
            # Held as long as the copy is in use: a dead process holds none, so the next writer knows that it may go.
            lock = os.open(copy, os.O_RDONLY)
            cleaning.callback(os.close, lock)
            cleaning.callback(shutil.rmtree, copy, ignore_errors=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
            for area in _AREAS:
                (copy / area).mkdir()
            for area, name in _versions(repository.data_dir):
                if order_of(name) <= order_of(current):
                    link_tree(repository.data_dir / area / name, copy / area / name, left_out=_LEFT_OUT)
            (copy / repository.current_file.name).write_text(current + "\n", encoding="utf-8")
        yield copy


def restore_backup(
    repository: SnapshotRepository, source: Path, *, force: bool = False, told: Progress = lambda *_: None
) -> int:
    """Put all versions of a file into a data directory, and give their number.

    All of it is unpacked and checked before anything is put in place. With `force` they take the place of what was
    published there. Raises `Conflict` without it if there is something, `CallError` for a file that is not a complete
    backup, `StorageFailure`.
    """
    if not source.is_file():
        raise CallError(f"there is no file {source}", hint="Name a file that digitech-kg backup wrote.")
    with repository.writing() as directory:
        if repository.current_version() is not None and not force:
            hint = "Choose an empty --data-dir, or let the backup take its place with --force."
            raise Conflict(f"{repository.data_dir} holds published versions already", hint=hint)
        unpack(source, directory, told)
        current = SnapshotRepository(directory).current()
        if current is None or len(open_read_only(current.store)) != current.manifest.quads:
            raise CallError(f"the current version in {source} is incomplete", hint="Use another backup.")
        return _put_in_place(repository, directory, current.version)


def _put_in_place(repository: SnapshotRepository, directory: Path, current: str) -> int:
    """Move what was unpacked; what is read meanwhile is the old current version or the new one."""
    data_dir, new = repository.data_dir, _versions(directory)
    for area, name in new:
        target = data_dir / area / name
        target.parent.mkdir(exist_ok=True)
        sync_files(directory / area / name, links=True)
        if target.exists():
            target.rename(directory / f"replaced-{area}-{name}")
        (directory / area / name).rename(target)
        sync(target.parent)
    repository.point_to(current)
    for area, name in set(_versions(data_dir)) - set(new):
        shutil.rmtree(data_dir / area / name, ignore_errors=True)
    return len(new)


def _versions(directory: Path) -> list[tuple[str, str]]:
    return sorted((area, path.name) for area in _AREAS for path in (directory / area).glob("[0-9]*"))
