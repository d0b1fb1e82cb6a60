"""Answers, lists and comparisons as people keep them: copied with footnotes, and as Excel, Word and CSV files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response

from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import XLSX, by_name
from digitech_kg.tables import Table, make_table, to_csv, to_xlsx
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.citing import Origin, Reference


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text with its footnotes, below a heading if it has one."""

    text: str
    footnotes: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True)
class Kept:
    """What is kept of a page: its title and finding, its sentences with footnotes, its tables, and what it rests on."""

    title: str
    origin: Origin
    finding: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    #: The sheets of a workbook; the first is the table of a CSV file.
    sheets: tuple[Table, ...] = ()
    #: The table that a text has, since paper is narrow.
    table: Table | None = None
    sources: tuple[Reference, ...] = ()
    #: What a workbook tells of itself besides where it comes from.
    about: tuple[tuple[str, str], ...] = ()

    def copied(self) -> str:
        """Return it as plain text: each footnote has a number."""
        lines, notes = [self.title, self.finding, ""], list[str]()
        for each in self.paragraphs:
            numbers = "".join(f" [{number}]" for number in range(len(notes) + 1, len(notes) + len(each.footnotes) + 1))
            lines.append(f"{each.text}{numbers}")
            notes += each.footnotes
        return "\n".join(
            (*lines, "", *(f"[{number}] {note}" for number, note in enumerate(notes, 1)), self.origin.text)
        )

    def file(self, ending: str, name: str) -> Response:
        """Return it as a file of one of the kinds in `ENDINGS`, under a name."""
        media_type, write = _KINDS[ending]
        return as_file(write(self), media_type, f"{name}.{ending}")


def _excel(kept: Kept) -> bytes:
    origin, told = kept.origin, list(kept.about)
    if kept.finding:
        told.append((_("Answer"), kept.finding))
    told += [(_("Dataset"), origin.dataset), (_("Version"), origin.version), (_("Address"), origin.address)]
    told += [(_("Source"), reference.footnote()) for reference in kept.sources if reference.address != origin.address]
    return to_xlsx((*kept.sheets, make_table(_("About"), [_("What"), _("Text")], told)), created=origin.date)


def _word(kept: Kept) -> bytes:
    document = WordDocument(kept.title, kept.origin.language)
    document.heading(kept.title)
    if kept.finding:
        document.paragraph(kept.finding)
    for each in kept.paragraphs:
        if each.heading:
            document.heading(each.heading, 2)
        document.paragraph(each.text, each.footnotes)
    if kept.table and kept.table.rows:
        if kept.paragraphs:
            document.heading(_("Table"), 2)
        rows: Sequence[Sequence[str]] = [[str(cell or "") for cell in row] for row in kept.table.rows]
        document.table([column.name for column in kept.table.columns], rows)
    if kept.sources:
        document.heading(_("Sources"), 2)
    for reference in kept.sources:
        document.paragraph(f"{reference.footnote()} {reference.address}".strip())
    document.paragraph(kept.origin.text)
    return document.to_bytes(kept.origin.date)


def _csv(kept: Kept) -> bytes:
    return to_csv(kept.sheets[0])


#: Media type and writer of each kind of file, by the end of its name.
_KINDS: Final[Mapping[str, tuple[str, Callable[[Kept], bytes]]]] = {
    "xlsx": (XLSX.media_type, _excel),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
    "csv": (f"{by_name('csv').media_type}; charset=utf-8", _csv),
}
ENDINGS: Final = tuple(_KINDS)
#: Those of office programs, as part of a route.
OFFICE: Final = "any(xlsx, docx)"


def as_file(content: bytes | str, media_type: str, name: str) -> Response:
    """Return a response that a browser saves under a name."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
