"""How an answer chooses its sentences, and how a page draws its table."""

import html
import io
import re
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from digitech_kg.web.pages import answers as pages
from digitech_kg.web.pages.answer_table import AnswerTable, Column, Piece
from digitech_kg.web.pages.answers import take_turns
from digitech_kg.web.reading.questions import SavedQuestion
from stored_site import open_service, open_site

HTML = {"Accept": "text/html"}
#: Claims of the memo, gathered below the thing that they are about.
QUESTION = """#+ summary: What is said of whom?
#+ description: Claims of all documents.
#+ tags:
#+   - tests
#+ answer: '{#what: thing|things}.'
#+ reading: How it is meant.
#+ below: about
#+ together:
#+   - what
#+ gathered:
#+   - where
SELECT ?about ?what ?how ?where {
  VALUES (?about ?what ?how ?where) {
    ("Firms" "Acme" "makes bricks" "here") ("Firms" "Acme" "makes bricks" "there")
    ("Firms" "Acme" "sells bricks" "here")
    ("Weather" "Rain" "falls" "here")
  }
}
"""


def first_of(said: list[tuple[str, str]], most: int) -> list[str]:
    """Return so many texts of some with their documents; those that begin with "not" say no."""
    claims: list[Any] = [SimpleNamespace(document_key=own, negated=text.startswith("not")) for text, own in said]
    return take_turns([text for text, _document in said], claims, most)


def test_each_document_and_side_has_its_say_before_anothers_next() -> None:
    many = [(f"a{number}", "a") for number in range(20)]
    said = [*many, ("b", "b"), ("not a", "a"), *((f"c{number}", "c") for number in range(9))]
    chosen = first_of(said, 12)
    assert len(chosen) == 12
    assert {"b", "not a"} < set(chosen)
    assert chosen == [text for text, _document in said if text in chosen]
    assert sum(text.startswith("c") for text in chosen) == sum(text.startswith("a") for text in chosen)


def test_as_many_sentences_as_fit_are_all_told() -> None:
    assert first_of([(str(number), "a") for number in range(12)], 12) == list(map(str, range(12)))


def test_a_table_without_headings_is_one_group_of_plain_rows() -> None:
    table = AnswerTable((Column("a", "A"),), (((Piece("x"),),), ((Piece("x"),),)))
    ((heading, rows),) = table.groups
    assert heading == ()
    assert [[pieces[0].text for _column, pieces in row] for row in rows] == [["x"], ["x"]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return open_site(tmp_path_factory.mktemp("site"), open_service())


@pytest.fixture
def page(site: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    question = SavedQuestion("who", "What is said of whom?", "", QUESTION)
    monkeypatch.setattr(pages, "find_question", lambda *_: question)
    answer = site.test_client().get("/page/query/who", headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_rows_stand_below_headings(page: str) -> None:
    table = page.partition("<table")[2].partition("</table>")[0]
    assert re.findall(r'<tr class="grp"><th[^>]*colspan="3"[^>]*>\s*<span>(\w+)', table) == ["Firms", "Weather"]
    assert "here</span>; <span>there" in table


def test_rows_are_copied_with_their_heads_where_no_sentence_tells_them(page: str) -> None:
    copied = html.unescape(page.partition('id="copied-text"')[2].partition("</pre>")[0])
    assert "Firms\tAcme\tmakes bricks\there; there" in copied
    assert "Weather\tRain\tfalls\there" in copied
    assert "How it is meant." in copied


def test_how_a_table_is_read_stands_in_its_files(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "find_question", lambda *_: SavedQuestion("who", "What is said of whom?", "", QUESTION))
    client = site.test_client()
    about = load_workbook(io.BytesIO(client.get("/page/query/who/answer.xlsx").data))["About"]
    assert ("How to read it", "How it is meant.") in list(about.iter_rows(values_only=True))
    with zipfile.ZipFile(io.BytesIO(client.get("/page/query/who/answer.docx").data)) as package:
        assert "How it is meant." in package.read("word/document.xml").decode()
