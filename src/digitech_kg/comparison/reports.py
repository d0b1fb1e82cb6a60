"""What two documents, two things, or documents on one thing say: the same, other things, or only one of them."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from digitech_kg.comparison.reading import ORDER, ComparisonReader, Found, Label, Mention, Pair, Said
from digitech_kg.errors import CallError, NotFound
from digitech_kg.messages import Message

_MOST_SUGGESTED: Final = 3
_MOST_LISTED: Final = 12
#: From 0 to 1; below this, names have little more than their prefix in common.
_LIKENESS: Final = 0.75
#: The order of points: what differs tells more than what is the same, and silence tells least.
_STATES: Final = ("different", "same", "first", "second")
_COMMANDS: Final = {"documents": "document list", "things": "terms TEXT"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of claims there are of each kind."""

    contradicts: int = 0
    differs: int = 0
    firmer: int = 0
    corroborates: int = 0

    @classmethod
    def of(cls, pairs: Iterable[Pair | Found]) -> Tally:
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
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What claims say of two things on one point; `state` is same, different, first or second (only one has claims)."""

    predicate: Label
    is_subject: bool
    state: str
    first: tuple[Said, ...]
    second: tuple[Said, ...]
    #: Whether documents contradict each other on it.
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class ThingReport:
    """Two things side by side, point by point, and what documents disagree on about them."""

    first: Label
    second: Label
    points: tuple[Point, ...]
    pairs: tuple[Pair, ...]
    #: Number of points by state.
    counts: Mapping[str, int] = field(default_factory=dict)
    #: On how many points documents contradict each other.
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What only one document says of a thing."""

    document: Label
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What documents say of one thing: where their claims meet, and what each says alone."""

    thing: Label
    documents: int
    tally: Tally
    pairs: tuple[Pair, ...]
    alone: tuple[Share, ...]


def list_pairs(reader: ComparisonReader, *, kind: str = "", document: str = "") -> list[Found]:
    """Return the comparisons of a kind, or those that are no agreements, with a claim of a document, or of any.

    Raises `NotFound` for an unknown kind or document.
    """
    if kind and kind not in ORDER:
        hint = Message("Choose one of: {names}.", names=", ".join(ORDER))
        raise NotFound(Message("'{kind}' is no kind of comparison", kind=kind[:60]), hint=hint)
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


def compare_things(reader: ComparisonReader, first: str, second: str) -> ThingReport:
    """Return what documents say of two things, point by point. Raises `NotFound`, or `CallError` for one alone."""
    things = [find_thing(reader, name) for name in (first, second)]
    if things[0] == things[1]:
        raise CallError("a thing can't be compared with itself", hint="Name two things.")
    mentions = [reader.about(thing) for thing in things]
    claims = {mention.claim for found in mentions for mention in found}
    found = [one for one in reader.comparisons if one.first in claims and one.second in claims]
    clashing = {c for one in found if one.kind == "contradicts" for c in (one.first, one.second)}
    said = reader.read_claims(claims)
    labels = reader.labels([*things, *(mention.predicate for both in mentions for mention in both)])
    rows = [
        Point(
            labels[predicate],
            is_subject,
            state,
            _said(ours, said),
            _said(theirs, said),
            any(mention.claim in clashing for mention in (*ours, *theirs)),
        )
        for (predicate, is_subject), state, ours, theirs in _points(*mentions)
    ]
    points = sorted(rows, key=lambda p: (not p.is_disputed, _STATES.index(p.state), p.predicate.text, not p.is_subject))
    counts = dict(Counter(point.state for point in points))
    disputed = len({(point.predicate, point.is_subject) for point in points if point.is_disputed})
    first_label, second_label = labels[things[0]], labels[things[1]]
    return ThingReport(first_label, second_label, tuple(points), reader.read_pairs(found), counts, disputed)


def report_thing(reader: ComparisonReader, name: str) -> TopicReport:
    """Return where documents meet on one thing, and what each says of it alone. Raises `NotFound`."""
    thing = find_thing(reader, name)
    claims = {mention.claim for mention in reader.about(thing)}
    found = [one for one in reader.comparisons if one.first in claims and one.second in claims]
    met = {claim for one in found for claim in (one.first, one.second)}
    by_document: dict[str, list[Said]] = defaultdict(list)
    for said in reader.read_claims(claims - met).values():
        by_document[said.document].append(said)
    alone = tuple(Share(reader.document_label(d), tuple(said)) for d, said in sorted(by_document.items()))
    documents = len({reader.names.document_of(claim) for claim in claims})
    return TopicReport(reader.labels([thing])[thing], documents, Tally.of(found), reader.read_pairs(found), alone)


def find_document(reader: ComparisonReader, name: str) -> str:
    """Return the name of a document that is there. Raises `NotFound` with those that are spelt alike."""
    if name in reader.documents:
        return name
    raise NotFound(
        Message("there is no document '{name}'", name=name[:80]), hint=_suggest(name, reader.documents, "documents")
    )


def find_thing(reader: ComparisonReader, name: str) -> str:
    """Return the IRI of a thing: `id:huawei`, `id/huawei`, an IRI or a label. Raises `NotFound` with suggestions."""
    for iri in _iris_meant(reader, name.strip()):
        try:
            if reader.is_known(iri):
                return iri
        except ValueError:
            # It is no IRI, so it may be a label.
            continue
    things = reader.named_things()
    by_label = {label.casefold(): iri for iri, label in reversed(things)}
    if name.strip().casefold() in by_label:
        return by_label[name.strip().casefold()]
    known = {reader.names.shorten(iri) for iri, _ in things}
    hint = _suggest(name, known, "things", by_label, reader.names.shorten)
    raise NotFound(Message("there is no thing '{name}'", name=name[:80]), hint=hint)


def _iris_meant(reader: ComparisonReader, name: str) -> list[str]:
    found = reader.names.expand(name)
    paths = [name.strip("/") if "/" in name else f"id/{name}"]
    return ([found] if found else []) + [reader.names.base + path for path in paths]


def _points(
    ours: Sequence[Mention], theirs: Sequence[Mention]
) -> Iterable[tuple[tuple[str, bool], str, list[Mention], list[Mention]]]:
    """Yield what is said of two things by point: what is the same of both, then what is not."""
    for point in sorted({mention.point for mention in (*ours, *theirs)}):
        left = [mention for mention in ours if mention.point == point]
        right = [mention for mention in theirs if mention.point == point]
        shared = {mention.answer for mention in left} & {mention.answer for mention in right}
        if shared:
            same = [[mention for mention in side if mention.answer in shared] for side in (left, right)]
            yield point, "same", same[0], same[1]
        rest = [[mention for mention in side if mention.answer not in shared] for side in (left, right)]
        if rest[0] or rest[1]:
            yield point, _state(bool(rest[0]), bool(rest[1])), rest[0], rest[1]


def _state(has_first: bool, has_second: bool) -> str:
    return "different" if has_first and has_second else "first" if has_first else "second"


def _said(mentions: Iterable[Mention], said: Mapping[str, Said]) -> tuple[Said, ...]:
    return tuple(said[mention.claim] for mention in mentions)


def _documents(reader: ComparisonReader, found: Found) -> tuple[str | None, str | None]:
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
        return Message("Did you mean: {close}?", close=", ".join(close[:_MOST_SUGGESTED]))
    if names and len(names) <= _MOST_LISTED:
        return Message("There are: {known}.", known=", ".join(names))
    return Message("See which there are with: {command}", command=f"digitech-kg {_COMMANDS[what]}")
