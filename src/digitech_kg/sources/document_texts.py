"""Read a document's file: plain text as it is, or the text of an HTML page or of Markdown.

Offsets of passages count characters in the text that is returned here, so a reader's own copy is read here too before
anything is quoted from it.
"""

import dataclasses
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from digitech_kg.errors import CallError, not_there
from digitech_kg.sources.html import Outline, outline_html, read_day
from digitech_kg.sources.project import is_language

_CHARSET: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*|<\?xml.*?\?>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MARKDOWN: Final = (".md", ".markdown")
_PAGES: Final = (".html", ".htm", ".xhtml")
#: Marks of notes, and what stands before their text.
_NOTES: Final = re.compile(r"\[\^[^\]\s]+\]:?")
#: What some tools put at the top of Markdown, and a field of it: about the text, not part of it.
_FRONT: Final = re.compile(r"---[ \t]*\n((?:[\w-]+:.*\n|[ \t#-].*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD: Final = re.compile(r"^(title|author|date|lang|language):[ \t]*([\"']?)(.*?)\2[ \t]*$", re.MULTILINE)
#: The number of lines at the top and at the bottom of a page that may not belong to its text.
_EDGE: Final = 3
_PAGE_NUMBER: Final = re.compile(r"[-–—|\s]*(?:\d{1,3}|[ivxlc]{1,6})[-–—|\s]*")
_PAGE_BREAK: Final = "\n\n\f"
#: Signs at the end of a page after which the next page begins something new.
_ENDS: Final = (".", "!", "?", ":", ";")
#: A word that a line breaks, with what follows to the next space; before these words the hyphen stays.
_BROKEN: Final = re.compile(r"(\w+)[-‐\u00ad]\n(\f?)[ \t]*(\w+)(\S*)[ \n]?")
_AFTER_HYPHEN: Final = ("and", "eller", "og", "or", "samt", "to")
#: What stands before a passage of a text: its begin, a new line or cell, the end of a sentence or of an item.
_BEFORE_PASSAGE: Final = re.compile(r"\A|[\n\t]\s*|[.!?:;,)\]”\"’»。]\s+")
#: How files of other kinds begin: PDF, Word and OpenDocument, Word as it was, RTF.
_OTHERS: Final = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
#: Pages that say the one are written in the other, which has more characters (WHATWG, Encoding Standard).
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252"}


def read_document(path: Path) -> Outline:
    """Return the outline of an HTML page or of Markdown, and plain text without blocks.

    Raises `CallError` if the file can't be read, isn't text, or is empty.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CallError(f"{path} cannot be read: {error.strerror}", hint="Name a readable file.") from error
    if content.startswith(_OTHERS) or b"\0" in content:
        hint = "Save it as plain text in UTF-8, or as HTML, and add that file."
        raise CallError(f"{path} is not a text file of a known kind", hint=hint)
    text = _decode(path, content)
    found = read_pages(text) if "\f" in text else Outline(text, ())
    if path.suffix.lower() in _MARKDOWN:
        front = _FRONT.match(text)
        source = _NOTES.sub("", text[front.end() :] if front else text)
        found = outline_html(MarkdownIt("commonmark").enable("table").render(source))
        said = {field[1]: field[3] for field in _FIELD.finditer(front[1])} if front else {}
        tag = said.get("lang", said.get("language", ""))
        found = dataclasses.replace(
            found,
            title=found.title or said.get("title"),
            language=tag if is_language(tag) else None,
            published=read_day(said.get("date", "")),
            authors=tuple(filter(None, [said.get("author")])),
        )
    elif path.suffix.lower() in _PAGES or _HTML.match(text):
        found = outline_html(text)
    if not found.text.strip():
        raise CallError(f"{path} has no text", hint="Name a file with the text of the document.")
    return found


def read_document_text(path: Path) -> str:
    """Return the text of a file in which offsets count. Raises `CallError` as `read_document` does."""
    return read_document(path).text


def read_pages(text: str) -> Outline:
    """Return a text with form feeds between its pages, such as that of a PDF, without what belongs to its print.

    Left out are lines that stand at the top or bottom of many pages, the numbers of pages, and hyphens where a line
    breaks a word. The head of the first page stays, as it may be the title.
    """
    pages = [page.split("\n") for page in text.rstrip().split("\f")]
    edges = [_forms_at_edges(lines, number) for number, lines in enumerate(pages)]
    seen = Counter(form for edge in edges for form in set[str]().union(*edge.values()))
    repeated = {form for form, count in seen.items() if count > max(1, len(pages) / 3)}
    joined, running, numbers = "", dict[str, str](), list[str]()
    for lines, edge in zip(pages, edges, strict=True):
        found = {place: min(forms & repeated) for place, forms in edge.items() if forms & repeated}
        bare = [place for place in edge if _PAGE_NUMBER.fullmatch(lines[place])]
        # A page has one number: other numbers alone on a line may be cells of a table.
        number = sorted(bare, key=lambda place: place not in found)[:1]
        dropped = {*number, *(found.keys() - bare)}
        numbers += (lines[place].strip() for place in number)
        running = {found[place]: lines[place].strip() for place in found.keys() - bare} | running
        page = "\n".join(line for place, line in enumerate(lines) if place not in dropped).strip("\n")
        goes_on = joined and page.lstrip()[:1].islower() and not joined.rstrip().endswith(_ENDS)
        joined += ("\n\f" if goes_on else _PAGE_BREAK) + page
    mended, words = _join_broken_words(joined[len(_PAGE_BREAK) :])
    left_out = (*running.values(), ", ".join(numbers), f"hyphens of {', '.join(words)}" if words else "")
    return Outline(mended, (), left_out=tuple(filter(None, left_out)))


def _forms_at_edges(lines: list[str], page: int) -> dict[int, set[str]]:
    """Return the first and last lines of a page: each as it is, and with a number counted from that of the page."""
    full = [place for place, line in enumerate(lines) if line.strip()]
    forms: dict[int, set[str]] = {}
    for place in (*reversed(full[-_EDGE:]), *full[:_EDGE]):
        line = " ".join(lines[place].split())
        spans = [found.span() for found in re.finditer(r"\d{1,9}", line)]
        forms[place] = {f"{line[:a]}{int(line[a:b]) - page:+}{line[b:]}" for a, b in (*spans[:1], *spans[-1:])}
        forms[place] |= {line} if page or place not in full[:_EDGE] else set()
    return forms


def _join_broken_words(text: str) -> tuple[str, list[str]]:
    """Return a text without the hyphens that break words at ends of lines, and the words that stand nowhere else."""
    known = set(re.findall(r"\w[\w-]*", _BROKEN.sub(" ", text).lower()))
    guessed: dict[str, None] = {}

    def join(found: re.Match[str]) -> str:
        first, feed, second, rest = found.groups()
        if not (first[-1].islower() and second[0].islower()) or second in _AFTER_HYPHEN:
            return found[0]
        hyphen = "-" * (f"{first}-{second}".lower() in known)
        if not hyphen and (first + second).lower() not in known:
            guessed[first + second] = None
        return f"{first}{hyphen}{second}{rest}\n{feed}"

    return _BROKEN.sub(join, text), list(guessed)


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
