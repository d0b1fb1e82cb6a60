"""Errors carry a code, and their titles are translated."""

import pickle
import re
from pathlib import Path

import pytest

import texts
from digitech_kg.errors import DigitechError, NotFound, QuerySyntaxError, QueryTimeout
from digitech_kg.web.http.languages import INTERFACE_LANGUAGES, translations
from digitech_kg.web.http.problems import problem_document
from digitech_kg.web.reading.addresses import WITH_CODE


def test_error_keeps_all_members_in_another_process() -> None:
    error = QueryTimeout("too long", limit="a", value=1, unit="s", hint="y")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert problem_document(copy) == problem_document(error)
    assert problem_document(copy)["limit"] == "a"


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
    # Those of IRIs are made of their paths, and one Flask raises itself.
    made = {(f"unknown-{kind}", 404) for kind in WITH_CODE} | {("method-not-allowed", 405)}
    assert listed == texts.codes() | made


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES[1:])
def test_titles_of_problems_are_translated(language: str) -> None:
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    wanted = texts.titles()
    assert len(wanted) > 25
    assert {text for text in wanted if not catalogue.get(text)} == set()
