"""Read a document's file: plain text as it is, or the text of an HTML page or of Markdown.

Offsets of passages count characters in the text that is returned here, so a reader's own copy is read here too before
anything is quoted from it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from digitech_kg.errors import CallError, not_there
from digitech_kg.sources.html import Outline, outline_html
from digitech_kg.sources.project import is_language

_CHARSET: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*|<\?xml.*?\?>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MARKDOWN: Final = (".md", ".markdown")
_PAGES: Final = (".html", ".htm", ".xhtml")
#: Marks of notes, and what stands before their text.
_NOTES: Final = re.compile(r"\[\^[^\]\s]+\]:?")
#: What some tools put at the top of Markdown, and a field of it: about the text, not part of it.
_FRONT: Final = re.compile(r"---[ \t]*\n((?:[\w-]+:.*\n|[ \t#-].*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD: Final = re.compile(r"^(title|date|lang|language):[ \t]*([\"']?)(.*?)\2[ \t]*$", re.MULTILINE)
#: What stands before a passage of a text: its begin, a new line or cell, the end of a sentence or of an item.
_BEFORE_PASSAGE: Final = re.compile(r"\A|[\n\t]\s*|[.!?:;,)\]”\"’»。]\s+")
_DAY: Final = re.compile(r"\d{4}(?:-\d\d){0,2}")
#: How files of other kinds begin: PDF, Word and OpenDocument, Word as it was, RTF.
_OTHERS: Final = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
#: Pages that say the one are written in the other, which has more characters (WHATWG, Encoding Standard).
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252"}


def read_document(path: Path) -> Outline | str:
    """Return the outline of an HTML page or of Markdown, and plain text as it is.

    Raises `CallError` if the file can't be read, isn't text, or is empty.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CallError(f"{path} cannot be read: {error.strerror}", hint="Name a file that you may read.") from error
    if content.startswith(_OTHERS) or b"\0" in content:
        hint = "Save it as plain text in UTF-8, or as HTML, and add that file."
        raise CallError(f"{path} is not a text file that is read here", hint=hint)
    text, found = _decode(path, content), None
    if path.suffix.lower() in _MARKDOWN:
        front = _FRONT.match(text)
        source = _NOTES.sub("", text[front.end() :] if front else text)
        found = outline_html(MarkdownIt("commonmark").enable("table").render(source))
        said = {field[1]: field[3] for field in _FIELD.finditer(front[1])} if front else {}
        tag, day = said.get("lang", said.get("language", "")), _DAY.match(said.get("date", ""))
        found = dataclasses.replace(
            found,
            title=found.title or said.get("title"),
            language=tag if is_language(tag) else None,
            published=day and day[0],
        )
    elif path.suffix.lower() in _PAGES or _HTML.match(text):
        found = outline_html(text)
    if not (text.strip() if found is None else found.blocks):
        raise CallError(f"{path} has no text", hint="Name a file with the text of the document.")
    return text if found is None else found


def read_document_text(path: Path) -> str:
    """Return the text of a file in which offsets count. Raises `CallError` as `read_document` does."""
    found = read_document(path)
    return found if isinstance(found, str) else found.text


def hash_text(text: str) -> str:
    """Return the SHA-256 of a passage's text, without the space around it."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _decode(path: Path, content: bytes) -> str:
    """Return the text of a file with "\\n" at the ends of lines."""
    declared = _CHARSET.search(content[:4096])
    name = declared[1].decode().lower() if declared else "utf-8"
    for encoding in ("utf-8-sig", _WIDER.get(name, name)):
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    raise CallError(f"{path} is not UTF-8", hint="Save the file as UTF-8 and add it again.")


@dataclass(frozen=True)
class TextCopy:
    """A text from which passages can be quoted; each quotation is checked by the hash that the graph holds."""

    text: str

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [match.end() for match in _BEFORE_PASSAGE.finditer(self.text)]

    def quote(self, start: int, end: int, sha256: str | None) -> str | None:
        """Return the text between two offsets (characters from 0), or None if it is not what was hashed.

        A copy with more or less before it has the same words at another offset.
        """
        length = end - start
        parts = (self.text[place : place + length] for place in (start, *self._passage_starts))
        return next((part.strip() for part in parts if hash_text(part) == sha256), None)


def read_texts(given: Iterable[str], documents: Collection[str] | None = None) -> dict[str, str]:
    """Read the files of `--text DOCUMENT=FILE`; return the texts by the names of the documents.

    Raises `CallError` for what is not of this form, a document that is named twice and a file that can't be read, and
    `NotFound` for a document that is not among `documents`.
    """
    texts: dict[str, str] = {}
    for text in given:
        document, equals, path = text.partition("=")
        if not (document and equals and path):
            hint = "Write the name of the document before the file: --text note=note.txt"
            raise CallError(f"--text {text} does not say whose text it is", hint=hint)
        if documents is not None and document not in documents:
            raise not_there("document", document, documents)
        if document in texts:
            raise CallError(f"--text names the document {document} twice", hint="Name one file for each document.")
        texts[document] = read_document_text(Path(path))
    return texts
