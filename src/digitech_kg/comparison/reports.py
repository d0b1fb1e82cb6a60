"""What two documents, two things, or documents on one thing say: the same, other things, or only one of them.

All is read from a book, in the language of one reader.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.book import Book, ClaimFilter, ClaimPair, Description
from digitech_kg.claims.labels import choose_text
from digitech_kg.comparison.reasons import LANGUAGES
from digitech_kg.errors import CallError, NotFound
from digitech_kg.namespaces import OWL

#: Contradictions first: what a reader wants to know first.
#: What opposite claims are to each other.
OPPOSED: Final = ("contradicts", "inTensionWith")
_KINDS: Final = (*OPPOSED, "differsFrom", "firmerThan", "corroborates")
ORDER: Final = {kind: place for place, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Label:
    """What something is called, with the language of the text where it is not the reader's."""

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
class Mention:
    """A claim about a thing: what it relates it to, and whether the thing is its subject."""

    claim: str
    predicate: str
    other: str
    is_subject: bool
    negated: bool

    @property
    def point(self) -> tuple[str, bool]:
        """What it is about: claims with the same point can be put side by side."""
        return self.predicate, self.is_subject

    @property
    def answer(self) -> tuple[str, bool]:
        """What it says on the point."""
        return self.other, self.negated


class ComparisonReader:
    """Reads for one reader, in one language."""

    def __init__(self, book: Book, language: str = "en") -> None:
        self.book = book
        self.names = book.names
        self.language = language

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents that have claims or passages, sorted."""
        return tuple(sorted({group.document for group in self.book.claim_groups} | self.book.documents.keys()))

    @cached_property
    def comparisons(self) -> tuple[ClaimPair, ...]:
        """All comparisons as the book has them, contradictions first, sorted."""
        return tuple(sorted(self.book.comparisons(), key=lambda one: ORDER.get(one.kind, len(ORDER))))

    def about(self, thing: str) -> list[Mention]:
        """Return the claims of documents about a thing, sorted; those of sources outside are not among them."""
        found = set()
        for entry in self.book.entries(ClaimFilter(thing=thing)):
            other = entry.object.value if entry.object is not None else ""
            if entry.subject == thing:
                found.add(Mention(entry.iri, entry.predicate, other, is_subject=True, negated=entry.put.firm.denied))
            if isinstance(entry.object, NamedNode) and other == thing:
                # A symmetric property says the same of both, whichever comes first.
                as_subject, denied = entry.predicate in self._symmetric, entry.put.firm.denied
                found.add(Mention(entry.iri, entry.predicate, entry.subject, as_subject, denied))
        return sorted(found, key=lambda mention: (mention.predicate, not mention.is_subject, mention.claim))

    def labels(self, iris: Iterable[str]) -> dict[str, Label]:
        """Return what things and claims are called, by IRI."""
        wanted = set(iris)
        found = self.book.describe(wanted)
        return {iri: self._label(iri, found.get(iri)) for iri in wanted}

    def read_claims(self, claims: Iterable[str]) -> dict[str, ComparedClaim]:
        """Return claims for a reader, by IRI."""
        wanted = sorted(set(claims))
        entries = self.book.find_entries(wanted)
        passages = {claim: entries[claim].passages if claim in entries else () for claim in wanted}
        called = self.labels([*wanted, *(passage for found in passages.values() for passage in found)])
        told = {}
        for claim, found in passages.items():
            document = self.names.document_of(claim) or ""
            places = tuple(called[passage] for passage in found)
            told[claim] = ComparedClaim(claim, called[claim], document, self.document_label(document), places)
        return told

    def read_pairs(self, found: Sequence[ClaimPair]) -> tuple[Comparison, ...]:
        """Return comparisons with what their claims say, and with their reasons."""
        claims = self.read_claims(claim for one in found for claim in (one.first, one.second))
        language = self.language if self.language in LANGUAGES else LANGUAGES[0]
        told = self.book.describe(one.iri for one in found)
        reasons = {iri: description.sentences.get(language, "") for iri, description in told.items()}
        return tuple(
            Comparison(one.iri, one.kind, reasons.get(one.iri, ""), claims[one.first], claims[one.second])
            for one in found
        )

    def document_label(self, document: str) -> Label:
        """Return the title of a document, or its name."""
        return self._titles.get(document) or Label(self.names.thing(document).value, document)

    @cached_property
    def _titles(self) -> dict[str, Label]:
        """What the documents that have a title are called, by their names."""
        things = {name: self.names.thing(name).value for name in self.documents}
        called = self.labels(things.values())
        return {name: called[iri] for name, iri in things.items() if called[iri].text != _short(iri)}

    @cached_property
    def _symmetric(self) -> set[str]:
        return {prop for prop, _ in self.book.instances(OWL.SymmetricProperty)}

    def _label(self, iri: str, found: Description | None) -> Label:
        texts = (found.labels or found.titles or found.sentences) if found is not None else {}
        language, text = choose_text(texts, (self.language, "en")) or (self.language, _short(iri))
        return Label(iri, text, language if language != self.language else "")


def _short(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


_MOST_SUGGESTED: Final = 3
_MOST_LISTED: Final = 12
#: From 0 to 1; below this, names have little more than their prefix in common.
_LIKENESS: Final = 0.75
#: The order of points: differences say more than agreement, and silence says least.
_STATES: Final = ("different", "same", "alone")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of claims there are of each kind."""

    contradicts: int = 0
    in_tension: int = 0
    differs: int = 0
    firmer: int = 0
    corroborates: int = 0

    @classmethod
    def of(cls, pairs: Iterable[Comparison | ClaimPair]) -> Tally:
        counts = Counter(pair.kind for pair in pairs)
        return cls(*(counts[kind] for kind in ORDER))


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


