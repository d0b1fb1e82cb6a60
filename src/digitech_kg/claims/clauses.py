"""Sentence patterns: how a language expresses a predicate.

A pattern has `{subject}`, `{object}` and, in square brackets, the verb as it affirms and as it denies:
`{subject} [leads|does not lead] {object}`. Adverbs, "will" and "should" go where the brackets are, so only the verb
stands in them. A predicate may have several: `{object:Agent}` asks for an agent, `{group}` and `{share}` for what a
claim tells besides. The pattern of a value has no `{object}`, and that of a deed has `{doer}`: see `docs/claims.md`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DK, RDF, RDFS

_PATTERN: Final = re.compile(
    r"(?P<before>[^\[\]|]*)\[(?P<affirmed>[^\[\]|]+)\|(?P<denied>[^\[\]|]+)\](?P<after>[^\[\]|]*)"
)
_PLACE: Final = re.compile(r"\{(\w+)\}( ?)")
#: A place with the kind that its thing has to be of.
_OF_KIND: Final = re.compile(r"\{(subject|object|members):(\w+)\}")
_OBJECTS: Final = ("object", "when", "name", "goods", "members")
#: Where the doer of a deed stands.
_DOER: Final = "{doer}"
#: Places of what the claim says beside subject and object.
_BESIDE: Final = {"share": DK.ownershipShare, "group": DK.limitedToGroup}
#: Places of a degree.
_DEGREES: Final = ("degree", "great", "largely")
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
    #: The classes that subject or object must have, by name: ("object", "Agent").
    kinds: tuple[tuple[str, str], ...] = ()

    @property
    def verb(self) -> str:
        """The first word of the verb."""
        return self.affirmed.partition(" ")[0]

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
    def measures_object(self) -> bool:
        """Whether a degree stands right before the object, which then is a quality: "is {degree} {object}"."""
        return "{degree} {object}" in self.after

    @property
    def beside(self) -> list[NamedNode]:
        """The properties for whose values it has a place: "bars {group} from {object}"."""
        return [prop for name, prop in _BESIDE.items() if f"{{{name}}}" in self.after]

    def single_out(self, word: str) -> "Clause":
        """Return the clause with a word that singles the object out: "caters mainly to {object}"."""

        def put(match: re.Match[str]) -> str:
            return f"{word} {match[0]}"

        return replace(self, before=_SINGLED_OUT.sub(put, self.before, 1), after=_SINGLED_OUT.sub(put, self.after, 1))

    def fill(self, **texts: str) -> "Clause":
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
    kinds, is_deed = tuple(_OF_KIND.findall(text)), text.count(_DOER) == 1
    text = _OF_KIND.sub(r"{\1}", text)
    text = text.replace(_DOER, "{subject}") if is_deed else text
    match = _PATTERN.fullmatch(text.strip())
    places = [name for name, _ in _PLACE.findall(text) if name not in _BESIDE]
    needed = [name for name in places if name not in _DEGREES]
    if match is None or needed.count("subject") != 1 or len(needed) > 2 or not {*needed} <= {"subject", *_OBJECTS}:
        return None
    if len(places) - len(needed) > 1 or (is_deed and len(needed) > 1):
        return None
    before, affirmed, denied, after = (part.strip() for part in match.groups())
    return Clause(before, affirmed, denied, after, is_deed, kinds)


@dataclass(frozen=True, eq=False)
class SentencePatterns:
    """The patterns of predicates, values and deeds, by language, and the kinds of things that patterns ask for."""

    _patterns: Mapping[tuple[Any, str], Sequence[Clause]] = field(default_factory=dict)
    _kinds: Mapping[Any, frozenset[Any]] = field(default_factory=dict)

    def find(self, term: Any, language: str) -> Sequence[Clause]:
        """Return the patterns of a term in a language, or in the language without its region."""
        found = self._patterns.get((term, language.lower()))
        return found or self._patterns.get((term, language.partition("-")[0].lower()), ())

    def is_of(self, thing: Any, kind: NamedNode) -> bool:
        """Whether a thing belongs to a class, or to one below it."""
        above = reached = self._kinds.get(thing, frozenset())
        while above:
            above = frozenset[Any]().union(*(self._kinds.get(each, ()) for each in above)) - reached
            reached |= above
        return kind in reached

    def with_those_of(self, quads: Iterable[Quad]) -> "SentencePatterns":
        """Return these patterns with those among quads (`dk:sentencePattern`); what is no pattern is left out."""
        patterns: dict[tuple[Any, str], list[Clause]] = defaultdict(list)
        kinds: dict[Any, frozenset[Any]] = defaultdict(frozenset, self._kinds)
        for quad in quads:
            if quad.predicate in (RDF.type, RDFS.subClassOf):
                kinds[quad.subject] |= {quad.object}
            said = quad.object if quad.predicate == DK.sentencePattern else None
            if isinstance(said, Literal) and (clause := parse_pattern(said.value)):
                patterns[quad.subject, said.language or ""].append(clause)
        return SentencePatterns({**self._patterns, **patterns}, dict(kinds))


def read_sentence_patterns(quads: Iterable[Quad]) -> SentencePatterns:
    return SentencePatterns().with_those_of(quads)
