"""What versions need of the file system: links, locks, and files that last."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def link_tree(source: Path, target: Path, *, left_out: frozenset[str]) -> None:
    """Make a directory whose files are links to those of another one, without the entries named in `left_out`."""
    target.mkdir()
    for entry in source.iterdir():
        if entry.name in left_out:
            continue
        if entry.is_dir():
            link_tree(entry, target / entry.name, left_out=left_out)
        else:
            os.link(entry, target / entry.name)


def is_locked(directory: Path) -> bool:
    """Whether a living process holds the lock of a directory; nobody holds that of one that went just now."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def sync_files(directory: Path, *, links: bool = False) -> None:
    """Make new files last through a power cut; those that are links do already, unless told."""
    for path in directory.rglob("*"):
        if path.is_file() and (links or path.stat().st_nlink == 1):
            sync(path)
    sync(directory)


def sync(path: Path) -> None:
    """Make a file, or the renames in a directory, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
