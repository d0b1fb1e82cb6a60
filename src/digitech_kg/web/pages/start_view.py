"""What the start page offers: sectors with companies, concerns by area, recommendations, documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.reader import GraphReader, Row

Groups = tuple[tuple[Name, tuple[Name, ...]], ...]


@dataclass(frozen=True)
class StartView:
    """The ways into the graph."""

    sectors: Groups
    concerns: Groups
    recommendations: tuple[Name, ...]
    documents: tuple[Name, ...]


def view_start(reader: GraphReader, language: str) -> StartView:
    """Read what the start page shows; a dataset without sectors, concerns and so on gives empty groups."""
    sectors, concerns = reader.rows(browse_queries.SECTORS), reader.rows(browse_queries.CONCERNS)
    advice, documents = reader.rows(browse_queries.RECOMMENDATIONS), reader.rows(browse_queries.DOCUMENTS)
    rows = [*sectors, *concerns, *advice, *documents]
    names = Names(reader, language, {term.value for row in rows for term in row.values() if term.kind == "uri"})
    return StartView(
        _group(sectors, "sector", "company", names),
        _group(concerns, "area", "concern", names),
        tuple(names.name(row["recommendation"].value) for row in advice),
        tuple(names.name(row["document"].value) for row in documents),
    )


def _group(rows: list[Row], head: str, member: str, names: Names) -> Groups:
    groups: dict[Name, list[Name]] = defaultdict(list)
    for row in rows:
        groups[names.name(row[head].value)].append(names.name(row[member].value))
    return tuple((name, tuple(sorted(members, key=lambda n: n.text.casefold()))) for name, members in groups.items())
