"""Runaway queries from many clients, and what a normal client notices of them."""

import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from target import Target

QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
    "SELECT * { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)* ?c }",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '(a|a?)+(b|b?)+c$') . ?x ?y ?z }",
    "SELECT * { VALUES ?x {" + " ".join(f"'{i}'" for i in range(20_000)) + "} ?a ?b ?c . ?d ?e ?f }",
)
NORMAL = (
    "PREFIX dk: <https://w3id.org/digitech-kg/ontology#> SELECT ?c ?s { ?c a dk:Company ; dk:isInSector ?s } "
    "ORDER BY ?c # "
)
_TIMEOUT_S = 6


@dataclass
class Outcome:
    """What was measured; times in milliseconds unless the name says otherwise."""

    queries: int
    clients: int
    quiet: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    longest_s: float = 0.0
    #: Memory before, at most, and after.
    resident_mib: tuple[float, float, float] = (0, 0, 0)
    left: list[int] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times as long the normal client's slowest twentieth takes beside the runaways."""
        return _p95(self.beside) / _p95(self.quiet)

    @property
    def met(self) -> bool:
        """Whether the aims are met."""
        return self.ratio <= 3 and self.longest_s <= _TIMEOUT_S + 1 and not self.left and 200 not in self.statuses


def run_away(queries: int, clients: int) -> Outcome:
    """Let `clients` send `queries` runaway queries beside a normal client."""
    target, outcome = Target("--query-timeout", str(_TIMEOUT_S), "--query-memory", "300"), Outcome(queries, clients)
    _ask_on(target, 1, "warm")
    outcome.quiet = _ask_on(target, 4, "quiet")
    before = most = target.resident_mib()
    threads = _attack(target, outcome)
    while any(thread.is_alive() for thread in threads):
        outcome.beside += _ask_on(target, 1, f"beside{len(outcome.beside)}-")
        most = max(most, target.resident_mib())
    time.sleep(0.5)
    # Before and after, so that other disturbances of the machine count for both sides.
    outcome.quiet += _ask_on(target, 4, "quiet again")
    outcome.resident_mib = before, most, target.resident_mib()
    outcome.left = target.stop()
    return outcome


def _attack(target: Target, outcome: Outcome) -> list[threading.Thread]:
    """Start the clients; each sends one query after the other until none is left."""
    todo = [QUERIES[i % len(QUERIES)] + f" # {i}" for i in range(outcome.queries)]
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                if not todo:
                    return
                query = todo.pop()
            started = time.monotonic()
            status, _ = target.ask(query)
            with lock:
                outcome.statuses[status] += 1
                outcome.longest_s = max(outcome.longest_s, time.monotonic() - started)

    threads = [threading.Thread(target=client) for _ in range(outcome.clients)]
    for thread in threads:
        thread.start()
    return threads


def _ask_on(target: Target, seconds: float, tag: str) -> list[float]:
    """Ask a small query that no cache knows, again and again for a time, and return the milliseconds of each."""
    taken, end, number = [], time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        started = time.perf_counter()
        status, _ = target.ask(f"{NORMAL}{tag}{number}")
        taken.append((time.perf_counter() - started) * 1000)
        assert status == 200, status
        time.sleep(0.02)
    return taken


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def to_text(outcome: Outcome) -> str:
    """Return the outcome as Markdown."""
    rows = [
        f"| {name} | {statistics.median(values):.1f} | {_p95(values):.1f} | {max(values):.0f} | {len(values)} |"
        for name, values in (("quiet", outcome.quiet), ("beside the runaway queries", outcome.beside))
    ]
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(outcome.statuses.items()))
    before, most, after = outcome.resident_mib
    return "\n".join([
        f"{outcome.clients} clients send {outcome.queries} runaway queries (cross products, nested paths, exploding",
        "aggregates, a bad regular expression, long VALUES) while another client asks a small query every 20 ms.",
        "",
        "| the other client | median, ms | 95th percentile, ms | longest, ms | queries |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"- Ratio of the 95th percentiles: {outcome.ratio:.2f} (aim: at most 3).",
        f"- Answers to the runaway queries: {statuses}; the longest after {outcome.longest_s:.1f} s, of "
        f"{_TIMEOUT_S} s allowed (aim: at most {_TIMEOUT_S + 1}).",
        f"- Memory of all processes: {before:,.0f} MiB before, {most:,.0f} MiB at most, {after:,.0f} MiB after.",
        f"- Processes left when the server has stopped: {len(outcome.left)}.",
    ])  # fmt: skip
