"""Where bodies of requests wait for the writer: directories that do not outlast their request for long.

Whoever has one holds the operating system's lock on it, which ends with the process. So one that can be locked belongs
to nobody: its server was killed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from digitech_kg.snapshot import storage_failure

_NAME: Final = "incoming"


@contextmanager
def incoming_directory(data_dir: Path) -> Iterator[Path]:
    """Yield a new directory below a data directory; it is gone afterwards. Raises `StorageFailure`."""
    try:
        remove_abandoned(data_dir)
        directory, handle = _make(data_dir / _NAME)
    except OSError as error:
        raise storage_failure("write to", data_dir, error) from error
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        os.close(handle)


def remove_abandoned(data_dir: Path) -> None:
    """Remove what processes that were killed have left."""
    for directory in (data_dir / _NAME).glob("*"):
        try:
            handle = os.open(directory, os.O_RDONLY)
        except OSError:
            # It went just now, or is somebody else's: neither keeps this process from its own.
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(directory, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)


def _make(parent: Path) -> tuple[Path, int]:
    """Return a new directory and the handle that locks it."""
    parent.mkdir(exist_ok=True)
    while True:
        directory = Path(tempfile.mkdtemp(dir=parent))
        # Until it is locked it looks like one that belongs to nobody, and somebody may remove it.
        with suppress(FileNotFoundError):
            handle = os.open(directory, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if directory.exists():
                return directory, handle
            os.close(handle)
