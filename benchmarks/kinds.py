"""Compare this service with Oxigraph's own server and Virtuoso, kind of query by kind of query.

The kinds are those by which Sparqloscope looks at engines (https://github.com/ad-freiburg/sparqloscope), written anew
for generated data, which has no dates. All triples are in named graphs, and queries see their union. All servers get
each query in turn: first every query once, on servers that have just started with freshly imported data, then each
query several times. Example: `python benchmarks/kinds.py --size 930000 --write docs/performance.md`.
"""

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from generate import PREFIXES
from page import write_kinds
from report import Latency
from run import Counter, Query, busy_part, make_data, measure_latencies
from servers import BareEngine, Contender, start_oxigraph, start_this_service, start_virtuoso, virtuoso_is_there

_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dk", "rdf", "rdfs", "skos"))
_ROWS = "SELECT (COUNT(*) AS ?n) "
#: Pairs of properties: what they stand for, and their names. Large ones have many triples, small ones few.
_PAIRS = {
    "small, large": ("dk:generality", "rdf:type"),
    "large, small": ("rdf:type", "dk:generality"),
    "large, large": ("rdf:type", "dk:subject"),
    "large, large, large result": ("skos:prefLabel", "rdf:type"),
    "large, large, small result": ("dk:heldBy", "dk:cue"),
    "the same the other way round": ("dk:cue", "dk:heldBy"),
}
_STAR = [f"?s {name} ?o{number} . " for number, name in enumerate(("dk:subject", "dk:object", "dk:statedIn"))]
_CHAIN = ["?a dk:supports ?b . ", "?b dk:subject ?c . ", "?c skos:prefLabel ?d . "]
#: How a part is tied to the one before it.
_TIES: dict[str, Callable[[str], str]] = {
    "join": lambda part: part,
    "optional": lambda part: f"OPTIONAL {{ {part}}}",
    "minus": lambda part: f"MINUS {{ {part}}}",
    "exists": lambda part: f"FILTER EXISTS {{ {part}}}",
}
_SMALL = ("dk:generality", "dk:negated", "dk:cue", "dk:heldBy", "dk:supports")


