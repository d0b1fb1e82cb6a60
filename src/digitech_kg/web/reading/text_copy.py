"""A reader's own copy of a document's text, which is the publisher's and not in the project."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.errors import CallError


@dataclass(frozen=True)
class TextCopy:
    """A text from which passages can be quoted; each quotation is checked by the hash that the graph holds."""

    text: str

    def quote(self, start: int, end: int, sha256: str) -> str | None:
        """Give the text between two offsets (characters from 0), or None if it is not what was hashed."""
        part = self.text[start:end]
        return part if hashlib.sha256(part.encode()).hexdigest() == sha256 else None


def load_text(path: str) -> TextCopy | None:
    """Read the file of `serve --text`; None without one. Raises `CallError` if it cannot be read as UTF-8 text."""
    if not path:
        return None
    hint = "Name the document's text as a UTF-8 file with --text."
    try:
        # Line ends stay as they are: offsets count them.
        return TextCopy(Path(path).read_bytes().decode("utf-8"))
    except OSError as error:
        raise CallError(f"cannot read {path}: {error.strerror}", hint=hint) from error
    except UnicodeDecodeError as error:
        raise CallError(f"{path} is not UTF-8 text", hint=hint) from error
