"""Words of questions, in their plain form: common ones, and those that tell what is asked for (question_words.toml)."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final

from digitech_kg.matching.spelling import plain

_FILES: Final = files("digitech_kg.matching")
_WORDS: Final = tomllib.loads(_FILES.joinpath("question_words.toml").read_text(encoding="utf-8"))
#: By what a question asks for, or what its words do, the words and phrases.
WORDS: Final = {what: frozenset(words) for what, words in _WORDS.items() if what != "numbers"}
WHO: Final = WORDS["who"]
DENIALS: Final = WORDS["denials"]
MENTIONS: Final = WORDS["mentions"]
BY: Final = WORDS["by"]
JOINS: Final = WORDS["joins"]
FILLERS: Final = WORDS["fillers"]
_SAYING: Final = MENTIONS | WORDS["saying"]
_NUMBERS_IN_WORDS: Final = {tag: "|".join(parts) for tag, parts in _WORDS["numbers"].items()}
#: What each part of a question has that asks two things, and what stands between them.
_ASKING_IN_CHINESE: Final = re.compile("谁|什么|怎么|为什么|哪|多少|几|吗|何")
_BETWEEN_PARTS: Final = re.compile(r"[,;?!:，；？。：]|\b(?:and|og|but|men|or|eller)\b")
#: What a question has that asks for yes or no behind what it is about: "true or false?"
WHETHER: Final = re.compile(r"(?i)\b(?:(true|good|yes) or (false|bad|no)|(sant|bra|ja) eller (usant|dårlig|nei))\b")
#: What a question begins with that asks which documents speak of a thing, and for no more.
WHICH_DOCUMENTS: Final = re.compile(
    r"(?i)^\s*(?:which|what) (?:documents?|texts?|sources?) (?:mentions?|names?|speaks? of|talks? about|discuss)\b"
    r"|^\s*hvilke(?:t|n)? (?:dokument(?:er)?|tekst(?:er)?|kilder?) (?:nevner|omtaler|snakker om|tar opp|handler om)\b"
    r"|^\s*(?:哪些|哪几份|哪份)(?:文件|文献|资料)(?:提到|提及|谈到|说到)[了过]?"
)
#: What a sentence has that names several things, or says that there are none, and so tells how many there are.
_COUNTABLE: Final = re.compile(r"\w, [^,.;:]+? (?:and|og) |\b(?:none|no one|ingen)\b", re.IGNORECASE)
#: What a sentence has that gives a year or a number, and what looks like a number and is none.
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_NO_NUMBER: Final = re.compile(
    r"\d{1,2}\.? [A-Za-z]+ (19|20)\d\d|\b(19|20)\d\d\b|\b1[34]\d{3}\b|\b\dG\b|\b(?:page|side) \d+|\b(?:the two|de to)\b"
)
#: Words that stand in any question. They count only for so much as others do.
_LINES: Final = _FILES.joinpath("common_words.txt").read_text(encoding="utf-8").splitlines()
COMMON: Final = FILLERS.union(word for line in _LINES if not line.startswith("#") for word in line.split())


def parts_of_question(text: str) -> list[str]:
    """Return the parts of a text each of which asks something: one if it asks one thing.

    >>> parts_of_question("who wrote it in Oslo, and who paid")
    ['who wrote it in Oslo  ', ' who paid']
    """
    found = list[str]()
    for part in _BETWEEN_PARTS.split(text):
        words = plain(part).split()
        is_asking = bool(WORDS["asking"] & set(words) or _ASKING_IN_CHINESE.search(part)) and not COMMON.issuperset(
            words
        )
        if found and not is_asking:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def is_common(word: str) -> bool:
    """Whether a word stands in any question."""
    return word in COMMON


def says(word: str) -> bool:
    """Whether a word in its plain form asks for somebody's words."""
    return word in _SAYING


def gives_number(text: str, language: str) -> bool:
    """Whether a sentence has a number that is no date, number of an order or generation of networks.

    >>> [gives_number(text, "en") for text in ("Order 14032 lists 59 firms.", "On 3 June 2021, 5G came.", "Ten do.")]
    [True, False, True]
    >>> [gives_number("From two to three", language) for language in ("en", "nb")]
    [True, True]
    >>> gives_number("It has come to stay", "en")
    False
    """
    words = _NUMBERS_IN_WORDS.get(language, _NUMBERS_IN_WORDS["en"])
    return bool(re.search(rf"\d|\b({words})\b", _NO_NUMBER.sub("", text), re.IGNORECASE))


def can_be_counted(text: str) -> bool:
    """Whether a sentence names several things, or says that there are none.

    >>> [can_be_counted(text) for text in ("Canada, France and Chile agree.", "None of them is.", "Chile agrees.")]
    [True, True, False]
    """
    return bool(_COUNTABLE.search(text))


def gives_date(text: str) -> bool:
    """Whether a sentence has a year."""
    return bool(_YEAR.search(text))
