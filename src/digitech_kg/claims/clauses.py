"""Sentence patterns: how a predicate is said in a language.

A pattern has `{subject}`, `{object}` and, in square brackets, the verb as it affirms and as it denies:
`{subject} [leads|does not lead] {object}`. Adverbs, "will" and "should" go where the brackets are, so only the verb
stands in them. In place of `{object}`, `{when}` says a time with its preposition ("in spring 2021"), `{name}` a thing
as its label has it ("a kind of {name}"), and `{members}` those whom the object consists of ("among {members}": "among
the companies"). A degree has a place of its own before a quality ("is {degree} {object}"), before a noun ("a {great}
risk") or after a verb that says how something stands ("is {largely} part of"). A word that singles the object out
stands before it and its preposition unless `{focus}` gives it another place ("henger {focus} sammen med {object}").

A value that makes a clause by itself has a pattern without `{object}`, which wins over that of the predicate:
`{subject} [is|is not] owned by the state`. What somebody does has one with `{doer}`, which is used where a claim says
who does it: `{doer} [signs|does not sign] the order`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DK

_PATTERN: Final = re.compile(
    r"(?P<before>[^\[\]|]*)\[(?P<affirmed>[^\[\]|]+)\|(?P<denied>[^\[\]|]+)\](?P<after>[^\[\]|]*)"
)
_PLACE: Final = re.compile(r"\{(\w+)\}( ?)")
_OBJECTS: Final = ("object", "when", "name", "kind", "goods", "members")
#: Where the doer of a deed stands.
_DOER: Final = "{doer}"
#: Places of what the claim says beside subject and object: how much an owner has, for whom alone it holds, and what
#: singles the object out.
_BESIDE: Final = ("share", "group", "focus")
#: Places of a degree.
_DEGREES: Final = ("degree", "great", "largely")
_CURRENCY: Final = re.compile(r"(?:\b[A-Z]{3} |[$€£¥])(?=\{object\})")
#: Where a word stands that singles the object out: before its preposition, if it has one.
_SINGLED_OUT: Final = re.compile(
    r"(?:(?<!\w)(?:about|against|among|as|at|behind|by|for|from|in|of|on|over|through|to|with|"
    r"av|blant|bak|fra|i|innen|med|mot|om|over|på|til|ved) )?(?=[“«]?\{(?:object|goods|name|members)\})"
)
#: "a the greatest risk"; "en størst risiko" is mended likewise.
_TWO_ARTICLES: Final = re.compile(r"\ban? (?=the )")
#: A noun that stands before the object already: "concern about {object}".
_ANNOUNCED: Final = re.compile(r"(\w+) \w+ \{object\}")


@dataclass(frozen=True, slots=True)
class Clause:
    """What a claim says without its reserves, taken apart at the verb. Without a verb it is a name and a value."""

    before: str
    affirmed: str
    denied: str
    after: str
    #: Whether it says what somebody does: who does it is then its subject, and it has no place for an object.
    is_deed: bool = False

    @property
    def takes_object(self) -> bool:
        """Whether the object directly follows the verb; an adverb then comes before the verb."""
        return self.is_deed or self.after.lstrip().startswith("{")

    @property
    def degree_place(self) -> str | None:
        """The place that the pattern has for a degree: "degree", "great" or "largely"."""
        return next((name for name in _DEGREES if f"{{{name}}}" in self.before + self.after), None)

    @property
    def is_of_value(self) -> bool:
        """Whether it has no place for the object: it is that of a value."""
        return not any(f"{{{name}}}" in self.before + self.after for name in _OBJECTS)

    @property
    def says_when(self) -> bool:
        """Whether it tells when something is."""
        return "{when}" in self.after

    @property
    def measures_object(self) -> bool:
        """Whether a degree stands right before the object, which then is a quality: "is {degree} {object}"."""
        return "{degree} {object}" in self.after

    @property
    def names_group(self) -> bool:
        """Whether it has a place for those to whom the claim is limited: "forbids {group} {object}"."""
        return "{group}" in self.after

    def done_by_object(self) -> Clause:
        """Return the clause of a deed with its doer in the place of the object."""
        return replace(self, before=self.before.replace("{subject}", "{object}"))

    def single_out(self, word: str) -> Clause:
        """Return the clause with a word that singles the object out: "caters mainly to {object}"."""

        def put(match: re.Match[str]) -> str:
            return f"{word} {match[0]}"

        if "{focus}" in self.after:
            return replace(self, after=self.after.replace("{focus}", word))
        return replace(self, before=_SINGLED_OUT.sub(put, self.before, 1), after=_SINGLED_OUT.sub(put, self.after, 1))

    def take_currency(self) -> tuple[str, Clause]:
        """Return the currency that stands before the object, and the clause without it: "NOK ", "€"."""
        found = _CURRENCY.search(self.after)
        return (found[0], replace(self, after=_CURRENCY.sub("", self.after))) if found else ("", self)

    def fill(self, **texts: str) -> Clause:
        """Return the clause with the places filled.

        A noun is said once: "concern about {object}" with "concern for safety" gives "concern for safety".
        """

        def put(match: re.Match[str]) -> str:
            text = texts.get(match[1], "")
            return text + match[2] if text else ""

        announced = _ANNOUNCED.search(self.after)
        repeats = announced and texts.get("object", "").startswith(f"{announced[1]} ")
        after = _ANNOUNCED.sub("{object}", self.after) if repeats else self.after
        filled = _TWO_ARTICLES.sub("", _PLACE.sub(put, after).rstrip()).replace("en størst ", "den største ")
        return replace(self, before=_PLACE.sub(put, self.before), after=filled)


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> Clause | None:
    """Return the clause of a pattern; None if it has no verb in brackets, or unknown places.

    Without a place for the object it is the pattern of a value, and with one for a doer that of a deed.

    >>> parse_pattern("{subject} [leads|does not lead] {object}").denied
    'does not lead'
    >>> parse_pattern("{subject} leads {thing}") is None
    True
    """
    is_deed = text.count(_DOER) == 1
    text = text.replace(_DOER, "{subject}") if is_deed else text
    match = _PATTERN.fullmatch(text.strip())
    places = [name for name, _ in _PLACE.findall(text) if name not in _BESIDE]
    needed = [name for name in places if name not in _DEGREES]
    if match is None or needed.count("subject") != 1 or len(needed) > 2 or not {*needed} <= {"subject", *_OBJECTS}:
        return None
    if len(places) - len(needed) > 1 or (is_deed and len(needed) > 1):
        return None
    before, affirmed, denied, after = (part.strip() for part in match.groups())
    return Clause(before, affirmed, denied, after, is_deed)


class SentencePatterns:
    """The patterns of predicates, values and deeds, by language."""

    def __init__(self, patterns: Mapping[tuple[NamedNode, str], Clause]) -> None:
        self._patterns = patterns

    def find(self, term: Any, language: str) -> Clause | None:
        """Return the pattern of a term in a language, or in the language without its region; None if there is none."""
        found = self._find(term, language)
        return found if found and not found.is_deed else None

    def find_deed(self, term: Any, language: str) -> Clause | None:
        """Return how a language says that somebody does a thing; None if the thing has no such pattern."""
        found = self._find(term, language)
        return found if found and found.is_deed else None

    def with_those_of(self, quads: Iterable[Quad]) -> SentencePatterns:
        """Return these patterns with those among quads."""
        return SentencePatterns({**self._patterns, **_read(quads)})

    def _find(self, term: Any, language: str) -> Clause | None:
        found = self._patterns.get((term, language.lower()))
        return found or self._patterns.get((term, language.partition("-")[0].lower()))


def read_sentence_patterns(quads: Iterable[Quad]) -> SentencePatterns:
    """Return the patterns (`dk:sentencePattern`) among quads; those that are none are left out."""
    return SentencePatterns(_read(quads))


def _read(quads: Iterable[Quad]) -> dict[tuple[NamedNode, str], Clause]:
    found: dict[tuple[NamedNode, str], Clause] = {}
    for quad in quads:
        if quad.predicate == DK.sentencePattern and isinstance(quad.object, Literal):
            clause = parse_pattern(quad.object.value)
            if clause is not None and isinstance(quad.subject, NamedNode):
                found[quad.subject, quad.object.language or ""] = clause
    return found
