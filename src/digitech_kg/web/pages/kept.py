"""What is kept of a page: as copied text, Excel, Word or CSV."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import Response

from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import XLSX, by_name
from digitech_kg.namespaces import XSD
from digitech_kg.tables import CellValue, Table, Worded, make_table, python_value, to_csv, to_xlsx
from digitech_kg.web.http.languages import _
from digitech_kg.web.pages.citing import Note, Origin, Reference


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
    #: The footnotes of the claims that it rests on.
    notes: tuple[Note, ...] = ()
    #: What a workbook tells of itself besides where it comes from.
    about: tuple[tuple[str, str], ...] = ()
    #: How its table is to be read, and what is missing in it.
    reading: str = ""

    @property
    def sources(self) -> tuple[Reference, ...]:
        return tuple(dict.fromkeys(reference for note in self.notes for reference in note.references))

    def copied(self) -> str:
        """Return it as plain text: each footnote has a number."""
        lines, notes = [self.title, *([self.finding] if self.finding else []), ""], list[str]()
        for each in self.paragraphs:
            numbers = "".join(f" [{number}]" for number in range(len(notes) + 1, len(notes) + len(each.footnotes) + 1))
            lines += [*(["", each.heading] if each.heading else []), f"{each.text}{numbers}"]
            notes += each.footnotes
        numbered = (f"[{number}] {note}" for number, note in enumerate(notes, 1))
        return "\n".join((*lines, "", *numbered, self.origin.text))

    def file(self, ending: str, name: str) -> Response:
        """Return it as a file of one of the kinds in `ENDINGS`, under a name."""
        media_type, write = _KINDS[ending]
        return as_file(write(self), media_type, f"{name}.{ending}")


def _excel(kept: Kept) -> bytes:
    origin, told = kept.origin, list(kept.about)
    if kept.finding:
        told.append((_("Answer"), kept.finding))
    told += [(_("Dataset"), origin.dataset), (_("Version"), origin.version), (_("Address"), origin.address)]
    told += [(_("Source"), reference.footnote()) for reference in kept.sources]
    sheets = [
        make_table(sheet.name, sheet.header, [[as_value(cell) for cell in row] for row in sheet.rows])
        for place, sheet in enumerate(kept.sheets)
        if sheet.rows or not place
    ]
    return to_xlsx((*sheets, make_table(_("About"), [_("What"), _("Text")], told)), created=origin.date)


def as_value(cell: CellValue) -> CellValue:
    """Return a cell as what a sheet can sort by: a whole day or a number, unless that is a year; others as they are.

    >>> as_value(Worded("12 March 2021", "2021-03-12")), as_value("12 March 2021"), as_value("2021"), as_value("6.1")
    (datetime.date(2021, 3, 12), '12 March 2021', '2021', Decimal('6.1'))
    """
    if isinstance(cell, Worded) and isinstance(day := python_value(cell.value, XSD.date.value), date):
        return day
    is_year = isinstance(cell, str) and re.fullmatch(r"(1[5-9]|20)\d\d", cell)
    is_number = isinstance(cell, str) and re.fullmatch(r"(0|[1-9]\d{0,5})(\.\d+)?", cell)
    return Decimal(str(cell)) if is_number and not is_year else cell


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
        document.table(list(kept.table.header), rows)
    if kept.reading:
        document.paragraph(kept.reading)
    if kept.sources:
        document.heading(_("Sources"), 2)
    for reference in kept.sources:
        document.paragraph(reference.footnote())
    document.paragraph(kept.origin.text)
    return document.to_bytes(kept.origin.date)


def _one_table(sheets: Sequence[Table]) -> Table:
    """Return the first sheet with the rows of the others that have the same columns."""
    first, *others = sheets
    rows = [*first.rows, *(row for sheet in others if sheet.header == first.header for row in sheet.rows)]
    return make_table(first.name, first.header, rows)


def as_file(content: bytes | str, media_type: str, name: str) -> Response:
    """Return a response that a browser saves under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=media_type, headers=headers)


#: Media type and writer of each kind of file, by the end of its name.
_KINDS: Final[Mapping[str, tuple[str, Callable[[Kept], bytes]]]] = {
    "xlsx": (XLSX.media_type, _excel),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
    "csv": (f"{by_name('csv').media_type}; charset=utf-8", lambda kept: to_csv(_one_table(kept.sheets))),
}
ENDINGS: Final = tuple(_KINDS)
#: Those of office programs, as part of a route.
OFFICE: Final = "any(xlsx, docx)"
