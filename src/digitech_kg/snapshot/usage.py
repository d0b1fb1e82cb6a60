"""How much of the disk versions take. Files that versions share, by hard links, count once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from digitech_kg.snapshot.repository import SnapshotRepository

_BLOCK = 512


def measure_version(repository: SnapshotRepository, version: str) -> int:
    """Return the bytes on disk that only this version takes, which is what would be free without it."""
    return sum(s.st_blocks * _BLOCK for s in _files(repository.folder_of(version)) if s.st_nlink == 1)


def measure_all(repository: SnapshotRepository) -> int:
    """Return the bytes on disk that all versions take together, with what is kept of the history."""
    found = {
        s.st_ino: s.st_blocks * _BLOCK for m in repository.history() for s in _files(repository.folder_of(m.version))
    }
    return sum(found.values())


def _files(directory: Path) -> Iterator[os.stat_result]:
    """Yield the status of each file below a directory; files and folders that go meanwhile are left out."""
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):
                yield Path(folder, name).stat()
