"""Overviews: how densely documents are covered by claims, who with what, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from typing import Final

from digitech_kg.claims.firmness import MANNERS, manner_of
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, TERMS
from digitech_kg.web.pages.passage_page import section_of
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, load_named_claims
from digitech_kg.web.reading.documents import (
    DocumentEntry,
    list_documents,
    measure_document,
    read_passages,
    split_documents,
)
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.parts import check_part
from digitech_kg.web.reading.reader import GraphReader, text_of, values
from digitech_kg.web.reading.times import Span, parse_time, say_time


@dataclass(frozen=True)
class CoverageRow:
    """A sentence or cell, and how many of its claims are made in each manner."""

    passage: Name
    section: Name | None
    counts: tuple[int, ...]
    #: Why no claim has to cite it: it describes a thing, or repeats another passage.
    described: bool
    repeats: bool

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class DocumentCoverage:
    """The sentences and cells of one document in their order."""

    document: DocumentEntry
    #: The manners in which its claims are made.
    manners: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[int, ...]

    @property
    def widest(self) -> int:
        """The most claims of one passage, at least 1."""
        return max((row.total for row in self.rows), default=1) or 1


def view_coverage(reader: GraphReader, language: str, part: int = 1) -> tuple[tuple[DocumentCoverage, ...], int]:
    """Count the claims of every sentence and cell of a part of the documents; return how many parts there are, too.

    Raises `NotFound` for a part after the last.
    """
    parts = split_documents(reader, list_documents(reader, language))
    check_part(part, len(parts))
    return tuple(_coverage_of(reader, document, language) for document in parts[part - 1]), len(parts)


def _coverage_of(reader: GraphReader, document: DocumentEntry, language: str) -> DocumentCoverage:
    claims, coverage = measure_document(reader, document.name)
    passages = read_passages(reader, document.name)
    manners = {claim.iri.value: manner_of(claim) for claim in claims}
    used = set(manners.values())
    shown = tuple(manner for manner in MANNERS if manner in used)
    sections = {iri: section_of(iri, passages) or "" for iri in coverage.claims if iri in passages}
    labels = Labels(reader, language, {*coverage.claims, *sections.values()})
    rows = []
    for iri, cited in coverage.claims.items():
        counts = Counter(manners[claim] for claim in cited if claim in manners)
        section = sections.get(iri, "")
        rows.append(
            CoverageRow(
                labels.name(iri),
                labels.name(section) if section else None,
                tuple(counts[manner] for manner in shown),
                bool(coverage.things[iri]),
                iri in coverage.repeats,
            )
        )
    totals = tuple(sum(row.counts[place] for row in rows) for place in range(len(shown)))
    return DocumentCoverage(document, shown, tuple(rows), totals)


#: Claims of a matrix or timeline; empty cells would make a matrix of more too large to load.
_LIMIT: Final = 600
#: Matrices by name: classes of the rows, class of the columns. None: ownership, whose rows are sectors.
MATRICES: Final[dict[str, tuple[tuple[str, ...], str] | None]] = {
    "technologies": (("Technology", "Function", "Product", "Resource", "Programme"), "Concern"),
    "actors": (("Agent", "State"), "Concern"),
    "developments": (("Development", "Action", "Goal", "Recommendation"), "Concern"),
    "ownership": None,
}


@dataclass(frozen=True, slots=True)
class CellClaim:
    """A claim in a cell, and what it is about where that is not the row itself, such as a company of a sector."""

    claim: ClaimView
    about: Name | None


@dataclass(frozen=True)
class Matrix:
    """Rows × columns; a cell holds the claims that link the two."""

    name: str
    columns: tuple[Name, ...]
    rows: tuple[tuple[Name, tuple[tuple[CellClaim, ...], ...]], ...]
    #: How many claims it has if there are more of them.
    most: int | None


def view_matrix(reader: GraphReader, name: str, language: str) -> Matrix:
    """Read a matrix of `MATRICES`. Raises `NotFound` for another name."""
    if name not in MATRICES:
        hint = f"There are: {', '.join(MATRICES)}."
        raise NotFound(f"there is no matrix '{name}'", hint=hint)
    ends = MATRICES[name]
    if ends is None:
        found = reader.rows(browse_queries.OWNERSHIP, limit=_LIMIT)
    else:
        rows = values(DK[cls].value for cls in ends[0])
        found = reader.rows(browse_queries.MATRIX, rows=rows, columns=DK[ends[1]], limit=_LIMIT)
    found.sort(key=lambda row: (text_of(row, "row"), text_of(row, "column"), text_of(row, "claim")))
    claims, labels = load_named_claims(reader, found, language, limit=_LIMIT)
    cells: dict[tuple[str, str], list[CellClaim]] = defaultdict(list)
    for row in found:
        if (claim := claims.get(text_of(row, "claim"))) is not None:
            about = claim.subject if claim.subject.iri != text_of(row, "row") else None
            cells[text_of(row, "row"), text_of(row, "column")].append(CellClaim(claim, about))
    columns = _in_order(labels, {column for _, column in cells})
    lines = _in_order(labels, {row for row, _ in cells})
    filled = tuple((line, tuple(tuple(cells.get((line.iri, c.iri), ())) for c in columns)) for line in lines)
    return Matrix(name, columns, filled, _most(found))


def _most(found: Sized) -> int | None:
    return _LIMIT if len(found) >= _LIMIT else None


def _in_order(labels: Labels, iris: set[str]) -> tuple[Name, ...]:
    return tuple(sorted(map(labels.name, iris), key=lambda name: (name.text.casefold(), name.iri)))


#: Height of a row of the drawing, and where the first one begins.
_STEP, _TOP = 34, 36


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A row of the timeline: what the claims are about, when, and where its bar stands (0 to 1000)."""

    thing: Name
    claims: tuple[ClaimView, ...]
    time: str
    vague: bool
    external: bool
    x: float
    width: float
    y: int


