"""All published versions of a data directory in one file, and back.

Tokens are not in it: they are for one machine, and such a file travels.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from digitech_kg.errors import CallError, Conflict, StorageFailure
from digitech_kg.snapshot.archive import Progress, pack, unpack
from digitech_kg.snapshot.files import link_tree, sync, sync_files
from digitech_kg.snapshot.manifest import order_of
from digitech_kg.snapshot.repository import FROZEN, SnapshotRepository
from digitech_kg.triple_store import open_read_only

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
