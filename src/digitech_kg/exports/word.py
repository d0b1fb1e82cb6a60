"""Write Word documents with headings, paragraphs, tables and footnotes. No library writes real footnotes.

`word_package/` has the parts of such a file. Source: ECMA-376, Office Open XML, parts 1 and 2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Final
from xml.sax.saxutils import escape

from digitech_kg.tables import zip_of

_PACKAGE: Final = Path(__file__).parent / "word_package"
#: Characters that XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: The first two footnotes are the separator lines.
_FIRST_NOTE: Final = 2
_RAISED: Final = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_BORDERS: Final = "".join(f'<w:{s} w:val="single" w:sz="4" w:color="999999"/>' for s in ("top", "bottom", "insideH"))
_TABLE: Final = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'


@dataclass
class WordDocument:
    """A document that is built from top to bottom."""

    title: str
    language: str
    _body: list[str] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)

    def heading(self, text: str, level: int = 1) -> None:
        self._body.append(_paragraph(_run(text), f"Heading{level}"))

    def paragraph(self, text: str, notes: Sequence[str] = ()) -> None:
        """Add a paragraph, and footnotes at its end."""
        marks = _run(",", _RAISED).join(self._note(note) for note in notes)
        self._body.append(_paragraph(_run(text) + marks))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table whose head is repeated on each page."""
        grid = f"<w:tblGrid>{'<w:gridCol/>' * len(head)}</w:tblGrid>"
        lines = [_row(head, "<w:rPr><w:b/></w:rPr>", "<w:trPr><w:tblHeader/></w:trPr>"), *map(_row, rows)]
        # A paragraph has to follow a table.
        self._body.append(f"<w:tbl>{_TABLE}{grid}{''.join(lines)}</w:tbl><w:p/>")

    def _note(self, text: str) -> str:
        number = len(self._notes) + _FIRST_NOTE
        content = _paragraph(f"<w:r>{_RAISED}<w:footnoteRef/></w:r>" + _run(f" {text}"), "FootnoteText")
        self._notes.append(f'<w:footnote w:id="{number}">{content}</w:footnote>')
        return f'<w:r>{_RAISED}<w:footnoteReference w:id="{number}"/></w:r>'

    def to_bytes(self, created: datetime) -> bytes:
        """Return the file; equal documents of one date give equal bytes."""
        filled = {
            "title": _escape(self.title),
            "language": escape(self.language),
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "body": "".join(self._body),
            "notes": "".join(self._notes),
        }
        parts = sorted(path for path in _PACKAGE.rglob("*") if path.is_file())
        texts = {path.relative_to(_PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in parts}
        return zip_of({name: Template(text).substitute(filled).encode() for name, text in texts.items()})


def _escape(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


def _run(text: str, looks: str = "") -> str:
    return f'<w:r>{looks}<w:t xml:space="preserve">{_escape(text)}</w:t></w:r>'


def _paragraph(content: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{content}</w:p>"


def _row(cells: Sequence[str], looks: str = "", told: str = "") -> str:
    texts = "".join(f"<w:tc>{_paragraph(_run(cell, looks))}</w:tc>" for cell in cells)
    return f"<w:tr>{told}{texts}</w:tr>"
