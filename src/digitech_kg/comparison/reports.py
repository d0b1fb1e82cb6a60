"""Where two documents meet, or what documents say of two things: of both, and of one only.

All is read from a book, in English where there is a choice.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from digitech_kg.book import Book, ClaimFilter, ClaimPair, Description
from digitech_kg.claims.labels import choose_text, name_in_words
from digitech_kg.errors import CallError, NotFound

#: What opposite claims are to each other.
OPPOSED: Final = ("contradicts", "inTensionWith")
#: What a reader wants to know first comes first.
_KINDS: Final = (*OPPOSED, "differsFrom", "firmerThan", "corroborates")
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
class ThingReport:
    """What main claims of documents say of both of two things, and of each alone; what documents disagree on."""

    things: tuple[Label, Label]
    both: tuple[ComparedClaim, ...]
    alone: tuple[tuple[ComparedClaim, ...], ...]
    pairs: tuple[Comparison, ...]


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
        """Return what documents say of two things. Raises `NotFound`, `CallError` for one alone."""
        things = [self._book.find_thing(name) for name in (first, second)]
        if things[0] == things[1]:
            raise CallError("a thing can't be compared with itself", hint="Name two things.")
        one, other = (self._book.find_claims(ClaimFilter(about=thing)) for thing in things)
        both, labels = set(one) & set(other), self._labels(things)
        told = self._tell_claims({*one, *other})
        alone = (tuple(told[claim] for claim in own if claim not in both) for own in (one, other))
        claims = {claim for thing in things for claim in self._book.find_claims(ClaimFilter(thing=thing))}
        return ThingReport(
            (labels[things[0]], labels[things[1]]),
            tuple(told[claim] for claim in one if claim in both),
            tuple(alone),
            self._tell_pairs([pair for pair in self._pairs if {pair.first, pair.second} <= claims]),
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


def suggest(name: str, known: Iterable[str], command: str) -> str:
    """Return which names may have been meant: those that are spelt alike, else all, or the command that lists them."""
    names = sorted(known)
    if close := difflib.get_close_matches(name, names, n=_MOST_SUGGESTED, cutoff=_LIKENESS):
        return f"Did you mean: {', '.join(close)}?"
    if names and len(names) <= _MOST_LISTED:
        return f"There are: {', '.join(names)}."
    return f"See which there are with: digitech-kg {command}"
