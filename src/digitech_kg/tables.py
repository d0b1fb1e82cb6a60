"""Tables with typed columns as CSV and Excel files: the one module that knows the library for them.

A column has one type, found from its values; where they differ, all become text.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from importlib import import_module
from typing import Any

from digitech_kg.errors import LimitExceeded
from digitech_kg.namespaces import INTEGERS, NUMBERS, VOCABULARIES

Value = str | int | float | Decimal | bool | date | datetime | None

_XSD = VOCABULARIES["xsd"]
_INT64 = 2**63


class ColumnType(Enum):
    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "datetime"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, and the type of its values."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values that fit their columns; a missing value is None."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def make_table(name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Table:
    """Return a table whose columns have the types of their values.

    >>> make_table("t", ["a", "b"], [[1, "x"], [2.5, None]]).columns[0].type
    <ColumnType.NUMBER: 'number'>
    """
    found = [tuple(row) for row in rows]
    types = [_type_of(row[place] for row in found) for place in range(len(header))]
    columns = tuple(map(Column, header, types))
    return Table(name, columns, tuple(tuple(map(_fit, types, row)) for row in found))


def python_value(text: str, datatype: str) -> Value:
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


def _type_of(values: Iterable[Value]) -> ColumnType:
    types = {_type_of_one(value) for value in values if value is not None}
    if types == {ColumnType.INTEGER, ColumnType.NUMBER}:
        return ColumnType.NUMBER
    return types.pop() if len(types) == 1 else ColumnType.TEXT


def _type_of_one(value: Value) -> ColumnType:
    if isinstance(value, bool):
        return ColumnType.BOOLEAN
    if isinstance(value, int):
        return ColumnType.INTEGER if -_INT64 <= value < _INT64 else ColumnType.TEXT
    if isinstance(value, float | Decimal):
        return ColumnType.NUMBER
    if isinstance(value, datetime):
        # A time without a zone isn't a point in time, so it isn't turned into one.
        return ColumnType.TIME if value.tzinfo is not None else ColumnType.TEXT
    return ColumnType.DATE if isinstance(value, date) else ColumnType.TEXT


def _fit(kind: ColumnType, value: Value) -> Value:
    if value is None:
        return None
    if kind is ColumnType.NUMBER:
        return float(value)  # type: ignore[arg-type]
    if kind is ColumnType.TIME and isinstance(value, datetime):
        return value.astimezone(UTC)
    return written(value) if kind is ColumnType.TEXT else value


def written(value: Value) -> str:
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
    writer.writerow(_harmless(column.name) for column in table.columns)
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
            ColumnType.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
            ColumnType.TIME: book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'}),
        }
        taken: set[str] = set()
        for table in tables:
            _write_sheet(book.add_worksheet(_sheet_name(table.name, taken)), table, formats)
    return out.getvalue()


def _check_limits(table: Table) -> None:
    longest = max((len(v) for row in table.rows for v in row if isinstance(v, str)), default=0)
    for found, most, unit in (
        (len(table.rows) + 1, _MOST_ROWS, "rows"),
        (len(table.columns), _MOST_COLUMNS, "columns"),
        (longest, _MOST_LETTERS, "characters in a cell"),
    ):
        if found > most:
            raise LimitExceeded(
                f"table '{table.name}' has {found:,} {unit}, more than an Excel sheet can hold",
                limit="xlsx",
                value=most,
                unit=unit,
                hint="Take it as CSV, or ask for less.",
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
    for place, column in enumerate(table.columns):
        lengths = [len(written(row[place])) for row in table.rows[:100]]
        sheet.set_column(place, place, min(max([len(column.name), *lengths]) + 2, 60), formats.get(column.type))
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, formats["header"])
    for number, row in enumerate(table.rows, 1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            sheet.write(number, place, _as_cell(value), formats.get(column.type))
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _as_cell(value: Value) -> Value:
    """Return a value as a sheet can hold it: numbers that it would round, and days before its first, as text."""
    if isinstance(value, datetime) and value.year >= _FIRST_YEAR:
        return value.replace(tzinfo=None)
    is_number = isinstance(value, int | float) and abs(value) <= _LARGEST_EXACT
    is_day = isinstance(value, date) and value.year >= _FIRST_YEAR
    return value if value is None or is_number or is_day else written(value)


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
