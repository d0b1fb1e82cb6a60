"""Ask the engine a query as it is and rewritten, and say whether the answers are equal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store

from digitech_kg.parts.rewriting.rewriter import rewrite
from digitech_kg.triple_store import store_of
from parts.rewriting.random_queries import Queries, random_quads


@dataclass(frozen=True)
class Pair:
    """A query about a dataset, and how it was rewritten. `fault` is empty if the answers are equal."""

    query: str
    quads: list[Quad]
    is_union: bool
    rewritten: str
    fault: str = ""

    def __str__(self) -> str:
        data = "\n".join(map(str, self.quads))
        return f"{self.fault}\n{self.query}\n{self.rewritten}\nunion: {self.is_union}\n{data}"


def random_pair(chance: Random) -> Pair:
    """Return a query about a dataset that the engine takes and a rule applies to, and its rewriting."""
    while True:
        if pair := _random_pair(chance):
            return pair


def _random_pair(chance: Random) -> Pair | None:
    quads, query, is_union = random_quads(chance), Queries(chance).query(), chance.random() < 0.6
    store, rewritten = store_of(quads), rewrite(query)
    if rewritten == query:
        return None
    try:
        expected = answer(store, query, is_union)
    except (SyntaxError, OSError, ValueError, RuntimeError):
        return None
    try:
        found = answer(store, rewritten, is_union)
    except (SyntaxError, OSError, ValueError, RuntimeError) as error:
        return Pair(query, quads, is_union, rewritten, f"refused: {error}")
    fault = "" if found == expected else f"missing {expected[1] - found[1]}, added {found[1] - expected[1]}"
    return Pair(query, quads, is_union, rewritten, fault)


def answer(store: Store, query: str, is_union: bool) -> tuple[Any, Counter[Any]]:
    """Return the names of the columns, and how often each row comes."""
    result: Any = store.query(query, use_default_graph_as_union=is_union)
    if isinstance(result, QueryBoolean):
        return "ask", Counter([bool(result)])
    if isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
        return names, Counter(tuple(str(row[name]) for name in names) for row in result)
    return "graph", Counter(str(triple) for triple in result)
