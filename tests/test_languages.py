"""Every message of the pages is translated, and no catalogue is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract

import digitech_kg.web
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.web.languages import LANGUAGES, translations

TEMPLATES = sorted((Path(digitech_kg.web.__file__).parent / "templates").glob("*.html"))


def messages() -> set[str]:
    found = set()
    for path in TEMPLATES:
        with path.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file, options={"silent": "false"}):
                found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_message_is_translated(language: str) -> None:
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    wanted = messages()
    assert len(wanted) > 80
    missing = {m for m in wanted if not (catalogue.get(m) or catalogue.get((m, 0)))}
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_title_of_every_download_is_translated(language: str) -> None:
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    assert [d.title for d in DOWNLOADS.values() if not catalogue.get(d.title)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "style=" not in text
    assert " onclick" not in text
    assert "<style" not in text
