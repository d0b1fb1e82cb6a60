"""Rows of a query as terms, for pages; the one place where pages meet the query service."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.errors import NotFound
from digitech_kg.formats import by_name

_JSON = by_name("json")


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term: `kind` is uri, literal or bnode."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""


Row = dict[str, Term]


class GraphReader:
    """Reads the current snapshot for pages."""

    def __init__(self, service: QueryService) -> None:
        self._service = service

    @property
    def version(self) -> str:
        """The name of the snapshot that is current."""
        return self._service.snapshot.version

    def rows(self, query: str) -> list[Row]:
        """Give the solutions of a SELECT query; the project's prefixes need no declaration."""
        with self._service.query(QueryRequest(query, _JSON, None, known_prefixes=True)) as answer:
            bindings = json.loads(answer.read())["results"]["bindings"]
        return [{name: _term(term) for name, term in row.items()} for row in bindings]


def _term(term: dict[str, Any]) -> Term:
    value = term["value"] if isinstance(term["value"], str) else json.dumps(term["value"])
    return Term(term["type"], value, term.get("xml:lang", ""), term.get("datatype", ""))


def node(iri: str) -> str:
    """Give an IRI as it stands in a query. Raises `NotFound` for text that is no IRI, so nothing can be smuggled in."""
    try:
        return str(NamedNode(iri))
    except ValueError:
        raise NotFound(f"'{iri}' is no IRI", hint="Search for what you meant.") from None


def values(iris: Iterable[str]) -> str:
    """Give IRIs as the inside of a VALUES block, sorted so that the same set gives the same query."""
    return " ".join(node(iri) for iri in sorted(set(iris)))
