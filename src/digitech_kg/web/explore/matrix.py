"""Who with what: claims in a table of the things that they join."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from digitech_kg.errors import NotFound
from digitech_kg.messages import Message
from digitech_kg.namespaces import DK
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, load_named_claims
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, text_of, values

_LIMIT: Final = 2000
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


def view_matrix(reader: GraphReader, name: str, language: str) -> Matrix:
    """Read a matrix of `MATRICES`. Raises `NotFound` for another name."""
    if name not in MATRICES:
        hint = Message("There are: {names}.", names=", ".join(MATRICES))
        raise NotFound(Message("there is no matrix '{name}'", name=name), hint=hint)
    ends = MATRICES[name]
    if ends is None:
        found = reader.rows(browse_queries.OWNERSHIP, limit=_LIMIT)
    else:
        rows = values(DK[cls].value for cls in ends[0])
        found = reader.rows(browse_queries.MATRIX, rows=rows, columns=DK[ends[1]], limit=_LIMIT)
    claims, labels = load_named_claims(reader, found, language, limit=_LIMIT)
    cells: dict[tuple[str, str], list[CellClaim]] = defaultdict(list)
    for row in found:
        if (claim := claims.get(text_of(row, "claim"))) is not None:
            about = claim.subject if claim.subject.iri != text_of(row, "row") else None
            cells[text_of(row, "row"), text_of(row, "column")].append(CellClaim(claim, about))
    columns = _in_order(labels, {column for _, column in cells})
    lines = _in_order(labels, {row for row, _ in cells})
    return Matrix(
        name, columns, tuple((line, tuple(tuple(cells.get((line.iri, c.iri), ())) for c in columns)) for line in lines)
    )


def _in_order(labels: Labels, iris: set[str]) -> tuple[Name, ...]:
    return tuple(sorted(map(labels.name, iris), key=lambda name: (name.text.casefold(), name.iri)))
