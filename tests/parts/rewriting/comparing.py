"""Ask the engine a query as it is and rewritten, and say whether the answers are equal."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store

from digitech_kg.parts.rewriting.rewriter import Rewriting, rewrite
from digitech_kg.parts.rewriting.statistics import Statistics, statistics_of
from digitech_kg.triple_store import store_of
from parts.rewriting.random_queries import EX, Queries, random_quads

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Pair:
    """A query about a dataset, and how it was rewritten. `fault` is empty if the answers are equal."""

    query: str
    quads: list[Quad]
    is_union: bool
    rewriting: Rewriting
    fault: str = ""

    def __str__(self) -> str:
        data = "\n".join(map(str, self.quads))
        done = "; ".join(self.rewriting.rules)
        return f"{self.fault}\n{self.query}\n{self.rewriting.text}\n{done}\nunion: {self.is_union}\n{data}"


def random_pair(chance: Random) -> Pair:
    """Return a query about a dataset that the engine takes and a rule applies to, and its rewriting."""
    while True:
        if pair := _random_pair(chance):
            return pair


def _random_pair(chance: Random) -> Pair | None:
    quads, query, is_union = random_quads(chance), Queries(chance).query(), chance.random() < 0.6
    exact = is_union and ("COUNT" in query or "DISTINCT" in query or chance.random() < 0.3)
    store = store_of(quads)
    statistics = statistics_of(store) if exact else _random_statistics(chance)
    rewriting = rewrite(query, statistics=statistics, is_union=exact)
    if not rewriting.rules:
        return None
    try:
        expected = answer(store, query, is_union)
    except (SyntaxError, OSError, ValueError, RuntimeError):
        return None
    try:
        found = answer(store, rewriting.text, is_union)
    except (SyntaxError, OSError, ValueError, RuntimeError) as error:
        return Pair(query, quads, is_union, rewriting, f"refused: {error}")
    fault = "" if found == expected else f"missing {expected[1] - found[1]}, added {found[1] - expected[1]}"
    return Pair(query, quads, is_union, rewriting, fault)


def answer(store: Store, query: str, is_union: bool) -> tuple[Any, Counter[Any]]:
    """Return the names of the columns, and how often each row comes."""
    result: Any = store.query(query, use_default_graph_as_union=is_union)
    if isinstance(result, QueryBoolean):
        return "ask", Counter([bool(result)])
    if isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
        return names, Counter(tuple(str(row[name]) for name in names) for row in result)
    return "graph", Counter(str(triple) for triple in result)


def _random_statistics(chance: Random) -> Statistics:
    """Return statistics of any other dataset: they decide which way is taken, and each must give the same."""
    sizes = (1, 5, 100, 10_000)
    properties = {f"{EX}{name}": chance.choice(sizes) for name in "pqr"}
    classes = {f"{EX}{name}": chance.choice(sizes) for name in "AB"}
    return Statistics(20_000, {**properties, _RDF_TYPE: chance.choice(sizes)}, classes)
