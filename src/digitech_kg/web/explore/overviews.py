"""Overviews of the whole graph: who with what, when, and how densely the text is covered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, RawClaims, iris_in, load_claims, view_claims
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.reader import GraphReader, Row, node, values
from digitech_kg.web.reading.times import Span, parse_time

_DK = PREFIXES["dk"]
_LIMIT = 2000
#: Matrices by name: classes of the rows, class of the columns. None: ownership, whose rows are sectors.
MATRICES: dict[str, tuple[tuple[str, ...], str] | None] = {
    "technologies": (("Technology", "Function", "Product", "Resource", "Programme"), "Concern"),
    "actors": (("Agent", "State"), "Concern"),
    "developments": (("Development", "Action", "Goal", "Recommendation"), "Concern"),
    "ownership": None,
}


@dataclass(frozen=True)
class Matrix:
    """Rows × columns; a cell holds the claims that link the two."""

    name: str
    columns: tuple[Name, ...]
    rows: tuple[tuple[Name, tuple[tuple[ClaimView, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the timeline: what the claims are on, when, and where its bar stands (0 to 1000)."""

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
    """Moments on an axis that has only the years in use; `undated` is written in a way that cannot be drawn."""

    moments: tuple[Moment, ...]
    #: Whether what other sources say is shown too.
    outside: bool
    #: Year, its place, and whether years before it are left out.
    years: tuple[tuple[int, float, bool], ...]
    height: int
    undated: tuple[tuple[Name, ClaimView, str], ...]


@dataclass(frozen=True)
class CoverageRow:
    """A passage and how many claims of each certainty it carries."""

    passage: Name
    section: Name
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class CoverageView:
    """All passages in order; `widest` is the largest total."""

    certainties: tuple[Name, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[int, ...]
    widest: int


def view_matrix(reader: GraphReader, name: str, language: str) -> Matrix:
    """Read a matrix of `MATRICES`. Raises `NotFound` for another name."""
    if name not in MATRICES:
        raise NotFound(f"there is no matrix '{name}'", hint=f"There are: {', '.join(MATRICES)}.")
    ends = MATRICES[name]
    if ends is None:
        query = browse_queries.OWNERSHIP.format(limit=_LIMIT)
    else:
        rows, column = values(_DK + cls for cls in ends[0]), node(_DK + ends[1])
        query = browse_queries.MATRIX.format(rows=rows, columns=column, limit=_LIMIT)
    found = reader.rows(query)
    claims, names = _claims_of(reader, found, language)
    cells: dict[tuple[str, str], list[ClaimView]] = defaultdict(list)
    for row in found:
        if (claim := claims.get(row["claim"].value)) is not None:
            cells[row["row"].value, row["column"].value].append(claim)
    columns = _in_order(names, {column for _, column in cells})
    lines = _in_order(names, {row for row, _ in cells})
    return Matrix(
        name, columns, tuple((line, tuple(tuple(cells.get((line.iri, c.iri), ())) for c in columns)) for line in lines)
    )


def view_timeline(reader: GraphReader, language: str, *, outside: bool = False) -> Timeline:
    """Read the claims with a time: those of the documents, and with `outside` those of other sources too.

    Claims on the same thing at the same time share a bar.
    """
    found = reader.rows(browse_queries.TIMES.format(limit=_LIMIT))
    claims, names = _claims_of(reader, found, language)
    spans: dict[_Key, Span] = {}
    groups: dict[_Key, list[ClaimView]] = defaultdict(list)
    undated = []
    for row in found:
        claim, thing, time = claims.get(row["claim"].value), row["thing"].value, row["time"].value
        if claim is None or (claim.external and not outside):
            continue
        if (span := parse_time(time)) is None:
            undated.append((names.name(thing), claim, time))
        else:
            key = (thing, time, claim.external)
            spans[key] = span
            groups[key].append(claim)
    keys = sorted(spans, key=lambda key: (spans[key].start, spans[key].end, key))
    axis = _Axis(spans.values())
    moments = tuple(
        Moment(
            names.name(thing),
            tuple(groups[thing, time, external]),
            time,
            spans[thing, time, external].vague,
            external,
            *axis.place(spans[thing, time, external]),
            36 + index * 34,
        )
        for index, (thing, time, external) in enumerate(keys)
    )
    return Timeline(moments, outside, axis.marks(), 46 + len(moments) * 34, tuple(undated))


#: Thing, time, whether an outside source says it.
_Key = tuple[str, str, bool]


class _Axis:
    """An axis from 0 to 1000 that has only the years in use."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._years = sorted({year for s in spans for year in range(int(s.start), int(s.end - 0.001) + 1)})
        self._step = 1000 / max(len(self._years), 1)

    def place(self, span: Span) -> tuple[float, float]:
        """Give where the bar of a span begins and how wide it is; a day is still seen."""
        start = self._at(span.start)
        return start, max(round(self._at(span.end) - start, 1), 6)

    def marks(self) -> tuple[tuple[int, float, bool], ...]:
        """Give each year, its place, and whether years before it are left out."""
        years = enumerate(self._years)
        return tuple((y, round(i * self._step, 1), i > 0 and y != self._years[i - 1] + 1) for i, y in years)

    def _at(self, moment: float) -> float:
        year = int(moment) if int(moment) in self._years else int(moment) - 1
        return round((self._years.index(year) + moment - year) * self._step, 1)


def view_coverage(reader: GraphReader, language: str) -> CoverageView:
    """Count the claims of every sentence and cell by certainty."""
    found = reader.rows(browse_queries.COVERAGE.format(limit=20_000))
    names = Names(reader, language, {term.value for row in found for term in row.values() if term.kind == "uri"})
    certainties = _in_order(names, {row["certainty"].value for row in found if "certainty" in row})
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in found:
        line = counts.setdefault((row["section"].value, row["passage"].value), {})
        if "certainty" in row:
            line[row["certainty"].value] = int(row["claims"].value)
    rows = tuple(
        CoverageRow(
            names.name(passage),
            names.name(section),
            tuple(line.get(c.iri, 0) for c in certainties),
            sum(line.values()),
        )
        for (section, passage), line in counts.items()
    )
    totals = tuple(sum(row.counts[i] for row in rows) for i in range(len(certainties)))
    return CoverageView(certainties, rows, totals, max((row.total for row in rows), default=1) or 1)


def _claims_of(reader: GraphReader, rows: list[Row], language: str) -> tuple[dict[str, ClaimView], Names]:
    """Load the claims that rows name, and the names of all that they speak of."""
    iris = {row["claim"].value for row in rows}
    raw: RawClaims = {}
    if iris:
        pattern = f"VALUES ?claim {{{{ {values(iris)} }}}} ?claim dk:predicate ?any ."
        raw, _ = load_claims(reader, pattern, next(iter(iris)), limit=_LIMIT)
    others = {term.value for row in rows for term in row.values() if term.kind == "uri"}
    names = Names(reader, language, iris_in(raw) | others)
    return {claim.iri: claim for claim in view_claims(raw, names)}, names


def _in_order(names: Names, iris: set[str]) -> tuple[Name, ...]:
    return tuple(sorted((names.name(iri) for iri in iris), key=lambda name: (name.text.casefold(), name.iri)))
