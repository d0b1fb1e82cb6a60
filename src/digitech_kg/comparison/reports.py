"""What two documents say, or what documents say of two things: the same, other things, or only one of them.

All is read from a book, in English where there is a choice.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from digitech_kg.book import Book, ClaimFilter, ClaimPair, Description
from digitech_kg.claims.labels import choose_text, name_in_words
from digitech_kg.errors import CallError, NotFound
from digitech_kg.namespaces import OWL

#: What opposite claims are to each other.
OPPOSED: Final = ("contradicts", "inTensionWith")
#: What a reader wants to know first comes first.
_KINDS: Final = (*OPPOSED, "differsFrom", "firmerThan", "corroborates")
#: The order of points: differences say more than agreement, and silence says least.
_STATES: Final = ("different", "same", "alone")
_MOST_SUGGESTED: Final = 3
_MOST_LISTED: Final = 12
#: From 0 to 1; below this, names have little more than their prefix in common.
_LIKENESS: Final = 0.75


@dataclass(frozen=True, slots=True)
class Label:
    """What something is called, with the language of the text if it isn't English."""

    iri: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ComparedClaim:
    """A claim for a reader: its sentence, and where which document says it."""

    claim: str
    sentence: Label
    document: str
    document_label: Label
    passages: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two claims of different documents and what the first is to the second; `kind` is its local name."""

    comparison: str
    kind: str
    reason: str
    first: ComparedClaim
    second: ComparedClaim


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of claims there are of each kind."""

    contradicts: int = 0
    in_tension: int = 0
    differs: int = 0
    firmer: int = 0
    corroborates: int = 0


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """Two documents side by side, and how many claims each makes that bear on none of the other."""

    first: Label
    second: Label
    tally: Tally
    only_first: int
    only_second: int
    pairs: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What claims say on one point, by column; `state` is same, different or alone (only one column has claims)."""

    predicate: Label
    is_subject: bool
    state: str
    #: An empty column is silent on the point.
    said: tuple[tuple[ComparedClaim, ...], ...]
    #: Whether documents contradict each other on it, or are in tension.
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class ThingReport:
    """Things side by side, point by point, and what documents disagree on about them."""

    things: tuple[Label, ...]
    points: tuple[Point, ...]
    pairs: tuple[Comparison, ...]
    #: Number of points by state.
    counts: Mapping[str, int] = field(default_factory=dict)
    #: By thing: on how many points documents speak of it alone.
    alone: tuple[int, ...] = ()
    #: On how many points documents contradict each other, or are in tension.
    disputed: int = 0


class _Mention(NamedTuple):
    """What a claim says of a thing: the first two say on which point, the next two what."""

    predicate: str
    is_subject: bool
    other: str
    is_denied: bool
    claim: str


class ComparisonReader:
    """Compares what a book holds."""

    def __init__(self, book: Book) -> None:
        self._book, self._names = book, book.names

    def compare_documents(self, first: str, second: str) -> DocumentReport:
        """Return how the claims of two documents stand to each other. Raises `NotFound`, `CallError` for one alone."""
        names = (self._find_document(first), self._find_document(second))
        if names[0] == names[1]:
            raise CallError("a document can't be compared with itself", hint="Name two documents.")
        homes = self._names.document_of
        found = [pair for pair in self._pairs if {homes(pair.first), homes(pair.second)} == {*names}]
        met = Counter(map(homes, {claim for pair in found for claim in (pair.first, pair.second)}))
        alone = [self._book.count_claims(ClaimFilter(document=name)) - met[name] for name in names]
        kinds = Counter(pair.kind for pair in found)
        tally = Tally(*(kinds[kind] for kind in _KINDS))
        labels = [self._document_label(name) for name in names]
        return DocumentReport(labels[0], labels[1], tally, alone[0], alone[1], self._tell_pairs(found))

    def compare_things(self, first: str, second: str) -> ThingReport:
        """Return what documents say of two things, point by point. Raises `NotFound`, `CallError` for one alone."""
        things = [self._book.find_thing(name) for name in (first, second)]
        if things[0] == things[1]:
            raise CallError("a thing can't be compared with itself", hint="Name two things.")
        mentions, labels = [self._mentions(thing) for thing in things], self._labels(things)
        claims = {mention.claim for column in mentions for mention in column}
        found = [pair for pair in self._pairs if pair.first in claims and pair.second in claims]
        opposed = {claim for pair in found if pair.kind in OPPOSED for claim in (pair.first, pair.second)}
        points = self._points(mentions, claims, opposed)
        return ThingReport(
            tuple(labels[thing] for thing in things),
            points,
            self._tell_pairs(found),
            Counter(point.state for point in points),
            tuple(sum(p.state == "alone" and bool(p.said[place]) for p in points) for place in range(len(things))),
            len({(point.predicate, point.is_subject) for point in points if point.is_disputed}),
        )

    @cached_property
    def _pairs(self) -> list[ClaimPair]:
        order = {kind: place for place, kind in enumerate(_KINDS)}
        return sorted(self._book.comparisons(), key=lambda pair: order.get(pair.kind, len(order)))

    @cached_property
    def _documents(self) -> list[str]:
        """The names of the documents that have claims or passages, sorted."""
        return sorted({group.document for group in self._book.claim_groups} | self._book.documents.keys())

    def _find_document(self, name: str) -> str:
        if name in self._documents:
            return name
        raise NotFound(f"there is no document '{name[:80]}'", hint=suggest(name, self._documents, "document list"))

    def _mentions(self, thing: str) -> list[_Mention]:
        """Return what documents say of a thing, subjects first; sources outside are not among them."""
        found = set()
        for entry in self._book.entries(ClaimFilter(thing=thing)):
            other, rest = entry.object.value if entry.object is not None else "", (entry.put.firm.denied, entry.iri)
            if entry.subject == thing:
                found.add(_Mention(entry.predicate, True, other, *rest))
            if isinstance(entry.object, NamedNode) and other == thing:
                # A symmetric property says the same of both, whichever comes first.
                found.add(_Mention(entry.predicate, entry.predicate in self._symmetric, entry.subject, *rest))
        return sorted(found, key=lambda mention: (mention.predicate, not mention.is_subject, mention.claim))

    @cached_property
    def _symmetric(self) -> set[str]:
        return {prop for prop, _ in self._book.instances(OWL.SymmetricProperty)}

    def _points(self, mentions: Sequence[Sequence[_Mention]], claims: set[str], opposed: set[str]) -> tuple[Point, ...]:
        """Return columns of mentions point by point, what is disputed first."""
        said = self._tell_claims(claims)
        labels = self._labels(mention.predicate for column in mentions for mention in column)
        points = [
            Point(
                labels[predicate],
                is_subject,
                state,
                tuple(tuple(said[mention.claim] for mention in column) for column in columns),
                any(mention.claim in opposed for column in columns for mention in column),
            )
            for predicate, is_subject, state, columns in _by_point(mentions)
        ]
        order = lambda p: (not p.is_disputed, _STATES.index(p.state), p.predicate.text, not p.is_subject)  # noqa: E731
        return tuple(sorted(points, key=order))

    def _tell_pairs(self, pairs: Sequence[ClaimPair]) -> tuple[Comparison, ...]:
        """Return pairs with what their claims say, and with their reasons."""
        claims = self._tell_claims(claim for pair in pairs for claim in (pair.first, pair.second))
        told = self._book.describe(pair.iri for pair in pairs)
        reasons = {iri: description.sentences.get("en", "") for iri, description in told.items()}
        return tuple(
            Comparison(pair.iri, pair.kind, reasons.get(pair.iri, ""), claims[pair.first], claims[pair.second])
            for pair in pairs
        )

    def _tell_claims(self, claims: Iterable[str]) -> dict[str, ComparedClaim]:
        wanted = sorted(set(claims))
        entries = self._book.find_entries(wanted)
        passages = {claim: entries[claim].passages if claim in entries else () for claim in wanted}
        called = self._labels([*wanted, *(passage for found in passages.values() for passage in found)])
        told = {}
        for claim, found in passages.items():
            document, places = self._names.document_of(claim) or "", tuple(called[passage] for passage in found)
            told[claim] = ComparedClaim(claim, called[claim], document, self._document_label(document), places)
        return told

    def _document_label(self, document: str) -> Label:
        """Return the title of a document, or its name."""
        return self._titles.get(document) or Label(self._names.thing(document).value, document)

    @cached_property
    def _titles(self) -> dict[str, Label]:
        """What the documents that have a title are called, by their names."""
        things = {name: self._names.thing(name).value for name in self._documents}
        called = self._labels(things.values())
        return {name: called[iri] for name, iri in things.items() if called[iri].text != name_in_words(iri)}

    def _labels(self, iris: Iterable[str]) -> dict[str, Label]:
        wanted = set(iris)
        found = self._book.describe(wanted)
        return {iri: _label(iri, found.get(iri)) for iri in wanted}


def _label(iri: str, found: Description | None) -> Label:
    texts = (found.labels or found.titles or found.sentences) if found is not None else {}
    language, text = choose_text(texts, ["en"]) or ("en", name_in_words(iri))
    return Label(iri, text, language if language != "en" else "")


def _by_point(mentions: Sequence[Sequence[_Mention]]) -> Iterator[tuple[str, bool, str, list[list[_Mention]]]]:
    """Yield what columns say by point: what is the same in all of them, then what is not."""
    for point in sorted({mention[:2] for column in mentions for mention in column}):
        columns = [[each for each in column if each[:2] == point] for column in mentions]
        shared = set.intersection(*({mention[2:4] for mention in column} for column in columns))
        if shared:
            yield *point, "same", [[each for each in column if each[2:4] in shared] for column in columns]
            columns = [[each for each in column if each[2:4] not in shared] for column in columns]
        if any(columns):
            yield *point, "different" if all(columns) else "alone", columns


def suggest(name: str, known: Iterable[str], command: str) -> str:
    """Return which names may have been meant: those that are spelt alike, else all, or the command that lists them."""
    names = sorted(known)
    if close := difflib.get_close_matches(name, names, n=_MOST_SUGGESTED, cutoff=_LIKENESS):
        return f"Did you mean: {', '.join(close)}?"
    if names and len(names) <= _MOST_LISTED:
        return f"There are: {', '.join(names)}."
    return f"See which there are with: digitech-kg {command}"
