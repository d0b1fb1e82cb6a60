"""Times as documents give them, in the parts of EDTF that the data uses (https://www.loc.gov/standards/datetime/)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.times import name_time

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.+\-Z]*)?([~?%])?$")
_CLOCK = re.compile(r"T[\d:.+\-Z]*$")
#: First month and number of months of the seasons 21 to 24; winter counts to the end of its year.
_SEASONS = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 1)}


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in years with a fraction (month 1 begins at .0); vague if the text leaves it open."""

    start: float
    end: float
    vague: bool


def parse_time(text: str) -> Span | None:
    """Return the span that a time covers, or None if it is written in another way.

    >>> parse_time("2021-21")
    Span(start=2021.1667, end=2021.4167, vague=True)
    >>> parse_time("2019/2020~")
    Span(start=2019.0, end=2021.0, vague=True)
    >>> parse_time("soon") is None
    True
    """
    spans = [_parse_date(part) for part in text.split("/")]
    found = [span for span in spans if span is not None]
    if len(found) != len(spans) or not 1 <= len(found) <= 2:
        return None
    return Span(found[0].start, found[-1].end, any(span.vague for span in found))


def say_time(text: str, language: str) -> str:
    """Return a time in words, or as it is written if it is in none of the forms that are known.

    >>> say_time("2021-21", "en")
    'spring 2021'
    >>> say_time("/2022-06-03", "nb")
    'fram til 3. juni 2022'
    """
    return name_time(_CLOCK.sub("", text), (find_language(language) or LANGUAGES["en"]).words.times)


def _parse_date(text: str) -> Span | None:
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    vague = match[4] is not None
    if month in _SEASONS and not day:
        first, length = _SEASONS[month]
        return _span(year, first, length, vague=True)
    if not month:
        return _span(year, 1, 12, vague=vague) if year else None
    if not _is_day(year, month, day or 1):
        return None
    if day:
        start = round(year + (month - 1) / 12 + (day - 1) / 372, 4)
        return Span(start, round(start + 1 / 372, 4), vague)
    return _span(year, month, 1, vague=vague)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _span(year: int, first: int, length: int, *, vague: bool) -> Span:
    return Span(round(year + (first - 1) / 12, 4), round(year + (first - 1 + length) / 12, 4), vague)
