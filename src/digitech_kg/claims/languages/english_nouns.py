"""How English noun phrases are built, judged by their form: several things or one, known or not, with an article."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PLURAL_NOUNS: Final = {"children", "criteria", "media", "men", "people", "phenomena", "police", "women"}
_PARTICIPLES: Final = {"developing", "emerging", "existing", "expanding", "growing", "leading", "remaining", "rising"}
_SINGULAR_ENDINGS: Final = ("ics", "is", "news", "series", "species", "ss", "us")
_PLURAL_ICS: Final = {"clinics", "critics", "fabrics", "metrics", "statistics", "topics"}
#: The noun before the first of these decides for the whole phrase.
_AFTER_NOUN: Final = re.compile(
    r"[,(:]| (?:about|against|among|around|as|at|behind|between|beyond|by|during|for|from|in|inside|into|made|of|on|or|"
    r"other than|outside|over|than|that|to|towards|under|when|where|whether|which|who|whose|with|within|without)\b"
)
_QUANTIFIED: Final = re.compile(
    r"(?:few|many|much|some|several|most|all|(?:about |at least |at most )?"
    r"(?:[\d,.]+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))(?: \([\w,.]+\))?(?: of)? "
)
_KNOWN: Final = re.compile(r"(?:the|this|that|these|those|its|their|his|her|our)\b|\S+(?:'s|’s|s'|s’) ", re.IGNORECASE)
_DETERMINED: Final = re.compile(
    r"(?:an?|another|any|each|every|few|all|many|most|much|no|other|several|some|what|how|\d\S*)\b", re.IGNORECASE
)
_POSSESSIVE: Final = re.compile(r"\S(?:'s|’s|s'|s’)(?: |$)")
_RANKED: Final = re.compile(
    r"(?:first|second|last|next|only|main|foremost|largest|biggest|smallest|highest|lowest|greatest|"
    r"newest|latest|earliest|oldest|best|worst) \w"
)
#: What makes a singular noun a certain one: "growth of trade", "restriction or exclusion of firms", "belief that …".
_CERTAIN: Final = re.compile(r"(?: or (?:\w+ )?\w+)? (?:of|that)\b")


@lru_cache(maxsize=4096)
def is_plural(noun: str) -> bool:
    """Whether a noun phrase takes a plural verb, judged by its form.

    >>> [is_plural(noun) for noun in ("companies listed in the table", "United States", "Chinese politics")]
    [True, False, False]
    """
    found = _QUANTIFIED.match(noun)
    bare = noun[found.end() if found else 0 :].removeprefix("the ")
    words = _head(bare)
    if not words or _is_gerund(words) or noun.startswith("“"):
        return False
    if words[0].lower() in ("those", "these", "they"):
        return True
    if _is_name(words):
        return found is not None and _is_plural_noun(words[-1].lower())
    return any(_is_plural_noun(word) and _ends_noun(after) for word, after in zip(words, [*words[1:], ""], strict=True))


def is_known(noun: str) -> bool:
    """Whether a noun phrase names something known already: "the companies", "China's plan"."""
    return _KNOWN.match(noun) is not None


@lru_cache(maxsize=4096)
def takes_article(label: str, counted: frozenset[str], institutions: frozenset[str]) -> bool:
    """Whether "the" has to stand before a label in a sentence.

    It does before one thing of a kind, which its noun shows (one that is counted, or that "of" or "that" follows),
    before what is ranked, and before the names of institutions.
    """
    words = _head(label)
    if not words or is_known(label) or _DETERMINED.match(label):
        return False
    if _is_name(words):
        return words[-1] in institutions
    if _RANKED.match(label):
        return True
    if _is_gerund(words) or is_plural(label) or _POSSESSIVE.search(" ".join(words)):
        return False
    return words[-1].lower() in counted or _CERTAIN.match(label, len(" ".join(words))) is not None


def _head(noun: str) -> list[str]:
    """Return the words of a phrase up to its noun."""
    return _AFTER_NOUN.split(noun)[0].split()


def _is_name(words: list[str]) -> bool:
    return all(word[:1].isupper() or word[:1].isdigit() or word in ("and", "&", "-") for word in words)


def _is_gerund(words: list[str]) -> bool:
    """Whether a phrase names an act: "promoting joint interests", not "gaming apps"."""
    if len(words) < 3 or not words[0].endswith("ing"):
        return False
    return words[0].lower() not in _PARTICIPLES and not _is_plural_noun(words[1])


def _ends_noun(following: str) -> bool:
    """Whether the word after a noun is none that the noun describes: "companies operating", but "services tax"."""
    return following in ("", "also", "and", "other") or following.endswith(("ing", "ed"))


def _is_plural_noun(word: str) -> bool:
    if word in _PLURAL_NOUNS | _PLURAL_ICS:
        return True
    return word.endswith("s") and not word.endswith((*_SINGULAR_ENDINGS, "'s", "’s"))
