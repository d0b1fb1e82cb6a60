"""Tables as CSV and Excel: each file is opened again by another library and holds the same typed values."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from digitech_kg.errors import LimitExceeded
from digitech_kg.tables import CellValue, make_table, python_value, to_csv, to_xlsx

XSD = "http://www.w3.org/2001/XMLSchema#"
MOMENT = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
HEADER = ["text", "whole", "number", "yes", "day", "moment", "mixed"]
ROWS: list[list[CellValue]] = [
    ["华为 \"quoted\", line\nbreak", 1, 1.5, True, date(2021, 3, 4), MOMENT, 1],
    ["=HYPERLINK(\"http://x.example\")", -7, 2, False, date(1850, 1, 2), MOMENT, "one"],
    [None, None, None, None, None, None, None],
]  # fmt: skip
TABLE = make_table("all kinds", HEADER, ROWS)
TEXT, WHOLE, NUMBER = "VARCHAR", "BIGINT", "DOUBLE"


def test_excel_keeps_values_and_never_makes_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([TABLE])))["all kinds"]
    first, second = ([cell.value for cell in row] for row in list(sheet.iter_rows())[1:3])
    assert first == [ROWS[0][0], 1, 1.5, True, datetime(2021, 3, 4), MOMENT.replace(tzinfo=None), 1]
    # A spreadsheet knows no day before 1900.
    assert (second[0], second[4]) == (ROWS[1][0], "1850-01-02")
    assert sheet.cell(3, 1).data_type == "s"
    assert sheet.cell(3, 1).hyperlink is None


def test_csv_is_read_back_by_another_program_and_formulas_are_text(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(to_csv(TABLE))
    with duckdb.connect() as connection:
        found = connection.read_csv(str(tmp_path / "t.csv"), header=True)
        rows = found.fetchall()
        assert [str(t) for t in found.types][:5] == [TEXT, WHOLE, NUMBER, "BOOLEAN", "DATE"]
    assert rows[0][:5] == tuple(ROWS[0][:5])
    assert rows[1][0] == "'" + str(ROWS[1][0])
    assert rows[1][1] == -7


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_has_no_cell_or_heading_that_begins_a_formula(start: str) -> None:
    lines = to_csv(make_table("t", [start + "a"], [[start + "1+1"]])).decode().strip()
    assert all(cell.lstrip('"').startswith("'" + start) for cell in lines.split("\r\n"))


def test_equal_tables_give_equal_files() -> None:
    assert to_xlsx([TABLE], created=MOMENT) == to_xlsx([TABLE], created=MOMENT)


def test_sheet_names_are_short_allowed_and_told_apart() -> None:
    names = ["a/b[c]", "A b c", "x" * 40, "x" * 41, "History", ""]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([make_table(n, ["a"], [["b"]]) for n in names])))
    assert len({n.casefold() for n in book.sheetnames}) == len(names)
    assert all(len(n) <= 31 for n in book.sheetnames)


@pytest.mark.parametrize(
    ("rows", "unit"),
    [([["x" * 32_768]], "characters in a cell"), ([[None]] * 1_048_576, "rows")],
    ids=["long text", "many rows"],
)
def test_what_a_sheet_cannot_hold_is_an_error_and_not_cut(rows: list[list[CellValue]], unit: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        to_xlsx([make_table("t", ["a"], rows)])
    assert caught.value.unit == unit


def test_large_integers_stay_exact() -> None:
    near, beyond = 2**62 + 1, 2**70 + 1
    table = make_table("t", ["near", "beyond"], [[near, beyond]])
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([table])))["t"]
    assert [cell.value for cell in sheet[2]] == [str(near), str(beyond)]


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("12", "integer", 12),
        ("1.50", "decimal", Decimal("1.50")),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2021-03-04", "date", date(2021, 3, 4)),
        ("2021-03-04T05:06:07Z", "dateTime", MOMENT),
        ("twelve", "integer", "twelve"),
        ("2021-13-99", "date", "2021-13-99"),
        ("2021", "gYear", "2021"),
    ],
)
def test_literals_become_python_values(text: str, datatype: str, value: CellValue) -> None:
    found = python_value(text, XSD + datatype)
    assert (found, type(found)) == (value, type(value))
