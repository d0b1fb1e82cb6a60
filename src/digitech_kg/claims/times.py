"""Write times in the Extended Date/Time Format as words (https://www.loc.gov/standards/datetime/)."""

import datetime
import re
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from babel.dates import format_date
from pyoxigraph import Literal

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import MOOD_KINDS
from digitech_kg.namespaces import DK, VOCABULARIES, XSD, value_of

_DATE = re.compile(r"(\d{4}|\d{3}X)(?:-(\d\d|XX))?(?:-(\d\d|XX))?([~?%])?")
_OPEN = ("", "..")
_SEASONS = ("spring", "summer", "autumn", "winter")
#: What lies between two rough months: 2020-10~/2020-12~ is late in the year.
_PARTS_OF_YEAR: Final[dict[tuple[int | None, int | None], str]] = {(1, 3): "early", (5, 8): "middle", (10, 12): "late"}
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
#: The datatypes of a year, a month and a day, by how many characters they have.
DATE_TYPES: Final = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


#: How a language says times, by what is said; `{time}` is a date, `{start}` and `{end}` are two. `locale` is for the
#: names of months and the order of day and month.
TimeWords = Mapping[str, str]


def is_time(term: object) -> bool:
    if not isinstance(term, Literal):
        return False
    return term.datatype in (*DATE_TYPES.values(), XSD.dateTime) or term.datatype.value.startswith(VOCABULARIES["edtf"])


def is_date(term: object) -> bool:
    """Whether a literal is a day, month or year on the calendar, of the datatype of that or of none, or a rough one.

    >>> [is_date(Literal(text)) for text in ("2024-02-29", "2021-06", "2021", "2025-02-30", "soon")]
    [True, True, True, False, False]
    """
    if not isinstance(term, Literal):
        return False
    is_edtf = term.datatype.value.startswith(VOCABULARIES["edtf"])
    day = term.value.rstrip("~?%") if is_edtf else term.value
    try:
        datetime.date.fromisoformat(day + "-01-01"[len(day) - 4 :])
    except ValueError:
        return False
    return _ISO.fullmatch(day) is not None and (is_edtf or term.datatype in (XSD.string, DATE_TYPES[len(day)]))


class Tense(Enum):
    """When something is so."""

    PRESENT = "present"
    PAST = "past"
    #: It began before and goes on, or has just happened.
    PERFECT = "perfect"


#: Values of how long and since when that tell of what has gone on until now, or of what is over.
_LASTING: Final = (DK.inRecentYears, DK.recently, DK.forSomeTime, DK.forYears, DK.forManyYears)
_OVER: Final = (DK.longAgo, DK.briefly)


def find_happened(claims: Iterable[Claim]) -> frozenset[Any]:
    """Return the events that claims say have taken place."""
    said = (claim for claim in claims if claim.predicate == DK.hasEventStatus and claim.object == DK.happened)
    return frozenset(claim.subject for claim in said if not claim.is_negated)


def find_tense(claim: Claim, happened: Collection[Any], issued: str, *, says_when: bool) -> Tense:
    """Return the tense of a claim of a document of some date; it may say itself when something is.

    What is stated of a time with an end lies in the past, and so does what has `happened`, unless it is told how
    somebody sees it. What has only a beginning goes on. What lies ahead of the document, or is advised or
    foreseen, is told in the present, which says no more than the claim: "will" would be a forecast.
    """
    if is_ahead(claim):
        return Tense.PRESENT
    values = {*claim.all(DK.recency), *claim.all(DK.duration)}
    said = (*claim.all(DK.time), *([claim.object] if says_when else []))
    times = [_ends(time) for time in said if not comes_after(time, issued, undecided=_is_supposed(claim))]
    if values & {*_LASTING} or any(slash and start not in _OPEN and end in _OPEN for start, slash, end in times):
        return Tense.PERFECT
    closed = ((end if slash else start) not in _OPEN for start, slash, end in times)
    has_happened = claim.subject in happened and not claim.all(DK.heldBy)
    return Tense.PAST if has_happened or values & {*_OVER} or any(closed) else Tense.PRESENT


def is_ahead(claim: Claim, time: object = None, issued: str = "") -> bool:
    """Whether a claim advises or foresees something, or has a time after its document."""
    is_later = time is not None and comes_after(time, issued, undecided=_is_supposed(claim))
    return is_later or MOOD_KINDS.get(claim.mood) in ("advice", "forecast")


def _is_supposed(claim: Claim) -> bool:
    """Whether nobody says that it is so: what may lie ahead is then taken to do so."""
    return DK.hypothesis in claim.all(DK.mood)


