"""A data directory: its snapshots, which one is current, and how the next one is published.

Layout: `snapshots/<version>/{store/,manifest.json}` and a file `current` that names a version. A snapshot is built
under a temporary name, renamed when it is whole, and made current by replacing one file: a reader sees the old
version or the new one, and a crash leaves at most a temporary directory, which the next publication removes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.errors import CallError
from digitech_kg.snapshot.manifest import Manifest

_TEMPORARY = "building-"


@dataclass(frozen=True)
class Snapshot:
    """One published version; its files never change."""

    directory: Path
    manifest: Manifest

    @property
    def version(self) -> str:
        """The name under which it was published."""
        return self.manifest.version

    @property
    def store(self) -> Path:
        """The directory of its store."""
        return self.directory / "store"


class SnapshotRepository:
    """The snapshots of one data directory."""

    def __init__(self, data_dir: Path, *, keep: int = 10) -> None:
        self.data_dir = data_dir
        self.keep = keep
        self._snapshots = data_dir / "snapshots"
        self.current_file = data_dir / "current"
        try:
            self._snapshots.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Choose another directory with --data-dir, or give yourself the right to write there."
            raise CallError(f"cannot use data directory {data_dir}: {error.strerror}", hint=hint) from error

    def versions(self) -> list[str]:
        """Give the names of all whole snapshots, oldest first."""
        return sorted(p.parent.name for p in self._snapshots.glob("[0-9]*/manifest.json"))

    def current_version(self) -> str | None:
        """Give the name of the current snapshot, or None if nothing was published yet."""
        try:
            return self.current_file.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def find(self, version: str) -> Snapshot | None:
        """Give the snapshot of this name, or None if there is none or its manifest cannot be read."""
        directory = self._snapshots / version
        try:
            return Snapshot(directory, Manifest.read(directory / "manifest.json"))
        except (OSError, ValueError, TypeError):
            return None

    def current(self) -> Snapshot | None:
        """Give the current snapshot, or None if there is none."""
        version = self.current_version()
        return self.find(version) if version else None

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Hold the writer's lock and yield a new temporary directory to build in; it is gone afterwards.

        The lock is the operating system's, so a dead process holds none.
        """
        try:
            lock = (self.data_dir / "lock").open("w")
        except OSError as error:
            hint = "Choose another directory with --data-dir, or give yourself the right to write there."
            raise CallError(f"cannot write to data directory {self.data_dir}: {error.strerror}", hint=hint) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for leftover in self._snapshots.glob(_TEMPORARY + "*"):
                shutil.rmtree(leftover, ignore_errors=True)
            directory = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self._snapshots))
            try:
                yield directory
            finally:
                shutil.rmtree(directory, ignore_errors=True)

    def next_version(self, content_sha256: str) -> str:
        """Give the name for the next snapshot: a running number and the beginning of the content's hash."""
        numbers = [int(version.split("-", 1)[0]) for version in self.versions()]
        return f"{max(numbers, default=0) + 1:06d}-{content_sha256[:12]}"

    def publish(self, directory: Path, manifest: Manifest) -> Snapshot:
        """Make what was built in `directory` (from `writing`) the current snapshot."""
        manifest.write(directory / "manifest.json")
        target = self._snapshots / manifest.version
        directory.chmod(0o755)
        directory.rename(target)
        _sync(self._snapshots)
        pending = self.current_file.with_suffix(".new")
        with pending.open("w", encoding="utf-8") as file:
            file.write(manifest.version + "\n")
            file.flush()
            os.fsync(file.fileno())
        pending.replace(self.current_file)
        _sync(self.data_dir)
        self._prune(manifest.version)
        return Snapshot(target, manifest)

    def _prune(self, current: str) -> None:
        for version in self.versions()[: -self.keep]:
            if version != current:
                shutil.rmtree(self._snapshots / version, ignore_errors=True)


def _sync(directory: Path) -> None:
    """Make renames in a directory last through a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
