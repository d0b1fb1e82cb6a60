"""The languages in which claims are written. To add one, add a module and its table of words."""

import re
from collections import Counter
from typing import Final

from babel import Locale

from digitech_kg.claims.languages.english import English
from digitech_kg.claims.languages.language import Language
from digitech_kg.claims.languages.norwegian import Norwegian
from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK

#: By language tag.
LANGUAGES: dict[str, Language] = {language.tag: language for language in (English(), Norwegian())}


def find_language(tag: str) -> Language | None:
    """Return the language of a tag, such as `nb` or `en-GB`; None if claims cannot be written out in it."""
    return LANGUAGES.get(tag.lower()) or LANGUAGES.get(tag.partition("-")[0].lower())


def guess_language(text: str) -> str | None:
    """Return the tag of the language, of those here, whose small words stand in a text, and hardly any of others.

    >>> guess_language("Det er ikke så lett å si hva som skal til."), guess_language("Hva?")
    ('nb', None)
    """
    words = Counter(re.findall(r"\w+", text.lower()))
    counts = {tag: sum(words[it] for it in each.words.function_words) for tag, each in LANGUAGES.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] > max(4, 3 * (sum(counts.values()) - counts[best])) else None


def read_cue(cue: str) -> dict[str, str]:
    """Return what words of a text, in any of the languages, show, each with its first word: a `guess`, a `denial` …

    >>> read_cue("shall probably not"), read_cue("not only in May 2021")
    ({'guess': 'probably', 'denial': 'not', 'duty': 'shall', 'probable': 'probably'}, {})
    """
    said = _IDLE.sub("", _plain(cue))
    found = {kind: match[0] for kind, words in _CUES.items() if (match := words.search(said))}
    if "hearsay" in found:  # Of these words, “said” alone would be somebody's view.
        found.pop("view", None)
    if not _COMPARED.search(said):  # “More than two hours” compares nothing.
        found.pop("comparison", None)
    return found


def cued(claim: Claim, kind: str) -> bool:
    """Whether a claim quotes a word of a kind, such as "must" or "before"."""
    return any(kind in read_cue(str(cue.value)) for cue in claim.all(DK.cue))


def tells(sentence: str, kind: str) -> bool:
    """Whether a sentence of ours tells a `denial` or a `guess`, if need be in other words than cues are."""
    return any(words.search(_plain(sentence)) for words in _TOLD[kind])


def denies(sentence: str) -> bool:
    """Whether the first clause of a sentence of ours denies.

    >>> denies("It does not sell glue, which sticks"), denies("It sells glue, which does not stick")
    (True, False)
    """
    return _DENYING.search(CLAUSE.split(_IDLE.sub("", _plain(sentence)), 1)[0]) is not None


def find_months(text: str) -> frozenset[str]:
    """Return the months, their days and the seasons that a text names, in any of the languages, as EDTF counts them.

    >>> sorted(find_months("It may snow in May, as in the winter of 2022, or the 25th and 26th of December"))
    ['05', '12', '12-25', '12-26', '24']
    """
    found = [(_MONTHS.get(name) or _MONTHS[name.lower()], days + more) for days, name, more in _DATES.findall(text)]
    days = {f"{month}-{int(day):02}" for month, told in found for day in re.findall(r"\d+", told)}
    return frozenset((*days, *(month for month, _ in found)))


def tells_span(text: str, year: str) -> str:
    """Return `since`, `by` or `until` if a text gives a year as the beginning or the end of a time; else nothing.

    >>> tells_span("Since June 2021", "2021"), tells_span("by the end of 2030", "2030"), tells_span("in 2030", "2030")
    ('since', 'by', '')
    >>> tells_span("frem til 2030", "2030"), tells_span("not until 2030", "2030")
    ('until', '')
    """
    end = rf" (?:the end of |utgangen av |\w+ )?{year}\b"
    return next((kind for kind, words in _SPANS.items() if re.search(words + end, text.lower())), "")


def _plain(text: str) -> str:
    """Return a text in small letters, without what is a name: “May”, and “Will” in the middle of a company's.

    A question mark is a word by itself.
    """
    return re.sub(r"\bMay\b|\bWill(?= [A-Z])", "", text.translate(_MARKS)).lower()


_MARKS: Final = str.maketrans({"’": "'", "?": " ?"})


def _patterns(tables: list[dict[str, list[str]]]) -> dict[str, re.Pattern[str]]:
    """Return what finds the words of each kind, in all languages, the longest first."""
    found = {}
    for kind in tables[0]:
        words = sorted((re.escape(word) for table in tables for word in table[kind]), key=len, reverse=True)
        found[kind] = re.compile(rf"(?<![\w.-])(?:{'|'.join(words)})(?![\w-])")
    return found


_CUES: Final = _patterns([each.words.cues for each in LANGUAGES.values()])
_LOOKED_FOR: Final = _patterns([each.words.looked_for for each in LANGUAGES.values()])
_IDLE, _DENYING = _LOOKED_FOR["idle"], _LOOKED_FOR["denying"]
_TOLD: Final = {
    "denial": (_CUES["denial"], _CUES["doubt"], _CUES["rejection"], _LOOKED_FOR["denied"]),
    "guess": (_CUES["guess"], _CUES["hearsay"], _CUES["doubt"], _LOOKED_FOR["guessed"]),
}
_NUMBERS: Final = "|".join(word for each in LANGUAGES.values() for word in each.words.numbers)
_COMPARED: Final = re.compile(rf"{_CUES['comparison'].pattern}(?! (?:\d|(?:{_NUMBERS})\b))")
#: What ends a clause.
CLAUSE: Final = re.compile(rf"[,;:(–—]|{_LOOKED_FOR['clause'].pattern}")
#: What makes the number that follows it rough, and what makes a number a large one.
ROUGH, RELATIVE = _LOOKED_FOR["rough"], _LOOKED_FOR["relative"]
SCALE: Final = re.compile(rf"{_LOOKED_FOR['scale'].pattern}|[十百千万萬亿億兆]|\d(?:bn|k|m|tn)\b")

_TIMES: Final = [each.words.times for each in LANGUAGES.values()]
#: Months as they are written, and seasons in small letters.
_MONTHS: Final = {
    name: f"{number:02}"
    for times in _TIMES
    for number, name in Locale(times["locale"]).months["format"]["wide"].items()
} | {
    times[season].split()[0]: code
    for times in _TIMES
    for season, code in (("spring", "21"), ("summer", "22"), ("autumn", "23"), ("winter", "24"))
}
_MONTH: Final = rf"\b(?:{'|'.join(f'(?i:{name})' if code > '12' else name for name, code in _MONTHS.items())})\b"
_DAY: Final = r"(?<!\w)\d\d?(?:st|nd|rd|th)?(?!\w)"
_NEXT: Final = r"\.?(?:\s?[-–/,]\s?|\s(?:(?:and|or|to|of|og|eller|til)\s)?)"
#: A month or a season with the days before and after it: "25 and 26 December", "26. desember", "December 26".
_DATES: Final = re.compile(rf"((?:{_DAY}{_NEXT})*)({_MONTH})((?:{_NEXT}{_DAY}(?!{_NEXT}{_MONTH}))*)")
_SPANS: Final = {
    kind: rf"(?<!not )(?<!ikke )\b(?:{'|'.join(times[kind].removesuffix(' {time}') for times in _TIMES)})".replace(
        "fram", "fr[ae]m"
    )
    for kind in ("since", "by", "until")
}
