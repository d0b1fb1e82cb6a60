"""What a page costs: the queries that it sends to the engine, and the statements that it sends to the book."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from digitech_kg.book import Book
from digitech_kg.engine.service import SnapshotService


@dataclass
class Costs:
    """The texts of queries and statements, in their order."""

    queries: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Costs]:
    """Note what is asked of the engine and of any book as long as the block runs."""
    costs = Costs()
    query, rows = SnapshotService.query, Book.rows

    def noting_query(self: SnapshotService, request: Any, **options: Any) -> Any:
        costs.queries.append(request.text)
        return query(self, request, **options)

    def noting_rows(self: Book, statement: str, *values: Any, **named: Any) -> Any:
        costs.statements.append(statement)
        return rows(self, statement, *values, **named)

    with monkeypatch.context() as patch:
        patch.setattr(SnapshotService, "query", noting_query)
        patch.setattr(Book, "rows", noting_rows)
        yield costs