def compare_two_documents(reader: ComparisonReader, first: str, second: str) -> DocumentReport:
    """Return how the claims of two documents stand to each other. Raises `NotFound`, or `CallError` for one alone."""
    names = [find_document(reader, name) for name in (first, second)]
    if names[0] == names[1]:
        raise CallError("a document can't be compared with itself", hint="Name two documents.")
    found = [one for one in reader.comparisons if set(_documents(reader, one)) == set(names)]
    met = Counter(map(reader.names.document_of, {claim for one in found for claim in (one.first, one.second)}))
    alone = [reader.book.count_claims(ClaimFilter(document=name)) - met[name] for name in names]
    labels = [reader.document_label(name) for name in names]
    return DocumentReport(labels[0], labels[1], Tally.of(found), alone[0], alone[1], reader.read_pairs(found))


def compare_things(reader: ComparisonReader, *names: str) -> ThingReport:
    """Return what documents say of things, point by point. Raises `NotFound`, or `CallError` for one named twice."""
    things = [reader.book.find_thing(name) for name in names]
    if len(set(things)) < len(things):
        raise CallError("a thing can't be compared with itself", hint="Name two things.")
    mentions = [reader.about(thing) for thing in things]
    found, points = _compare(reader, mentions)
    labels = reader.labels(things)
    return ThingReport(
        tuple(labels[thing] for thing in things),
        points,
        reader.read_pairs(found),
        dict(Counter(point.state for point in points)),
        tuple(sum(p.state == "alone" and bool(p.said[place]) for p in points) for place in range(len(things))),
        len({(point.predicate, point.is_subject) for point in points if point.is_disputed}),
    )


def _compare(
    reader: ComparisonReader, mentions: Sequence[Sequence[Mention]]
) -> tuple[list[ClaimPair], tuple[Point, ...]]:
    """Return how claims in columns stand to each other, and the columns point by point, what is disputed first."""
    claims = {mention.claim for column in mentions for mention in column}
    found = [one for one in reader.comparisons if one.first in claims and one.second in claims]
    clashing = {c for one in found if one.kind in OPPOSED for c in (one.first, one.second)}
    said = reader.read_claims(claims)
    labels = reader.labels(mention.predicate for column in mentions for mention in column)
    rows = (
        Point(
            labels[predicate],
            is_subject,
            state,
            tuple(tuple(said[mention.claim] for mention in column) for column in columns),
            any(mention.claim in clashing for column in columns for mention in column),
        )
        for (predicate, is_subject), state, columns in _points(mentions)
    )
    return found, tuple(
        sorted(rows, key=lambda p: (not p.is_disputed, _STATES.index(p.state), p.predicate.text, not p.is_subject))
    )


def find_document(reader: ComparisonReader, name: str) -> str:
    """Return the name of a document that is there. Raises `NotFound` with those that are spelt alike."""
    if name in reader.documents:
        return name
    raise NotFound(f"there is no document '{name[:80]}'", hint=suggest(name, reader.documents, "document list"))


def _points(
    mentions: Sequence[Sequence[Mention]],
) -> Iterable[tuple[tuple[str, bool], str, list[list[Mention]]]]:
    """Yield what columns say by point: what is the same in all of them, then what is not."""
    for point in sorted({mention.point for column in mentions for mention in column}):
        columns = [[mention for mention in column if mention.point == point] for column in mentions]
        shared = set.intersection(*({mention.answer for mention in column} for column in columns))
        if shared and len(columns) > 1:
            yield point, "same", [[mention for mention in column if mention.answer in shared] for column in columns]
            columns = [[mention for mention in column if mention.answer not in shared] for column in columns]
        speaking = sum(bool(column) for column in columns)
        if speaking:
            yield point, "alone" if speaking == 1 else "different", columns


def _documents(reader: ComparisonReader, found: ClaimPair) -> tuple[str | None, str | None]:
    return reader.names.document_of(found.first), reader.names.document_of(found.second)


def suggest(name: str, known: Iterable[str], command: str) -> str:
    """Return which names may have been meant: those that are spelt alike, else all, or the command that lists them."""
    names = sorted(known)
    if close := difflib.get_close_matches(name, names, n=_MOST_SUGGESTED, cutoff=_LIKENESS):
        return f"Did you mean: {', '.join(close)}?"
    if names and len(names) <= _MOST_LISTED:
        return f"There are: {', '.join(names)}."
    return f"See which there are with: digitech-kg {command}"
