"""What two documents, two things, or documents on one thing say: the same, other things, or only one of them."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from digitech_kg.book import ClaimPair
from digitech_kg.comparison.reading import ORDER, ComparedClaim, Comparison, ComparisonReader, Label, Mention
from digitech_kg.errors import CallError, NotFound

_MOST_SUGGESTED: Final = 3
_MOST_LISTED: Final = 12
#: From 0 to 1; below this, names have little more than their prefix in common.
_LIKENESS: Final = 0.75
#: The order of points: differences say more than agreement, and silence says least.
_STATES: Final = ("different", "same", "alone")
_COMMANDS: Final = {"documents": "document list", "things": "terms TEXT"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of claims there are of each kind."""

    contradicts: int = 0
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
    #: Whether documents contradict each other on it.
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
    #: On how many points documents contradict each other.
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What documents say of one thing, point by point: those that speak of it, and those that are silent."""

    thing: Label
    documents: tuple[Label, ...]
    silent: tuple[Label, ...]
    tally: Tally
    pairs: tuple[Comparison, ...]
    points: tuple[Point, ...]


def list_pairs(reader: ComparisonReader, *, kind: str = "", document: str = "") -> list[ClaimPair]:
    """Return the comparisons of a kind, or all but agreements, with a claim of a document, or of any.

    Raises `NotFound` for an unknown kind or document.
    """
    if kind and kind not in ORDER:
        hint = f"Choose one of: {', '.join(ORDER)}."
        raise NotFound(f"'{kind[:60]}' isn't a kind of comparison", hint=hint)
    if document:
        find_document(reader, document)
    return [
        one
        for one in reader.comparisons
        if (one.kind == kind if kind else one.kind != "corroborates")
        and (not document or document in _documents(reader, one))
    ]


def compare_two_documents(reader: ComparisonReader, first: str, second: str) -> DocumentReport:
    """Return how the claims of two documents stand to each other. Raises `NotFound`, or `CallError` for one alone."""
    names = [find_document(reader, name) for name in (first, second)]
    if names[0] == names[1]:
        raise CallError("a document can't be compared with itself", hint="Name two documents.")
    found = [one for one in reader.comparisons if set(_documents(reader, one)) == set(names)]
    met = {claim for one in found for claim in (one.first, one.second)}
    alone = [reader.claim_count(name) - sum(reader.names.document_of(claim) == name for claim in met) for name in names]
    labels = [reader.document_label(name) for name in names]
    return DocumentReport(labels[0], labels[1], Tally.of(found), alone[0], alone[1], reader.read_pairs(found))


def compare_things(reader: ComparisonReader, *names: str) -> ThingReport:
    """Return what documents say of things, point by point. Raises `NotFound`, or `CallError` for one named twice."""
    things = [find_thing(reader, name) for name in names]
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


def report_thing(reader: ComparisonReader, name: str) -> TopicReport:
    """Return what each document says of one thing, point by point. Raises `NotFound`."""
    thing = find_thing(reader, name)
    by_document: dict[str, list[Mention]] = defaultdict(list)
    for mention in reader.about(thing):
        by_document[reader.names.document_of(mention.claim) or ""].append(mention)
    speaking = sorted(by_document, key=lambda document: (-len(by_document[document]), document))
    found, points = _compare(reader, [by_document[document] for document in speaking])
    return TopicReport(
        reader.labels([thing])[thing],
        tuple(map(reader.document_label, speaking)),
        tuple(reader.document_label(document) for document in reader.documents if document not in by_document),
        Tally.of(found),
        reader.read_pairs(found),
        points,
    )


def _compare(
    reader: ComparisonReader, mentions: Sequence[Sequence[Mention]]
) -> tuple[list[ClaimPair], tuple[Point, ...]]:
    """Return how claims in columns stand to each other, and the columns point by point, what is disputed first."""
    claims = {mention.claim for column in mentions for mention in column}
    found = [one for one in reader.comparisons if one.first in claims and one.second in claims]
    clashing = {c for one in found if one.kind == "contradicts" for c in (one.first, one.second)}
    said = reader.read_claims(claims)
    labels = reader.labels(mention.predicate for column in mentions for mention in column)
    rows = (
        Point(
            labels[predicate],
            is_subject,
            state,
            tuple(_said(column, said) for column in columns),
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
    raise NotFound(f"there is no document '{name[:80]}'", hint=_suggest(name, reader.documents, "documents"))


def find_thing(reader: ComparisonReader, name: str) -> str:
    """Return the IRI of a thing: `id:huawei`, `id/huawei`, an IRI or a label. Raises `NotFound` with suggestions."""
    for iri in _iris_meant(reader, name.strip()):
        if reader.is_known(iri):
            return iri
    things = reader.named_things()
    by_label = {label.casefold(): iri for iri, label in reversed(things)}
    if name.strip().casefold() in by_label:
        return by_label[name.strip().casefold()]
    known = {reader.names.shorten(iri) for iri, _ in things}
    hint = _suggest(name, known, "things", by_label, reader.names.shorten)
    raise NotFound(f"there is no thing '{name[:80]}'", hint=hint)


def _iris_meant(reader: ComparisonReader, name: str) -> list[str]:
    found = reader.names.expand(name)
    paths = [name.strip("/") if "/" in name else f"id/{name}"]
    return ([found] if found else []) + [reader.names.base + path for path in paths]


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


def _said(mentions: Iterable[Mention], said: Mapping[str, ComparedClaim]) -> tuple[ComparedClaim, ...]:
    return tuple(said[mention.claim] for mention in mentions)


def _documents(reader: ComparisonReader, found: ClaimPair) -> tuple[str | None, str | None]:
    return reader.names.document_of(found.first), reader.names.document_of(found.second)


def _suggest(
    name: str,
    known: Iterable[str],
    what: str,
    labels: Mapping[str, str] | None = None,
    shorten: Callable[[str], str] = str,
) -> str:
    """Return what may have been meant: names, or things by their labels, that are spelt like a name."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=_MOST_SUGGESTED, cutoff=_LIKENESS)
    alike = difflib.get_close_matches(name.casefold(), labels or {}, n=_MOST_SUGGESTED, cutoff=_LIKENESS)
    close += [short for label in alike if (short := shorten((labels or {})[label])) not in close]
    if close:
        return f"Did you mean: {', '.join(close[:_MOST_SUGGESTED])}?"
    if names and len(names) <= _MOST_LISTED:
        return f"There are: {', '.join(names)}."
    return f"See which there are with: digitech-kg {_COMMANDS[what]}"
