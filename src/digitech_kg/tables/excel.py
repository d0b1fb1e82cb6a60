"""Tables as Excel workbooks: the one module that knows the library for them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from digitech_kg.errors import LimitExceeded
from digitech_kg.tables.libraries import load_library
from digitech_kg.tables.model import ColumnType, Table, Value, written

#: Limits of a sheet: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
_MOST_ROWS, _MOST_COLUMNS, _MOST_LETTERS = 1_048_576, 16_384, 32_767
#: Beyond it, a spreadsheet's number, a binary64, no longer tells neighbouring integers apart.
_LARGEST_EXACT = 2**53


def to_xlsx(tables: Sequence[Table], *, created: datetime | None = None) -> bytes:
    """Return tables as an Excel workbook, one sheet each; no text in it is ever a formula or a link.

    `created` is the workbook's date, so that equal tables give equal bytes. Raises `LimitExceeded` for what a sheet
    cannot hold, and `CallError` if the library is not installed.
    """
    library = load_library("xlsxwriter")
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
                hint="Take it as CSV or Parquet, or ask for less.",
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
        for place, value in enumerate(row):
            _write_cell(sheet, number, place, value, formats)
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, place: int, value: Value, formats: dict[Any, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float) and abs(value) <= _LARGEST_EXACT:
        sheet.write_number(row, place, value)
    # The days of a spreadsheet begin with the year 1900.
    elif isinstance(value, datetime) and value.year >= 1900:
        sheet.write_datetime(row, place, value.replace(tzinfo=None), formats[ColumnType.TIME])
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(row, place, value, formats[ColumnType.DATE])
    else:
        sheet.write_string(row, place, written(value))
