"""Numbers, times and cells of claims held against what passages say."""

import math
import re
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.languages import LANGUAGES, RELATIVE, ROUGH, SCALE, cued, find_language, find_months, tells_span
from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK, RDFS, XSD, value_of
from digitech_kg.validation.named import Cited, Reading, own_sentences

_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+(?:[.,\s]\d{3})*(?:[.,]\d+)?")
#: A word that makes a number rough, and the number right after it.
_ROUGH_NUMBER: Final = re.compile(rf"({ROUGH.pattern})\W*({_NUMBER.pattern})")
#: A number with a word for its size.
_SCALED: Final = re.compile(rf"({_NUMBER.pattern})\s+({SCALE.pattern})")
_NUMERIC: Final = (XSD.integer, XSD.decimal, XSD.double)
#: What makes a number a share, and the number right before it.
SHARE: Final = re.compile(r"%|\bper ?cent\b|\bprosent\b")
_SHARED: Final = re.compile(rf"({_NUMBER.pattern})\s*(?:{SHARE.pattern})")
#: What a number may be in: ones, or beside a word such as million or 亿 thousands and more.
_SCALES: Final = (1.0, 1e3, 1e4, 1e6, 1e8, 1e9, 1e12)
_YEAR: Final = re.compile(r"(?<![\d.,])(?:1[89]|20)\d\d(?![\d.,]*\d)")
_ANY_YEAR: Final = re.compile(r"\d{4}")


def is_numeric(value: object) -> bool:
    if not isinstance(value, Literal) or value.datatype not in _NUMERIC:
        return False
    try:
        float(value.value)
    except ValueError:
        return False  # A shape refuses it.
    return True


def lacks_number(said: str, value: Literal, tag: str = "") -> bool:
    """Whether a text has numbers, in digits or in words of its language, and none of them is a value."""
    number, words, language = float(value.value), set(_WORD.findall(said.lower())), find_language(tag)
    digits = [reading for number in _NUMBER.findall(said) for reading in _read_number(number)]
    named = (count for each in LANGUAGES.values() for count, word in enumerate(each.words.numbers) if word in words)
    scales = _SCALES if SCALE.search(said.lower()) else _SCALES[:1]
    if any(math.isclose(number, reading * scale) for reading in (*digits, *named) for scale in scales):
        return False
    counts = language.words.numbers if language else ()
    return bool(digits) or (1 < number < len(counts) and not words.isdisjoint(counts[2:]))


def lost_scale(said: str, value: Literal) -> str:
    """Return "200 million" if a text has the number of a value with such a word alone; else nothing."""

    def has(numbers: Iterable[str]) -> bool:
        return any(math.isclose(float(value.value), reading) for each in numbers for reading in _read_number(each))

    scaled = [found for found in _SCALED.finditer(said.lower()) if "ton" not in found[2] and has([found[1]])]
    return scaled[0][0] if scaled and not has(_NUMBER.findall(_SCALED.sub(" ", said.lower()))) else ""


def _is_share(said: str, value: Literal) -> bool:
    """Whether a text has a value in per cent alone."""
    shares, rest = " ; ".join(_SHARED.findall(said.lower())), _SHARED.sub(" 0 ", said.lower())
    return bool(shares) and not lacks_number(shares, value) and lacks_number(rest, value)


def _read_number(number: str) -> Iterator[float]:
    """Yield what digits may mean: “1,500” is fifteen hundred, or one and a half in other languages; “1,000” is not."""
    joined = "".join(number.split())
    for text in {re.sub(r"[.,](?=\d{3}(?!\d))", "", joined), re.sub(r"[.,](?=000$)", "", joined)}:
        if len(re.findall(r"[.,]", text)) < 2:
            yield float(text.replace(",", "."))


def other_times(claim: Claim, said: str, *more: str) -> Iterator[str]:
    """Yield the times of a claim if a text names years, months, days of these or seasons, and none of theirs.

    Theirs may be among `more`, too.
    """
    named = {*find_months(said), *_YEAR.findall(said)}
    for time in map(value_of, claim.all(DK.time)):
        months = re.findall(r"\d{4}-(\d\d)", time)
        own = {*months, *re.findall(r"\d{4}-(\d\d-\d\d)", time), *re.findall(r"\d{4}", time)}
        for kind in map(re.compile, (r"\d{4}", "0.|1[0-2]", "2.", *(f"{month}-.." for month in months))):
            told, meant = (set(filter(kind.fullmatch, parts)) for parts in (named, own))
            if told and meant and told.isdisjoint(meant) and meant.isdisjoint(more):
                yield time
                break


