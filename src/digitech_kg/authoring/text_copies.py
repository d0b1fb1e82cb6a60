"""A reader's own copies of the texts of documents, which belong to their publishers and are not in the project."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.authoring.passages import hash_text
from digitech_kg.authoring.reading import read_document_text
from digitech_kg.errors import CallError


@dataclass(frozen=True, slots=True)
class TextCopy:
    """A text from which passages can be quoted; each quotation is checked by the hash that the graph holds."""

    text: str

    def quote(self, start: int, end: int, sha256: str | None) -> str | None:
        """Return the text between two offsets (characters from 0), or None if it is not what was hashed."""
        part = self.text[start:end]
        return part.strip() if hash_text(part) == sha256 else None


def read_texts(given: Iterable[str], documents: Collection[str] | None = None) -> dict[str, str]:
    """Read the files of `--text DOCUMENT=FILE`, plain text or HTML; return the texts by the names of the documents.

    Raises `CallError` for what is not of this form, a document that is named twice or is not among `documents`, and a
    file that can't be read.
    """
    texts: dict[str, str] = {}
    for text in given:
        document, equals, path = text.partition("=")
        if not (document and equals and path):
            hint = "Write the name of the document before the file: --text note=note.txt"
            raise CallError(f"--text {text} does not say whose text it is", hint=hint)
        if documents is not None and document not in documents:
            raise CallError(f"--text names an unknown document {document}", hint=f"There are: {', '.join(documents)}.")
        if document in texts:
            raise CallError(f"--text names the document {document} twice", hint="Name one file for each document.")
        texts[document] = read_document_text(Path(path))
    return texts
