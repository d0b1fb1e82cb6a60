"""Overviews of the whole graph: who with what, when, and how densely the text is covered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import PREFIXES
from digitech_kg.web import browse_queries
from digitech_kg.web.claim_views import ClaimView, RawClaims, iris_in, load_claims, view_claims
from digitech_kg.web.names import Name, Names
from digitech_kg.web.reader import GraphReader, Row, node, values
from digitech_kg.web.times import Span, parse_time

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
    """A row of the timeline: what the claim is on, when, and where its bar stands (0 to 1000)."""

    thing: Name
    claim: ClaimView
    time: str
    vague: bool
    x: float
    width: float
    y: int


@dataclass(frozen=True)
class Timeline:
    """Moments on an axis that has only the years in use; `undated` is written in a way that cannot be drawn."""

    moments: tuple[Moment, ...]
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


def view_timeline(reader: GraphReader, language: str) -> Timeline:
    """Read all claims with a time."""
    found = reader.rows(browse_queries.TIMES.format(limit=_LIMIT))
    claims, names = _claims_of(reader, found, language)
    dated: list[tuple[Row, Span]] = []
    undated = []
    for row in found:
        span = parse_time(row["time"].value)
        if span is not None:
            dated.append((row, span))
        elif row["claim"].value in claims:
            undated.append((names.name(row["thing"].value), claims[row["claim"].value], row["time"].value))
    dated.sort(key=lambda item: (item[1].start, item[1].end, item[0]["claim"].value))
    years = sorted({year for _, span in dated for year in range(int(span.start), int(span.end - 0.001) + 1)})
    step = 1000 / max(len(years), 1)

    def place(moment: float) -> float:
        year = int(moment) if int(moment) in years else int(moment) - 1
        return round((years.index(year) + moment - year) * step, 1)

    moments = tuple(
        Moment(
            names.name(row["thing"].value),
            claims[row["claim"].value],
            row["time"].value,
            span.vague,
            place(span.start),
            max(round(place(span.end) - place(span.start), 1), 6),
            36 + index * 34,
        )
        for index, (row, span) in enumerate(item for item in dated if item[0]["claim"].value in claims)
    )
    axis = tuple((y, round(i * step, 1), i > 0 and y != years[i - 1] + 1) for i, y in enumerate(years))
    return Timeline(moments, axis, 46 + len(moments) * 34, tuple(undated))


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
