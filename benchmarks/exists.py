"""Queries of a dozen kinds on generated data, as they are and rewritten, in one process: times and their ratios.

As a program: `python benchmarks/exists.py --size 920000`. It measures processor time, so other programs
on the machine disturb it little. Rewriting is included, and nothing is cached between runs.
"""

import argparse
import time
from collections.abc import Callable
from math import exp, log
from typing import Any

from generate import DK, PREFIXES, iter_lines
from pyoxigraph import RdfFormat, Store, parse

from digitech_kg.parts.rewriting.rewriter import rewrite
from digitech_kg.parts.rewriting.statistics import Statistics, statistics_of

_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dk", "id", "rdf"))
_COUNT = "SELECT (COUNT(*) AS ?count) WHERE "
#: Queries by kind. Queries that take minutes on a million triples without rewriting have a small outer side.
QUERIES = {
    "EXISTS, chain": _COUNT + "{ ?s dk:generality ?g FILTER EXISTS { ?s dk:statedIn ?p . ?p dk:isPartOf ?d } }",
    "EXISTS, path": _COUNT + "{ ?s dk:generality ?g FILTER EXISTS { ?s dk:statedIn/dk:isPartOf ?d } }",
    "NOT EXISTS, chain": _COUNT + "{ ?s dk:generality ?g FILTER NOT EXISTS { ?s dk:subject ?x . ?x dk:isPartOf ?y } }",
    "EXISTS, small side": _COUNT + "{ ?s dk:object ?o FILTER EXISTS { ?s dk:generality ?g } }",
    "EXISTS, a third": _COUNT + "{ ?s dk:object ?o FILTER EXISTS { ?s dk:cue ?c } }",
    "EXISTS, as large": _COUNT + "{ ?s dk:object ?o FILTER EXISTS { ?s dk:subject ?c } }",
    "EXISTS, half": _COUNT + "{ ?s dk:cue ?c FILTER EXISTS { ?s dk:heldBy ?h } }",
    "OPTIONAL, small side": _COUNT + "{ ?s dk:object ?o OPTIONAL { ?s dk:generality ?g } }",
    "OPTIONAL, half": _COUNT + "{ ?s dk:cue ?c OPTIONAL { ?s dk:heldBy ?h } }",
    "NOT EXISTS, small side": _COUNT + "{ ?s dk:object ?o FILTER NOT EXISTS { ?s dk:generality ?g } }",
    "MINUS, large side": _COUNT + "{ ?s dk:object ?o MINUS { ?s rdf:type ?t } }",
    "MINUS, small before large": _COUNT + "{ ?s dk:generality ?g MINUS { ?s dk:object ?o } }",
    "MINUS, chain": _COUNT + "{ ?s dk:statedIn ?p MINUS { ?p rdf:type ?t . ?p dk:isPartOf ?d } }",
    "FILTER by IRI": _COUNT + "{ ?s dk:object ?o . ?s dk:subject ?x FILTER(?x = id:thing-5) }",
    "FILTER by IRIs": _COUNT + "{ ?s dk:predicate ?p FILTER(?p IN (dk:adopts, dk:raises)) }",
    "COUNT of all": _COUNT + "{ ?s ?p ?o }",
    "COUNT of a property": _COUNT + "{ ?s dk:object ?o }",
    "COUNT of a UNION": _COUNT + "{ { ?s dk:object ?o } UNION { ?s dk:subject ?o } }",
    "COUNT by property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p",
    "COUNT by class": "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c",
    "COUNT of subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "COUNT of objects of a property": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s dk:subject ?o }",
    "COUNT of literals": "SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER(isLiteral(?o)) }",
    "classes": "SELECT DISTINCT ?c { ?s a ?c } ORDER BY ?c",
    "one thing (no rule)": "SELECT ?p ?o { id:thing-5 ?p ?o } ORDER BY ?p ?o",
    "one thing, EXISTS": "SELECT ?c { ?c dk:subject id:thing-5 FILTER NOT EXISTS { ?c dk:heldBy ?h } } ORDER BY ?c",
}


def main() -> None:
    """Load data, time the queries, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=100_000, help="about how many triples (default: 100000)")
    parser.add_argument("--longest", type=float, default=5.0, help="seconds until a query is not repeated (default: 5)")
    options = parser.parse_args()
    store = Store()
    lines = "".join(iter_lines(options.size, named_graphs=True)).encode()
    store.bulk_extend(parse(lines, format=RdfFormat.N_QUADS))
    statistics = statistics_of(store)
    print(f"{statistics.triples:,} triples, {DK}; milliseconds of the processor, the best of three")
    print(f"| {'kind':26} | as it is | rewritten | ratio |\n|---|---|---|---|")
    ratios = []
    for kind, query in QUERIES.items():
        before, rows = _time(lambda q=_PROLOGUE + query: _run(store, q), options.longest)  # type: ignore[misc]
        after, same = _time(lambda q=_PROLOGUE + query: _run_rewritten(store, q, statistics), options.longest)  # type: ignore[misc]
        assert rows == same, kind
        ratios.append(after / before)
        print(f"| {kind:26} | {before * 1000:.2f} | {after * 1000:.2f} | {after / before:.3f} |", flush=True)
    print(f"geometric mean of the ratios: {exp(sum(map(log, ratios)) / len(ratios)):.3f}")


def _run(store: Store, query: str) -> list[list[str]]:
    result: Any = store.query(query, use_default_graph_as_union=True)
    return [[str(term) for term in row] for row in result]


def _run_rewritten(store: Store, query: str, statistics: Statistics) -> list[list[str]]:
    rewriting = rewrite(query, statistics=statistics, is_union=True)
    if rewriting.rules:
        Store().query(query)
    return _run(store, rewriting.text)


def _time(run: Callable[[], list[list[str]]], longest_s: float) -> tuple[float, list[list[str]]]:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        rows = run()
        took = time.process_time() - started
        best = min(best, took)
        if took > longest_s:
            break
    return best, rows


if __name__ == "__main__":
    main()
