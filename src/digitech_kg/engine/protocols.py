"""What the web layer asks of a query service, wherever the data is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from digitech_kg.book import Book
from digitech_kg.engine.request import Answer, Limits, QueryRequest
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import Manifest


class ServedDataset(Protocol):
    """The state of the data that the next answer will be taken from."""

    @property
    def version(self) -> str:
        """Names the state: answers of one version may be kept for each other."""

    @property
    def names(self) -> Namespaces:
        """The base IRI, prefixes, graphs and languages of the dataset."""

    @property
    def manifest(self) -> Manifest:
        """Figures about the state."""


class Federation(Protocol):
    """The other endpoints that queries may ask. Thread-safe."""

    #: Their IRIs.
    allowed: frozenset[str]

    def reach(self, endpoints: Iterable[str], timeout_s: float) -> AbstractContextManager[Mapping[str, str]]:
        """Yield the address where the engine reaches each endpoint. Turns its failures into those of endpoints."""

    def close(self) -> None:
        """Close connections."""


class QueryRewriter(Protocol):
    """Says queries about one version in words that the engine evaluates faster, with the same answer."""

    def rewrite(self, text: str, *, is_union: bool, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
        """Return the text for the engine; the same text if there is nothing to gain.

        `is_union` says that the query is about all graphs together, and `prefixes` need no declaration.
        """


class QueryService(Protocol):
    """Answers queries under limits. Thread-safe."""

    limits: Limits
    #: A query without a dataset clause sees the union of all graphs.
    union_default_graph: bool

    def __hash__(self) -> int:
        """Caches use it to tell services apart."""

    @property
    def names(self) -> Namespaces:
        """The base IRI, prefixes, graphs and languages of the dataset."""

    @property
    def snapshot(self) -> ServedDataset:
        """The state that the next query will be answered from."""

    def book(self) -> Book:
        """Return the read model of that state, which pages read instead of sending queries."""

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Check and run a query and return its whole result, or raise one of the errors of `digitech_kg.errors`."""

    def follow(self) -> None:
        """Answer from the newest version from now on."""

    def load(self) -> dict[str, int]:
        """Return how much there is to do, by name, for monitoring."""

    def known_quads(self) -> int | None:
        """Return the number of quads if it is known without asking anybody, for monitoring."""

    def close(self) -> None:
        """Close processes and connections."""
