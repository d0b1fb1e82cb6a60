"""Read the text of a file, or say what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from digitech_kg.errors import Fault, SourceError


def read_text(path: Path, name: str) -> str:
    """Give the text of a file, which faults call `name`. Raises `SourceError` if it is not UTF-8 or cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        fault = Fault(name, "is not UTF-8", "Save the file as UTF-8.", line)
    except OSError as error:
        fault = Fault(name, f"cannot be read: {error.strerror}", "Remove the file, or let yourself read it.")
    raise SourceError([fault])
