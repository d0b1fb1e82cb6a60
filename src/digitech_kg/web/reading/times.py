"""Times as documents give them, said in words."""

from __future__ import annotations

import re

from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.times import name_time

_CLOCK = re.compile(r"T[\d:.+\-Z]*$")


def say_time(text: str, language: str) -> str:
    """Return a time in words, or as it is written if it has none of the known forms.

    >>> say_time("2021-21", "en")
    'spring 2021'
    >>> say_time("/2022-06-03", "nb")
    'fram til 3. juni 2022'
    """
    return name_time(_CLOCK.sub("", text), (find_language(language) or LANGUAGES["en"]).words.times)


def is_written_time(text: str) -> bool:
    """Whether a text without a datatype reads as a time.

    >>> [is_written_time(text) for text in ("1959", "2021-21", "2020-13", "soon")]
    [True, True, False, False]
    """
    return re.fullmatch(r"\d{4}", text) is not None or say_time(text, "en") != text
