"""A data directory: its snapshots, which one is current, and how the next one is published.

Layout: `snapshots/<version>/` with `store/`, `manifest.json` and what the version changed, and a file `current` that
names a version. A snapshot is built under a temporary name, renamed when it is whole, and made current by replacing
one file: a reader sees the old version or the new one. A crash leaves a temporary directory, or a version that was
never made current and so acknowledged to nobody; the next writer removes both. When a version's time is over, its
store goes and the rest moves to `history/<version>/`.
"""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from digitech_kg.errors import Gone, NotFound, StorageFailure
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import CHANGE_FILES, EDITS, Change
from digitech_kg.snapshot.manifest import Manifest, order_of
from digitech_kg.sources.files import sync

_TEMPORARY: Final = "building-"
_MANIFEST: Final = "manifest.json"
#: The files of a version that stay when the version is removed.
_LASTING: Final = frozenset((_MANIFEST, *CHANGE_FILES))
#: Up to so many versions and quads, following the changes is faster than reading a version.
_MOST_STEPS: Final = 50
_MOST_QUADS: Final = 50_000
_KEPT: Final = 100
_SEE_HISTORY: Final = "See: digitech-kg history"


@dataclass(frozen=True)
class Snapshot:
    """One published version; its files never change."""

    directory: Path
    manifest: Manifest = field(hash=False)

    @property
    def version(self) -> str:
        return self.manifest.version

    @cached_property
    def names(self) -> Namespaces:
        return self.manifest.names

    @property
    def store(self) -> Path:
        return self.directory / "store"

    def edits(self) -> Change:
        """Return what online writes changed in what the project's files say; graphs of other names don't count."""
        is_edited = (self.directory / (EDITS + CHANGE_FILES[0])).is_file()
        return Change.read(self.directory, EDITS) if is_edited else Change()