@dataclass(frozen=True)
class Timeline:
    """Events and policies on an axis that has only the years in use; `undated` is written in a way that is unknown."""

    entries: tuple[TimelineEntry, ...]
    #: Other dates, such as when a body was founded or which place a company had on a list of that year.
    others: tuple[TimelineEntry, ...]
    #: Whether what other sources say is shown too.
    outside: bool
    #: Year, its place, and whether years before it are left out.
    years: tuple[tuple[int, float, bool], ...]
    height: int
    undated: tuple[tuple[Name, ClaimView, str], ...]
    #: How many claims it has if there are more of them.
    most: int | None


#: Kinds of things that happen or are decided, and predicates that say when something did or was.
_EVENTS: Final = frozenset(("Event", "Policy", "Measure", "Programme", "Regulation", "Law", "Strategy"))
_EVENT_PREDICATES: Final = frozenset(("occursIn", "adoptedIn", "restrictionList"))
#: Thing, time, whether an outside source says it.
_Key = tuple[str, str, bool]


def view_timeline(reader: GraphReader, language: str, *, outside: bool = False) -> Timeline:
    """Read the claims with a time: those of the documents, and with `outside` those of other sources too.

    Claims on the same thing at the same time share a bar.
    """
    found = reader.rows(browse_queries.TIMES, limit=_LIMIT)
    claims, labels = load_named_claims(reader, found, language, limit=_LIMIT)
    spans: dict[_Key, Span] = {}
    groups: dict[_Key, dict[str, ClaimView]] = defaultdict(dict)
    undated = []
    for row in found:
        claim, thing, time = claims.get(text_of(row, "claim")), text_of(row, "thing"), text_of(row, "time")
        if claim is None or (claim.external and not outside):
            continue
        if (span := parse_time(time)) is None:
            undated.append((labels.name(thing), claim, say_time(time, language)))
        else:
            spans[thing, time, claim.external] = span
            groups[thing, time, claim.external][claim.iri] = claim
    drawn = {key for key, group in groups.items() if _is_event(labels.name(key[0]), group.values())}
    axis = _Axis(spans[key] for key in drawn)
    entries = [
        TimelineEntry(
            labels.name(key[0]),
            tuple(groups[key].values()),
            say_time(key[1], language),
            spans[key].vague,
            key[2],
            *(axis.place(spans[key]) if key in drawn else (0.0, 0.0)),
            _TOP + index * _STEP,
        )
        for keys in (drawn, spans.keys() - drawn)
        for index, key in enumerate(sorted(keys, key=lambda key: (spans[key].start, spans[key].end, key)))
    ]
    events, others = tuple(entries[: len(drawn)]), tuple(entries[len(drawn) :])
    height = _TOP + 10 + len(events) * _STEP
    return Timeline(events, others, outside, axis.marks(), height, tuple(undated), _most(found))


def _is_event(thing: Name, claims: Iterable[ClaimView]) -> bool:
    """Whether claims tell when something happened or was decided."""
    is_of_kind = any(kind.removeprefix(TERMS) in _EVENTS for kind in thing.kinds)
    return is_of_kind or any(claim.predicate.key in _EVENT_PREDICATES for claim in claims)


class _Axis:
    """An axis from 0 to 1000 that has only the years in use."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._years = sorted({year for s in spans for year in range(int(s.start), int(s.end - 0.001) + 1)})
        self._step = 1000 / max(len(self._years), 1)

    def place(self, span: Span) -> tuple[float, float]:
        """Return where the bar of a span begins and how wide it is; a day is still seen."""
        start = self._at(span.start)
        return start, max(round(self._at(span.end) - start, 1), 6)

    def marks(self) -> tuple[tuple[int, float, bool], ...]:
        """Return each year, its place, and whether years before it are left out."""
        years = enumerate(self._years)
        return tuple((y, round(i * self._step, 1), i > 0 and y != self._years[i - 1] + 1) for i, y in years)

    def _at(self, time: float) -> float:
        year = int(time) if int(time) in self._years else int(time) - 1
        return round((self._years.index(year) + time - year) * self._step, 1)
