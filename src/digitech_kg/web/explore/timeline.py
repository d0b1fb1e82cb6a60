"""When: claims that have a time, on an axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from digitech_kg.namespaces import TERMS
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, load_named_claims
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader, text_of
from digitech_kg.web.reading.times import Span, parse_time, say_time

_LIMIT: Final = 2000
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
            undated.append((labels.name(thing), claim, time))
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
    return Timeline(events, others, outside, axis.marks(), _TOP + 10 + len(events) * _STEP, tuple(undated))


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