class SnapshotRepository:
    def __init__(self, data_dir: Path, *, keep: int | None = _KEPT) -> None:
        """`keep` is of how many versions the data is kept, None for all; what each changed is always kept."""
        self.data_dir = data_dir
        self.keep = keep
        self._snapshots = data_dir / "snapshots"
        self._history = data_dir / "history"
        self.current_file = data_dir / "current"
        try:
            self._snapshots.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failure("use", data_dir, error) from error

    def versions(self) -> list[str]:
        """Return the names of all versions whose data is kept, oldest first."""
        return [manifest.version for manifest in self.history() if self.has_data(manifest.version)]

    def current_version(self) -> str | None:
        """Return the name of the current snapshot, or None if nothing was published yet."""
        try:
            return self.current_file.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def find(self, version: str) -> Snapshot | None:
        """Return the snapshot of this name, or None if there is none or its manifest cannot be read."""
        directory = self._snapshots / version
        manifest = _read_manifest(directory)
        return Snapshot(directory, manifest) if manifest is not None else None

    def current(self) -> Snapshot | None:
        version = self.current_version()
        return self.find(version) if version else None

    def history(self) -> list[Manifest]:
        """Return the manifests of all versions up to the current one, oldest first, with data or without."""
        current = self.current_version() or ""
        folders = (*self._history.glob("[0-9]*"), *self._snapshots.glob("[0-9]*"))
        names = {folder.name for folder in folders if order_of(folder.name) <= order_of(current)}
        return [manifest for name in sorted(names, key=order_of) if (manifest := self._manifest(name)) is not None]

    def manifest(self, version: str) -> Manifest:
        """Return the manifest of a version, whether its data is kept or not. Raises `NotFound`."""
        found = self._published(version)
        if found is None:
            raise NotFound(f"there is no version {version[:80]}", hint=_SEE_HISTORY, code="unknown-version")
        return found

    def change(self, version: str) -> Change:
        """Return what a version changed; nothing for the first, which is all new. Raises `NotFound`."""
        if not self.manifest(version).previous:
            return Change()
        try:
            return Change.read(self.folder_of(version))
        except FileNotFoundError:
            # Its time was over just now, and it was moved.
            return Change.read(self.folder_of(version))

    def changes_between(self, earlier: str, later: str) -> list[Path]:
        """Return the directories with what each version after `earlier` changed, up to `later`, in order.

        Empty if the way is not known, or so long that reading the later version is faster.
        """
        found: list[Path] = []
        quads, version = 0, later
        while version != earlier:
            manifest = self._manifest(version)
            if manifest is None or not manifest.previous or len(found) >= _MOST_STEPS:
                return []
            quads += manifest.added + manifest.removed
            if quads > _MOST_QUADS:
                return []
            found.append(self.folder_of(version))
            version = manifest.previous
        return found[::-1]

    def at(self, moment: str) -> Manifest:
        """Return the manifest of a version's name or number, or of the one that was current at an ISO 8601 time.

        Raises `NotFound` if there was none.
        """
        if moment.isdecimal():
            named = next((m for m in self.history() if m.number == order_of(moment)[0]), None)
        else:
            named = self._published(moment)
        if named:
            return named
        hint = "Give a version (see digitech-kg history) or a time such as 2026-11-25T10:00:00Z."
        try:
            when = datetime.fromisoformat(moment)
        except ValueError:
            message = f"there is no version {moment[:80]}"
            raise NotFound(message, hint=hint, code="unknown-version") from None
        when = when.replace(tzinfo=when.tzinfo or UTC)
        earlier = [m for m in self.history() if datetime.fromisoformat(m.created) <= when]
        if not earlier:
            raise NotFound(f"nothing was published before {moment[:80]}", hint=hint)
        return earlier[-1]

    def has_data(self, version: str) -> bool:
        return (self._snapshots / version / "store").is_dir()

    def resolve(self, moment: str) -> Snapshot:
        """Return the snapshot that `at` tells of. Raises `NotFound`, or `Gone` if its data is no longer kept."""
        found = self.at(moment)
        snapshot = self.find(found.version)
        if snapshot is None or not snapshot.store.is_dir():
            hint = "The history still shows what it changed. Its data may be in a backup."
            raise Gone(f"the data of version {found.version} is no longer kept", hint=hint)
        return snapshot

    def folder_of(self, version: str) -> Path:
        kept = self._snapshots / version
        return kept if (kept / _MANIFEST).is_file() else self._history / version

    def _published(self, version: str) -> Manifest | None:
        is_published = order_of(version) <= order_of(self.current_version() or "")
        return self._manifest(version) if is_published else None

    def _manifest(self, version: str) -> Manifest | None:
        if os.sep in version or version.startswith("."):
            return None
        return _read_manifest(self._snapshots / version) or _read_manifest(self._history / version)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Hold the writer's lock and yield a new temporary directory to build in; it is gone afterwards.

        The lock is the operating system's, so a dead process holds none. Raises `StorageFailure` for whatever the
        disk refuses, now or while the caller writes.
        """
        try:
            with (self.data_dir / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._remove_leftovers()
                directory = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self._snapshots))
                try:
                    yield directory
                finally:
                    shutil.rmtree(directory, ignore_errors=True)
        except OSError as error:
            raise storage_failure("write to", self.data_dir, error) from error

    def _remove_leftovers(self) -> None:
        current = self.current_version() or ""
        if (
            not current
            and len(published := sorted((path.name for path in self._snapshots.glob("[0-9]*")), key=order_of)) > 1
        ):
            # Only the first version can have been left before there was a current one: the file got lost.
            hint = f"Write the name of the newest published version into it: {published[-1]}"
            raise StorageFailure(f"{self.current_file} is missing, but there are versions", hint=hint)
        for folder in self._snapshots.iterdir():
            if folder.name.startswith(_TEMPORARY) or order_of(folder.name) > order_of(current):
                shutil.rmtree(folder, ignore_errors=True)

    def next_version(self, content_digest: str) -> str:
        """Return the name for the next snapshot: a running number and the beginning of the content's digest."""
        current = self.current_version()
        number = int(current.split("-", 1)[0]) + 1 if current else 1
        return f"{number:06d}-{content_digest[:12]}"

    def now(self) -> str:
        """Return the time for the next snapshot, UTC in ISO 8601; never before the current one."""
        current = self.current()
        present = datetime.now(UTC).isoformat(timespec="seconds")
        return max(present, current.manifest.created) if current else present

    def publish(self, directory: Path, manifest: Manifest) -> Snapshot:
        """Make what was built in `directory` (from `writing`) the current snapshot."""
        manifest.write(directory / _MANIFEST)
        sync_files(directory)
        target = self._snapshots / manifest.version
        directory.chmod(0o755)
        directory.rename(target)
        sync(self._snapshots)
        pending = self.current_file.with_suffix(".new")
        pending.write_text(manifest.version + "\n", encoding="utf-8")
        sync(pending)
        pending.replace(self.current_file)
        sync(self.data_dir)
        self._prune()
        return Snapshot(target, manifest)

    def _prune(self) -> None:
        """Let go of the data of versions whose time is over; what cannot be removed now is tried again next time."""
        # Those whose data is gone and which were not moved, because something came in between, are among them.
        names = sorted((folder.name for folder in self._snapshots.glob("[0-9]*")), key=order_of)
        manifests = [m for name in names if (m := self._manifest(name)) is not None]
        for manifest in manifests[: -self.keep] if self.keep else ():
            folder = self._snapshots / manifest.version
            with suppress(OSError):
                for entry in folder.iterdir():
                    if entry.name not in _LASTING:
                        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
                self._history.mkdir(exist_ok=True)
                folder.rename(self._history / manifest.version)


def _read_manifest(directory: Path) -> Manifest | None:
    try:
        return _parse_manifest(directory / _MANIFEST, (directory / _MANIFEST).stat().st_mtime_ns)
    except (OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=4096)
def _parse_manifest(path: Path, _: int) -> Manifest:
    """A published manifest never changes, so it is read once."""
    return Manifest.read(path)


def storage_failure(verb: str, data_dir: Path, error: OSError) -> StorageFailure:
    """Return the error for what the disk refused, with what to do; `verb` is what was to be done to the directory."""
    # The store's errors have no number, and a text that names its own files.
    reasons = [os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)]
    reason = next((reason for reason in reasons if reason in str(error)), error.strerror or str(error))
    hint = "Free some space, allow writing there, or choose another directory with --data-dir."
    return StorageFailure(f"can't {verb} data directory {data_dir}: {reason}", hint=hint)


def sync_files(directory: Path) -> None:
    """Make new files last through a power cut; those that are links do already."""
    for path in directory.rglob("*"):
        if path.is_file() and path.stat().st_nlink == 1:
            sync(path)
    sync(directory)
