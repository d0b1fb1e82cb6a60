"""Words of questions in plain form: common words, and words that tell what is asked for.

`question_words.toml` has them, and `common_words.txt` those that stand in any question.
"""

import re
import tomllib
from importlib.resources import files
from typing import Final

from digitech_kg.matching.spelling import plain

_FILES: Final = files("digitech_kg.matching")
_TABLES: Final = tomllib.loads(_FILES.joinpath("question_words.toml").read_text(encoding="utf-8"))
#: By what a question asks for, or what its words do, the words and phrases.
WORDS: Final = {what: frozenset(words) for what, words in _TABLES["words"].items()}
PATTERNS: Final = {what: re.compile("|".join(parts)) for what, parts in _TABLES["patterns"].items()}
_NUMBERS_IN_WORDS: Final = {tag: "|".join(parts) for tag, parts in _TABLES["numbers"].items()}
FILLERS: Final = WORDS["fillers"] | WORDS["publishing"]
SAYING: Final = WORDS["saying"]
#: Words that stand in any question. They count only for so much as others do.
_LINES: Final = _FILES.joinpath("common_words.txt").read_text(encoding="utf-8").splitlines()
COMMON: Final = FILLERS.union(word for line in _LINES if not line.startswith("#") for word in line.split())


def parts_of_question(text: str) -> list[str]:
    """Return the parts of a text each of which asks something: one if it asks one thing.

    >>> parts_of_question("who wrote it in Oslo, and who paid")
    ['who wrote it in Oslo  ', ' who paid']
    """
    found = list[str]()
    for part in PATTERNS["between_parts"].split(text):
        words = plain(part).split()
        has_asking = not WORDS["asking"].isdisjoint(words) or PATTERNS["asking_in_chinese"].search(part)
        if found and (not has_asking or COMMON.issuperset(words)):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


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
    return bool(re.search(rf"\d|\b({words})\b", PATTERNS["no_number"].sub("", text), re.IGNORECASE))


def can_be_counted(text: str) -> bool:
    """Whether a sentence names several things, or says that there are none.

    >>> [can_be_counted(text) for text in ("Canada, France and Chile agree.", "None of them is.", "Chile agrees.")]
    [True, True, False]
    """
    return bool(PATTERNS["countable"].search(text))


def gives_date(text: str) -> bool:
    """Whether a sentence has a year."""
    return bool(PATTERNS["year"].search(text))
