"""Errors carry a code and keep their values apart, so that people read them in their language."""

from __future__ import annotations

import pickle
import re
import string
from pathlib import Path

import pytest
from flask import Flask

import texts
from digitech_kg.errors import DigitechError, NotFound, QuerySyntaxError, QueryTimeout
from digitech_kg.messages import Message, translate
from digitech_kg.reasoning.explanation import NOTES
from digitech_kg.web.http.languages import LANGUAGES, localize, translations
from digitech_kg.web.http.problems import problem_document

NORWEGIAN = {"no {what}": "ingen {what}", "thing {name}": "ting {name}"}


def test_message_is_its_english_text() -> None:
    assert Message("no {size:,} {unit}", size=1200, unit="bytes") == "no 1,200 bytes"


def test_message_is_translated_by_its_template() -> None:
    message = Message("no {what}", what=Message("thing {name}", name="{odd}"))
    assert translate(message, NORWEGIAN.get) == "ingen ting {odd}"


def test_unknown_text_has_no_translation() -> None:
    assert translate(Message("any {what}", what="x"), NORWEGIAN.get) is None


def test_value_may_look_like_a_template() -> None:
    assert Message("'{name}' is missing", name="{0.__class__}") == "'{0.__class__}' is missing"


def test_error_keeps_values_and_code_in_another_process() -> None:
    error = NotFound(Message("no {what}", what="x"), code="claim-unknown")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert (copy.code, copy.message.template, copy.message.values) == ("claim-unknown", "no {what}", {"what": "x"})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("x"), "not-found"),
        (QuerySyntaxError("x", line=1, column=2), "syntax-error"),
        (QueryTimeout("x", limit="a", value=1, unit="s", hint="y"), "query-timeout"),
        (DigitechError("x", code="odd"), "odd"),
    ],
)
def test_problem_document_has_the_code(error: DigitechError, code: str) -> None:
    assert problem_document(error)["code"] == code


def test_documentation_lists_every_code_with_its_status() -> None:
    text = (Path(__file__).parents[2] / "docs/engine.md").read_text(encoding="utf-8")
    listed = {(code, int(status)) for code, status in re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", text, re.MULTILINE)}
    assert listed == texts.codes()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_error_on_pages_is_translated(language: str) -> None:
    wanted = texts.texts_on_pages() | set(NOTES.values())
    assert len(wanted) > 150
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    assert {text for text in wanted if not catalogue.get(text)} == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_have_the_values_of_their_templates(language: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    templates = [text for text in texts.texts_on_pages() if re.search(r"\{\w", text)]
    assert [text for text in templates if fields(text) != fields(catalogue[text])] == []


def test_numbers_are_written_in_the_language_of_the_reader() -> None:
    with Flask(__name__).test_request_context(headers={"Accept-Language": "nb"}):
        said = localize(Message("the result is larger than {size:,} bytes", size=12_345))
    assert said.text == "Resultatet er større enn 12\N{NO-BREAK SPACE}345 byte."
    assert said.language == ""