def make_queries() -> dict[str, dict[str, str]]:
    """Return the queries by kind and name."""
    kinds = {kind: _tied(kind, tie) for kind, tie in _TIES.items()}
    small_star = "".join(f"?s {name} ?o{number} . " for number, name in enumerate(_SMALL))
    small_chain = "".join(f"?v{number} dk:supports ?v{number + 1} . " for number in range(5))
    kinds["join"] |= {
        "star of small ones": f"{_ROWS}{{ {small_star}}}",
        "chain of small ones": f"{_ROWS}{{ {small_chain}}}",
    }
    twice = "{ ?s rdf:type ?o } UNION { ?s rdf:type ?o } "
    kinds["union"] = {
        "nothing beside": f"{_ROWS}{{ {twice}}}",
        "small join": f"{_ROWS}{{ {twice}?s dk:generality ?g }}",
        "large join": f"{_ROWS}{{ {twice}?s dk:subject ?g }}",
        "filter": f"{_ROWS}{{ {twice}FILTER(?s = ?o) }}",
    }
    kinds["two columns"] = {
        "small, large": f"{_ROWS}{{ ?s dk:heldBy ?o . ?s dk:subject ?o }}",
        "large, small": f"{_ROWS}{{ ?s dk:subject ?o . ?s dk:heldBy ?o }}",
        "large, large": f"{_ROWS}{{ ?s dk:subject ?o . ?s dk:object ?o }}",
    }
    kinds["group by"] = {
        "subject": _grouped("?s", "?s rdf:type ?o", "(COUNT(?s) AS ?n)"),
        "object": _grouped("?o", "?s rdf:type ?o", "(COUNT(?o) AS ?n)"),
        "object, few": _grouped("?o", "?s dk:predicate ?o", "(COUNT(?s) AS ?n)"),
        "object, many": _grouped("?o", "?s rdfs:comment ?o", "(COUNT(?s) AS ?n)"),
        "object of a join": _grouped("?o", "?s dk:predicate ?o . ?s dk:subject ?x", "(COUNT(?s) AS ?n)"),
        "several aggregates": _grouped(
            "?o",
            "?s dk:predicate ?o . ?s dk:subject ?x",
            "(COUNT(?s) AS ?n) (MIN(?s) AS ?min) (MAX(?s) AS ?max) (SAMPLE(?s) AS ?any)",
        ),
    }
    kinds["path"] = {"one or more": f"{_ROWS}{{ ?s dk:isPartOf+ ?o }}"}
    tests = {
        "contains": 'CONTAINS(?o, "com")',
        "three letters": 'REGEX(?o, "com")',
        "with a dot": 'REGEX(?o, "c.m")',
        "beginning, one letter": 'REGEX(?o, "^C")',
        "beginning, two letters": 'REGEX(?o, "^Co")',
        "beginning, three letters": 'REGEX(?o, "^Com")',
    }
    kinds["text filter"] = {name: f"{_ROWS}{{ ?s rdfs:comment ?o FILTER {test} }}" for name, test in tests.items()}
    kinds["text function"] = _summed(
        "?s rdfs:comment ?o",
        {
            "length": "STRLEN(?o)",
            "before": 'STRLEN(STRBEFORE(?o, "a"))',
            "after": 'STRLEN(STRAFTER(?o, "a"))',
            "starts": 'IF(STRSTARTS(?o, "a"), 1, 0)',
            "ends": 'IF(STRENDS(?o, "a"), 1, 0)',
        },
    )
    kinds["size of the answer"] = {
        f"{rows:,} rows": f"SELECT ?s ?o {{ ?s rdf:type ?o }} LIMIT {rows}" for rows in (10, 1000, 100_000, 1_000_000)
    }
    kinds["number function"] = {"count": f"{_ROWS}{{ ?s dk:startOffset ?o }}"} | _summed(
        "?s dk:startOffset ?o",
        {
            "sum": "?o",
            "absolute": "ABS(?o)",
            "ceiling": "CEIL(?o)",
            "floor": "FLOOR(?o)",
            "round": "ROUND(?o)",
            "twice": "?o + ?o",
            "greater": "IF(?o > 0, 1, 0)",
        },
    )
    kinds["filter"] = {
        "number": "SELECT (COUNT(?s) AS ?n) { ?s dk:startOffset ?o FILTER(?o >= 1800000) }",
        "few rows": "SELECT (COUNT(?s) AS ?n) { ?s rdf:type ?o FILTER(?s = ?o) }",
        "many rows": "SELECT (COUNT(?s) AS ?n) { ?s rdf:type ?o FILTER(?s != ?o) }",
    }
    kinds["statistics"] = {
        "triples": "SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }",
        "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "literals": "SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER ISLITERAL(?o) }",
        "blank nodes": "SELECT (COUNT(?s) AS ?n) { ?s ?p ?o FILTER ISBLANK(?s) }",
    }
    return kinds


def _tied(kind: str, tie: Callable[[str], str]) -> dict[str, str]:
    found = {name: f"?s {first} ?a . {tie(f'?s {second} ?b . ')}" for name, (first, second) in _PAIRS.items()}
    for name, (first, second, third) in (("star", _STAR), ("chain", _CHAIN)):
        found[f"{name}, last one"] = f"{first}{second}{tie(third)}"
        if kind != "join":
            found[f"{name}, last two"] = f"{first}{tie(second + third)}"
    return {name: f"{_ROWS}{{ {pattern} }}" for name, pattern in found.items()}


def _grouped(by: str, pattern: str, values: str) -> str:
    return f"SELECT {by} {values} {{ {pattern} }} GROUP BY {by} ORDER BY DESC(?n) LIMIT 100"


def _summed(pattern: str, values: dict[str, str]) -> dict[str, str]:
    return {name: f"SELECT (SUM({value}) AS ?sum) {{ {pattern} }}" for name, value in values.items()}


@dataclass
class Measured:
    """Times by kind and name of query, and by contender."""

    quads: int
    names: list[str]
    latency_s: dict[tuple[str, str], dict[str, Latency]] = field(default_factory=dict)
    #: The same for the first time that each query was asked, right after the servers had started.
    first_s: dict[tuple[str, str], dict[str, Latency]] = field(default_factory=dict)

    def ratio(self, name: str, other: str, kind: str | None = None, *, first: bool = False) -> float:
        """Return the geometric mean of the ratios to another contender, of one kind or all, where both answered."""
        logs = [
            math.log(times[name].median / times[other].median)
            for (of, _), times in (self.first_s if first else self.latency_s).items()
            if kind in (None, of) and math.isfinite(times[name].median + times[other].median)
        ]
        return math.exp(sum(logs) / len(logs)) if logs else math.nan