def _stray_cells(cited: Cited, reading: Reading) -> Iterator[tuple[NamedNode, Any, str]]:
    """Yield a cell of a table in whose row and column nothing else is cited: it is of another thing."""
    places = {iri: reading.cells[iri] for iri in cited.passages if iri in reading.cells}
    for iri, (table, row, column) in places.items():
        others = [place for other, place in places.items() if other != iri and place[0] == table]
        if others and not any(row == place[1] or column == place[2] for place in others):
            message = f"{iri.rpartition('/')[2]} is in the row of no other cell that is cited: cite those of one row."
            yield DK.statedIn, iri, message
            return


def stray_numbers(claim: Claim, cited: Cited, named: str) -> Iterator[tuple[NamedNode, Any, str]]:
    """Yield the numbers in comments that no date, passage, value or name has, if the passage has others.

    Of "1.5 million" the passage may have all the digits.
    """
    values = (value_of(value) for prop in (DK.value, DK.subjectCount, DK.objectCount) for value in claim.all(prop))
    texts = (cited.said, " ; ".join((cited.said, named, *values)))
    for comment in own_sentences(claim):
        days = {float(part) for found in find_months(comment.value) for part in found.split("-")}
        rest = _SCALED.sub(lambda it: it[1] if "ton" in it[2] else " ", _YEAR.sub(" ", comment.value.lower()))
        for number in _NUMBER.findall(rest):
            readings = set(_read_number(number)) - days
            if readings and all(lacks_number(text, Literal(it)) for text in texts for it in readings):
                cure = "correct this sentence, or cite its passage."
                yield RDFS.comment, comment, f"The number {number} is not in {cited.where}: {cure}"


def other_figures(
    claim: Claim, cited: Cited, reading: Reading, issued: str, large: Container[Any], measured: Container[Any]
) -> Iterator[tuple[NamedNode, Any, str]]:
    """Yield the numbers, times and cells that a passage with others doesn't have, or has otherwise, and why.

    The passage may call the day on which its document was `issued` "today". Predicates in `large` count millions,
    those in `measured` name a unit, which isn't per cent.
    """
    yield from _stray_cells(cited, reading)
    said, where = cited.said, cited.where
    for value in filter(is_numeric, claim.all(DK.value)):
        rough = (word for word, number in _ROUGH_NUMBER.findall(said.lower()) if not lacks_number(number, value))
        scaled = lost_scale(said, value)
        if lacks_number(said, value, reading.language) and not claim.all(DK.basis):
            cure = "write the one that stands there, or cite its passage."
            yield DK.value, value, f"The number {value.value} is not in {where}: {cure}"
        elif scaled and claim.predicate not in large:
            cure = "write it in full, or say so in the predicate's dk:sentencePattern."
            yield DK.value, value, f"The number in {where} is “{scaled}”: {cure}"
        elif claim.predicate in measured and _is_share(said, value):
            cure = "choose a predicate that says so, or the number that is meant."
            yield DK.value, value, f"The number {value.value} in {where} is in per cent: {cure}"
        elif (word := next(rough, "")) and not claim.all(DK.precision):
            cure = "add dk:precision dk:approximate, dk:atLeast or dk:atMost."
            yield DK.value, value, f"The text has “{word}” before the number: {cure}"
    for prop in (DK.subjectCount, DK.objectCount):
        for count in filter(is_numeric, claim.all(prop)):
            if lacks_number(said, count, reading.language):
                cure = "write the one that is counted there."
                yield prop, count, f"The number {count.value} is not in {where}, which has another: {cure}"
    for time in other_times(claim, said, *issued.split("-"), issued[5:]):
        message = f"The time {time} is not in {where}, which has another: correct dk:time, or cite its passage."
        yield DK.time, time, message
    is_dated = _ANY_YEAR.search(said) or RELATIVE.search(said.lower())
    for term in claim.all(DK.time):
        time, years = value_of(term), _ANY_YEAR.findall(value_of(term))
        if years and not (is_dated or any(it in reading.text or issued.startswith(it) for it in years)):
            yield DK.time, time, f"The text never names the year of {time}: correct dk:time, or take it out."
        before = re.search(rf"\b(before|until|før) {years[0]}\b", said.lower()) if len(years) == 1 else None
        if before and claim.is_negated and time.startswith("../") and not cued(claim, "before"):
            yield DK.time, time, f"The text says “{before[0]}”: quote “{before[1]}” in dk:cue, or it reads “by”."
        span, end = tells_span(said, years[0]) if len(years) == 1 else "", time.strip("./")
        right = {"since": f"{end}/..", "by": f"../{end}", "until": f"/{end}"}.get(span)
        if right and right != re.sub("/$", "/..", time):
            what = "beginning" if span == "since" else "end"
            yield DK.time, time, f"The text says “{span} {years[0]}”, which is the {what} of a time: write “{right}”."
