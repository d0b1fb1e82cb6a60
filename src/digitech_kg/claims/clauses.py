"""Sentence patterns: how a predicate is said in a language.

A pattern has `{subject}`, `{object}` and, in square brackets, the verb as it affirms and as it denies:
`{subject} [leads|does not lead] {object}`. Adverbs, "will" and "should" go where the brackets are, so only the verb
stands in them. `{when}` in place of `{object}` says a time with its preposition ("in spring 2021"). `{degree}` may
stand before a quality: "is {degree} {object}" gives "is less open than …".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DK

_PATTERN = re.compile(r"(?P<before>[^\[\]|]*)\[(?P<affirmed>[^\[\]|]+)\|(?P<denied>[^\[\]|]+)\](?P<after>[^\[\]|]*)")
_PLACE = re.compile(r"\{(\w+)\}( ?)")
_PLACES = ({"subject", "object"}, {"subject", "when"})


@dataclass(frozen=True, slots=True)
class Clause:
    """What a claim says without its reserves, taken apart at the verb. Without a verb it is a name and a value."""

    before: str
    affirmed: str
    denied: str
    after: str

    @property
    def takes_object(self) -> bool:
        """Whether the object directly follows the verb; an adverb then comes before the verb."""
        return self.after.lstrip().startswith("{")

    @property
    def has_degree(self) -> bool:
        """Whether the pattern says where a degree goes."""
        return "{degree}" in self.before + self.after

    def fill(self, **texts: str) -> Clause:
        """Return the clause with the places filled: `subject`, `object`, `when` and `degree`."""

        def put(match: re.Match[str]) -> str:
            text = texts[match[1]]
            return text + match[2] if text else ""

        return replace(self, before=_PLACE.sub(put, self.before), after=_PLACE.sub(put, self.after))


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> Clause | None:
    """Return the clause of a pattern; None if it has no verb in brackets, or unknown places.

    >>> parse_pattern("{subject} [leads|does not lead] {object}").denied
    'does not lead'
    >>> parse_pattern("{subject} leads {thing}") is None
    True
    """
    match = _PATTERN.fullmatch(text.strip())
    places = [name for name, _ in _PLACE.findall(text)]
    needed = set(places) - {"degree"}
    if match is None or needed not in _PLACES or len(places) != len(set(places)):
        return None
    return Clause(*(part.strip() for part in match.groups()))


class SentencePatterns:
    """The patterns of predicates, by language."""

    def __init__(self, patterns: dict[tuple[NamedNode, str], Clause]) -> None:
        self._patterns = patterns

    def find(self, predicate: NamedNode, language: str) -> Clause | None:
        """Return the pattern of a predicate in a language, or in the language without its region; None if none."""
        found = self._patterns.get((predicate, language.lower()))
        return found or self._patterns.get((predicate, language.partition("-")[0].lower()))


def read_sentence_patterns(quads: Iterable[Quad]) -> SentencePatterns:
    """Return the patterns (`dk:sentencePattern`) among quads; those that are none are left out."""
    found: dict[tuple[NamedNode, str], Clause] = {}
    for quad in quads:
        if quad.predicate == DK.sentencePattern and isinstance(quad.object, Literal):
            clause = parse_pattern(quad.object.value)
            if clause is not None and isinstance(quad.subject, NamedNode):
                found[quad.subject, quad.object.language or ""] = clause
    return SentencePatterns(found)