def to_text(measured: Measured, others: float) -> str:
    """Return tables: by kind, and the queries that are slow, or slower here than with Oxigraph's server."""
    ours, base, *more = measured.names
    kinds = list(dict.fromkeys(kind for kind, _ in measured.latency_s))
    lines = [f"{len(measured.latency_s)} queries on {measured.quads:,} triples, no answer from a cache.", ""]
    if others > 0.1:
        lines += [f"The machine was busy with other things ({others:.0%} of its cores): measure again.", ""]
    ratios_to = (f"ratio to {name}" for name in (base, *more))
    lines += [_row("kind", "queries", *ratios_to, f"first time, ratio to {base}", "slowest here, ms")]
    lines += ["|---" * (5 + len(more)) + "|"]
    for kind in kinds:
        slowest = max(times[ours].median for (of, _), times in measured.latency_s.items() if of == kind)
        count = sum(of == kind for of, _ in measured.latency_s)
        ratios = [_ratio(measured.ratio(ours, name, kind)) for name in (base, *more)]
        ratios.append(f"{measured.ratio(ours, base, kind, first=True):.2f}")
        lines.append(_row(kind, str(count), *ratios, _milliseconds(slowest)))
    ratios = [f"**{measured.ratio(ours, name):.2f}**" for name in (base, *more)]
    ratios.append(f"**{measured.ratio(ours, base, first=True):.2f}**")
    lines += [_row("**all**", str(len(measured.latency_s)), *ratios, ""), ""]
    lines += ["Slower here than with Oxigraph's server, or above a second; milliseconds:", ""]
    lines += [_row("query", *measured.names), "|---" * (1 + len(measured.names)) + "|"]
    for (kind, name), times in measured.latency_s.items():
        if times[ours].median > min(1.0, times[base].median):
            cells = (_milliseconds(times[contender].median) for contender in measured.names)
            lines.append(_row(f"{kind}: {name}", *cells))
    return "\n".join(lines) + "\n"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "no answer"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}" if math.isfinite(seconds) else "no answer"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def measure(directory: Path, options: argparse.Namespace) -> Measured:
    """Make data, start the servers, and ask everything."""
    cores = sorted(os.sched_getaffinity(0))
    data = make_data(directory, options.size, named_graphs=True)
    starts = [start_this_service, start_oxigraph]
    if virtuoso_is_there() and not options.fast:
        starts.append(start_virtuoso)
    contenders: list[Contender | BareEngine] = []
    try:
        for start in starts:
            contenders.append(start(data, {cores[0]}))
            print(f"{contenders[-1].name} is there", file=sys.stderr, flush=True)
        os.sched_setaffinity(0, {cores[-1]})
        measured, counter = Measured(data.quads, [contender.name for contender in contenders]), Counter()
        queries = {
            (kind, name): Query(name, f"{_PROLOGUE}{text}\n")
            for kind, found in make_queries().items()
            for name, text in found.items()
            if not options.kind or kind in options.kind
        }
        for times, rounds in ((measured.first_s, 0), (measured.latency_s, options.rounds)):
            for key, query in queries.items():
                print(": ".join(key), file=sys.stderr, flush=True)
                times[key] = measure_latencies(contenders, query, counter, seconds=options.seconds, rounds=rounds)
    finally:
        os.sched_setaffinity(0, set(cores))
        for contender in contenders:
            contender.stop()
    return measured


def main() -> None:
    """Measure, print the tables, and write them into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=930_000, help="about how many triples (default: 930000)")
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long per query and server (default: 2)")
    parser.add_argument("--rounds", type=int, default=10, help="at most so many rounds per query (default: 10)")
    parser.add_argument("--kind", action="append", help="only this kind; may be given again")
    parser.add_argument("--fast", action="store_true", help="without Virtuoso")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there, such as docs/performance.md")
    options = parser.parse_args()
    others = busy_part()
    with tempfile.TemporaryDirectory(prefix="digitech-kg-bench-") as directory:
        measured = measure(Path(directory), options)
    text = to_text(measured, max(others, busy_part()))
    print(text)
    if options.write:
        write_kinds(options.write, text)


if __name__ == "__main__":
    main()
