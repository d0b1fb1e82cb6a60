"""Claims in English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.languages.language import Language, Manner, join
from digitech_kg.namespaces import DK

_BE = {"is", "are", "was", "were"}
_DO = {"do", "does", "did"}
_MODALS = {"can", "could", "may", "might", "must", "shall", "should", "will", "would"}
_BASES = {
    "is": "be",
    "was": "be",
    "has": "have",
    "does": "do",
    "goes": "go",
    "dies": "die",
    "lies": "lie",
    "ties": "tie",
}
_PLURALS = {"did": "did", "is": "are", "took": "took", "was": "were"}
_PLURAL_NOUNS = {"children", "criteria", "men", "people", "phenomena", "police", "women"}
_PARTICIPLES = {"developing", "emerging", "existing", "expanding", "growing", "leading", "remaining", "rising"}
_SINGULAR_ENDINGS = ("ics", "is", "news", "series", "species", "ss", "us")
_PLURAL_ICS = {"clinics", "critics", "fabrics", "metrics", "statistics", "topics"}
#: The noun before the first of these decides for the whole phrase.
_AFTER_NOUN = re.compile(
    r"[,(:]| (?:about|against|among|around|as|at|between|by|for|from|in|of|on|over|than|that|to|under|which|who|with)\b"
)
_QUANTIFIED = re.compile(r"(?:few|many|much|some|several|most|all|\d+)(?: \(\d+\))?(?: of)? ")
_KNOWN = re.compile(r"(?:the|these|those|its|their)\b|\S+(?:'s|s') ", re.IGNORECASE)


class _Verb(NamedTuple):
    """`does` `not` `lead`; `has` `ventured`; `leads`."""

    auxiliary: str
    negation: str
    main: str


class English(Language):
    """English, in British spelling."""

    tag = "en"
    locale = "en_GB"

    def say(self, clause: Clause, manner: Manner) -> str:
        """Put adverbs before the verb or after its auxiliary; "heavily" after a verb without a direct object."""
        if not clause.affirmed:
            return self.name(clause, manner)
        auxiliary, negation, main = _inflect(clause, manner)
        adverbs = " ".join(manner.adverbs)
        if auxiliary in _DO:
            opening = join(adverbs, auxiliary, negation)
        else:
            opening = join(auxiliary, adverbs, negation).replace("can not", "cannot")
        degree = self.words.degrees.get(manner.degree, "") if manner.degree else ""
        if manner.degree == DK.partly:
            return join(clause.before, opening, degree, main, clause.after)
        if manner.degree and degree and (manner.takes_object or main in ("", "has", "have")):
            return join(clause.before, opening, main, clause.after, self.words.extents.get(manner.degree, degree))
        return join(clause.before, opening, main, degree, clause.after)

    def quantifier(self, noun: str, quantifier: NamedNode) -> str:
        """Say "much" of what is not counted."""
        frame = super().quantifier(noun, quantifier)
        return frame if is_plural(noun) else frame.replace("many ", "much ")

    def go_on(self, clause: Clause, manner: Manner) -> str | None:
        auxiliary, negation, main = _inflect(clause, manner)
        have = "have" if manner.plural or is_plural(clause.before) else "has"
        if auxiliary in ("is", "are"):
            return f"and {join(have, negation, 'been so')}"
        if auxiliary in ("", "do", "does"):
            return f"and {join(have, negation, 'had this' if main in ('has', 'have') else 'done so')}"
        return None

    def attribute(self, holders: str, saying: str) -> str:
        verb, _, rest = saying.partition(" ")
        return join(holders, _plural(verb) if is_plural(holders) or " and " in holders else verb, rest)

    def is_known(self, noun: str) -> bool:
        return _KNOWN.match(noun) is not None


@lru_cache(maxsize=4096)
def is_plural(noun: str) -> bool:
    """Whether a noun phrase takes a plural verb, judged by its form.

    >>> [is_plural(noun) for noun in ("companies listed in the table", "United States", "Chinese politics")]
    [True, False, False]
    """
    bare = _QUANTIFIED.sub("", noun)
    words = _AFTER_NOUN.split(bare)[0].split()
    if not words or _is_gerund(words):
        return False
    if words[0].lower() == "those":
        return True
    if all(word[:1].isupper() or word[:1].isdigit() for word in words):
        return bare != noun and _is_plural_noun(words[-1].lower())
    return any(_is_plural_noun(word) and _ends_noun(after) for word, after in zip(words, [*words[1:], ""], strict=True))


def _is_gerund(words: list[str]) -> bool:
    """Whether a phrase names an act: "promoting joint interests", not "gaming apps"."""
    if len(words) < 3 or not words[0].endswith("ing"):
        return False
    return words[0].lower() not in _PARTICIPLES and not _is_plural_noun(words[1])


def _ends_noun(following: str) -> bool:
    """Whether the word after a noun is none that the noun describes: "companies operating", but "services tax"."""
    return following in ("", "also", "other") or following.endswith(("ing", "ed"))


def _is_plural_noun(word: str) -> bool:
    if word in _PLURAL_NOUNS | _PLURAL_ICS:
        return True
    return word.endswith("s") and not word.endswith((*_SINGULAR_ENDINGS, "'s"))


def _base(verb: str) -> str:
    """Return the base of a verb in the third person: "lead" for "leads"."""
    if verb in _BASES:
        return _BASES[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb.removesuffix("s")


def _plural(verb: str) -> str:
    return _PLURALS.get(verb, _base(verb))


def _inflect(clause: Clause, manner: Manner) -> _Verb:
    """Return the verb for its subject, with "will" or "should" if the manner has one."""
    auxiliary, negation, main = _take_apart(clause.denied if manner.denied else clause.affirmed)
    first, _, rest = main.partition(" ")
    if manner.modal:
        if not auxiliary or auxiliary in _DO:
            return _Verb(manner.modal, negation, join(_base(first), rest))
        if auxiliary in _MODALS:
            able = {"can": "be able to", "must": "have to"}.get(auxiliary)
            return _Verb(manner.modal, negation, join(able, main)) if able else _Verb(auxiliary, negation, main)
        return _Verb(manner.modal, negation, join(_base(auxiliary), main))
    if manner.plural or is_plural(clause.before):
        if auxiliary:
            return _Verb(auxiliary if auxiliary in _MODALS else _plural(auxiliary), negation, main)
        return _Verb("", negation, join(_plural(first), rest))
    return _Verb(auxiliary, negation, main)


def _take_apart(verb: str) -> _Verb:
    words = verb.replace("cannot", "can not").split()
    if "not" in words:
        place = words.index("not")
        return _Verb(" ".join(words[:place]), "not", " ".join(words[place + 1 :]))
    if words[0] in _BE | _MODALS or (words[0] == "has" and len(words) > 1):
        return _Verb(words[0], "", " ".join(words[1:]))
    return _Verb("", "", verb)
