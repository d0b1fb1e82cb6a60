"""Long tables fold out after their first rows: nothing of them is left out."""

import re
from dataclasses import replace

import pytest

from conftest import Server
from digitech_kg.web.pages.answer_table import AnswerTable, Column, Piece

PAGES = {"Accept": "text/html"}


def table(*rows: tuple[str, str], below: str = "") -> AnswerTable:
    cells = tuple(tuple((Piece(text),) for text in row) for row in rows)
    return AnswerTable((Column("a", "A"), Column("b", "B")), cells, tuple(() for _ in rows), below)


def test_a_short_table_stands_open() -> None:
    assert [len(part.rows) for part in table(*[("x", "y")] * 12).parts] == [12]


def test_a_long_table_folds_out_after_its_first_rows() -> None:
    rows = [(str(number), "y") for number in range(30)]
    first, later = table(*rows).parts
    assert (len(first.rows), len(later.rows)) == (12, 18)
    assert (*first.rows, *later.rows) == table(*rows).rows


def test_a_table_of_long_texts_folds_out_earlier() -> None:
    first, later = table(*[("x" * 600, str(number)) for number in range(9)]).parts
    assert (len(first.rows), len(later.rows)) == (4, 5)


def test_rows_below_a_heading_stay_together() -> None:
    first, later = table(*[("one", "y")] * 15, *[("two", "y")] * 3, below="a").parts
    assert [heading[0].text for heading, _ in first.groups] == ["one"]
    assert [heading[0].text for heading, _ in later.groups] == ["two"]


def test_a_column_is_drawn_only_where_a_row_has_a_value() -> None:
    some = table(*[("x", "y")] * 20)
    rows = tuple((first, second if place > 15 else ()) for place, (first, second) in enumerate(some.rows))
    first, later = replace(some, rows=rows).parts
    assert [[column.key for column in part.shown_columns] for part in (first, later)] == [["a"], ["a", "b"]]
    assert [[column.key for column, _cell in part.groups[0][1][0]] for part in (first, later)] == [["a"], ["a", "b"]]


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("/page/query/ownership_by_sector", r"<tr"),
        ("/explore", r"<td>"),
        ("/claims?kind=prediction", r'<div class="then '),
        ("/claims?kind=recommendation", r'<th scope="row" class="who">'),
    ],
)
def test_page_says_how_much_it_folds(server: Server, path: str, cell: str) -> None:
    page = server.get(path, headers=PAGES).text
    _open, count, folded = re.split(
        r'<details><summary>(?:and |[\w.-]+ <span class="soft num">)(\d+)', page, maxsplit=1
    )
    assert int(count) > 1
    assert re.search(cell, folded)
