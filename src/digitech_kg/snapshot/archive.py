"""A directory as one file, and back.

The file is a gzipped tar archive, which other software opens as well. Files with several links are in it once. The
last member lists the SHA-256 of every other one, as `sha256sum -c` reads it: without it, the archive was cut off.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from digitech_kg.errors import CallError

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
