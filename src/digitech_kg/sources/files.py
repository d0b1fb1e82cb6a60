"""Read and write the files of a project. A write replaces all files or none, and survives a power cut."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from digitech_kg.errors import Fault, SourceError


def read_text(path: Path, name: str) -> str:
    """Return the text of a file, called `name` in faults. Raises `SourceError` if it is not UTF-8 or can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        fault = Fault(name, "is not UTF-8", "Save the file as UTF-8.", line)
    except OSError as error:
        fault = Fault(name, f"cannot be read: {error.strerror}", "Remove the file, or make it readable.")
    raise SourceError([fault])


def write_texts(texts: Mapping[Path, str | None]) -> None:
    """Replace files by texts, and remove the files that have none.

    Each is written beside its place first, so nothing has changed if the disk refuses one. Raises `OSError` then.
    """
    written: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            if text is None:
                continue
            # A link goes on leading to its file.
            target = path.resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            written[target] = target.with_name(f".{target.name}.{os.getpid()}.part")
            written[target].write_text(text, encoding="utf-8")
            if target.exists():
                shutil.copymode(target, written[target])
        for target, part in written.items():
            part.replace(target)
        for path, text in texts.items():
            if text is None:
                path.unlink()
    finally:
        for part in written.values():
            part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make a file, or the renames in a directory, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
