"""Write tables as CSV and Excel files. Only this module uses the library for Excel."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, Self

from digitech_kg.errors import LimitExceeded
from digitech_kg.namespaces import INTEGERS, NUMBERS, VOCABULARIES

CellValue = str | int | float | Decimal | bool | date | datetime | None

_XSD = VOCABULARIES["xsd"]


class Worded(str):
    """A value in words, such as "12 March 2021"; `value` is how data writes it, such as "2021-03-12"."""

    value: str

    def __new__(cls, words: str, value: str = "") -> Self:
        made = super().__new__(cls, words)
        made.value = value
        return made


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values below a header; a missing value is None."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def make_table(name: str, header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> Table:
    return Table(name, tuple(header), tuple(map(tuple, rows)))


def python_value(text: str, datatype: str) -> CellValue:
    """Return the Python value of a literal by its datatype's IRI; text where there is none or the literal is ill-typed.

    >>> python_value("12", "http://www.w3.org/2001/XMLSchema#integer")
    12
    """
    try:
        if datatype in INTEGERS:
            return int(text)
        if datatype in NUMBERS:
            return Decimal(text)
        if datatype == _XSD + "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
        if datatype == _XSD + "date":
            return date.fromisoformat(text)
        if datatype == _XSD + "dateTime":
            return datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return text
    return text


def written(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


#: Programs for spreadsheets take a text that begins with one of these for a formula.
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 (RFC 4180).

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(_harmless, table.header))
    for row in table.rows:
        writer.writerow(_harmless(value) if isinstance(value, str) else written(value) for value in row)
    return out.getvalue().encode()


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


#: Limits of a sheet: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
_MOST_ROWS, _MOST_COLUMNS, _MOST_LETTERS = 1_048_576, 16_384, 32_767
#: Beyond it, a spreadsheet's number, a binary64, no longer tells neighbouring integers apart.
_LARGEST_EXACT = 2**53
#: The days of a spreadsheet begin with it.
_FIRST_YEAR = 1900


def to_xlsx(tables: Sequence[Table], *, created: datetime | None = None) -> bytes:
    """Return tables as an Excel workbook, one sheet each; no text in it is ever a formula or a link.

    `created` is the workbook's date, so that equal tables give equal bytes. Raises `LimitExceeded` for what a sheet
    cannot hold.
    """
    library = import_module("xlsxwriter")
    for table in tables:
        _check_limits(table)
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with library.Workbook(out, options) as book:
        book.set_properties({"created": (created or datetime.now(UTC)).replace(tzinfo=None)})
        formats = {
            "header": book.add_format({"bold": True, "bottom": 1}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'}),
        }
        taken: set[str] = set()
        for table in tables:
            _write_sheet(book.add_worksheet(_sheet_name(table.name, taken)), table, formats)
    return out.getvalue()


def _check_limits(table: Table) -> None:
    longest = max((len(v) for row in table.rows for v in row if isinstance(v, str)), default=0)
    for found, most, unit in (
        (len(table.rows) + 1, _MOST_ROWS, "rows"),
        (len(table.header), _MOST_COLUMNS, "columns"),
        (longest, _MOST_LETTERS, "characters in a cell"),
    ):
        if found > most:
            raise LimitExceeded(
                f"table '{table.name}' has {found:,} {unit}, more than an Excel sheet can hold",
                limit="xlsx",
                value=most,
                unit=unit,
                hint="Download it as CSV, or ask for less.",
            )


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 characters, none of []:*?/\\, and none twice, whatever their case."""
    base = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "table"
    found, number = base, 1
    while found.casefold() in taken or found.casefold() == "history":
        number += 1
        found = f"{base[: 30 - len(str(number))]} {number}"
    taken.add(found.casefold())
    return found


def _write_sheet(sheet: Any, table: Table, formats: dict[Any, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(table.header):
        lengths = [len(written(row[place])) for row in table.rows[:100]]
        sheet.set_column(place, place, min(max([len(name), *lengths]) + 2, 60))
        sheet.write_string(0, place, name, formats["header"])
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(map(_as_cell, row)):
            sheet.write(number, place, cell, formats.get(type(cell)))
    if table.header:
        sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)


def _as_cell(value: CellValue) -> CellValue:
    """Return a value as a sheet can hold it, else as text: numbers that it would round, days before its first.

    A sheet has no time zones; a time without one isn't a point in time, so it stays as it is written.
    """
    if isinstance(value, datetime):
        is_point = value.tzinfo is not None and value.year >= _FIRST_YEAR
        return value.astimezone(UTC).replace(tzinfo=None) if is_point else written(value)
    if isinstance(value, date):
        return value if value.year >= _FIRST_YEAR else written(value)
    if isinstance(value, Decimal):
        value = float(value)
    return written(value) if isinstance(value, int | float) and abs(value) > _LARGEST_EXACT else value


#: The earliest day that a zip file can give.
_DAY = (1980, 1, 1, 0, 0, 0)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these contents by name, in this order; equal contents give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