def comes_after(time: object, day: str, *, undecided: bool = False) -> bool:
    """Whether a time, by its end if it has one, comes after a day, month or year; `undecided` if it may lie in it.

    >>> [comes_after(Literal(text), "2025-03-14") for text in ("2026", "203X/..", "../2025-02", "2025", "2025-22")]
    [True, True, False, False, True]
    """
    start, _, end = _ends(time)
    date = _read(start if end in _OPEN else end)
    if date is None:
        return undecided
    # Winter may be that at the beginning of the year, and spring begins early.
    month = {21: None, 22: 6, 23: 9, 24: None}.get(date.month or 0, date.month)
    known = "-".join((date.year.rstrip("X"), *(f"{part:02}" for part in (month, date.day) if part)))
    length = min(len(known), len(day))
    return undecided if known[:length] == day[:length] else known > day


def is_over(claim: Claim, day: str) -> bool:
    """Whether a claim says until when something was so, and that isn't after a day."""
    ending = (time for time in claim.all(DK.time) if "/" in value_of(time) and _ends(time)[2] not in _OPEN)
    return any(not comes_after(time, day) for time in ending)


def _ends(term: object) -> tuple[str, str, str]:
    return term.value.strip().partition("/") if isinstance(term, Literal) else ("", "", "")


def say_time(text: str, words: TimeWords, *, ahead: bool = False, by: str = "by") -> str:
    """Return a time with its preposition, such as "in spring 2021"; other text stays as it is.

    What has a beginning alone happens "from" then if it lies `ahead`. What has an end alone happens `by` or "before"
    then, or "until" then if its beginning is unknown (`/2030`).
    """
    start, slash, end = text.strip().partition("/")
    first, last = _read(start), _read(end)
    if first and not slash:
        return _say(first, words)
    if first and last:
        is_part = first.year == last.year and first.mark == last.mark == "~"
        if is_part and (part := _PARTS_OF_YEAR.get((first.month, last.month))):
            return words[part].format(time=first.year)
        return words["between"].format(start=_name(first, words), end=_name(last, words))
    if first and end in _OPEN:
        return words["from" if ahead else "since"].format(time=_name(first, words))
    if last and start in _OPEN:
        if by == "by" and not ahead and _ISO.fullmatch(end) and len(end) < len("2021-06-03"):
            by = "by_end"
        return words[by if start else "until"].format(time=_name(last, words))
    return text


def name_time(text: str, words: TimeWords) -> str:
    """Return a time without a preposition, such as "spring 2021"; other text stays as it is."""
    start, slash, end = text.strip().partition("/")
    dates = [_read(part) for part in (start, end) if part not in _OPEN]
    frames = [(words["perhaps"] if date.mark in ("?", "%") else "{time}", date) for date in dates if date]
    named = [frame.format(time=_name(date, words)) for frame, date in frames]
    if len(named) < len(dates) or not named:
        return text
    if len(named) == 1 and slash:
        return words["since" if start not in _OPEN else "by" if start else "until"].format(time=named[0])
    return " – ".join(named)


class _Date(NamedTuple):
    year: str
    #: From 21 on a season.
    month: int | None
    day: int | None
    mark: str


def _read(text: str) -> _Date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    month, day = (int(part) if part and part != "XX" else None for part in (match[2], match[3]))
    date = _Date(match[1], month, day, match[4] or "")
    if month is None or month in range(21, 25):
        return date
    try:
        datetime.date(int(match[1]), month, day or 1)
    except ValueError:
        return None
    return date


def _say(date: _Date, words: TimeWords) -> str:
    name = _name(date, words)
    if date.mark == "~":
        return name
    season = (date.month or 0) > 12
    form = "season" if season else "day" if date.day else "month" if date.month else "year"
    said = words["in_decade" if date.year.endswith("X") else form].format(time=name)
    return words["perhaps"].format(time=said) if date.mark else said


def _name(date: _Date, words: TimeWords) -> str:
    """Return a date without its preposition."""
    name = date.year.replace("X", "0")
    if date.year.endswith("X"):
        name = words["decade"].format(time=name)
    elif date.month and date.month > 12:
        name = words[_SEASONS[date.month - 21]].format(time=date.year)
    elif date.month:
        day = datetime.date(int(date.year), date.month, date.day or 1)
        name = format_date(day, "long" if date.day else "MMMM y", locale=words["locale"])
    return words["around"].format(time=name) if date.mark == "~" else name
