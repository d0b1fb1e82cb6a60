"""Results of the comparison as text."""

import math
import statistics
from dataclasses import dataclass, field

_BASE = "oxigraph"
_OURS = "digitech-kg"


@dataclass(frozen=True)
class Latency:
    """Seconds of one query with one contender; infinite if there was no answer in time."""

    median: float
    #: The tenth percentile: the time when nothing else runs on the machine.
    quick: float

    @classmethod
    def of(cls, times: list[float]) -> "Latency":
        """Summarize the times of all turns."""
        return cls(statistics.median(times), sorted(times)[len(times) // 10])


@dataclass
class Result:
    """What was measured at one size; everything by contender's name."""

    quads: int
    named_graphs: bool
    one_core: bool
    #: The part of the machine that other programs took just before or after, 0 to 1: above 0.05 they disturb results.
    others: float = 0.0
    latency_s: dict[str, dict[str, Latency]] = field(default_factory=dict)
    throughput: dict[str, dict[str, dict[int, float]]] = field(default_factory=dict)
    start_s: dict[str, float] = field(default_factory=dict)
    memory_bytes: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The contenders in the order of the tables."""
        return list(self.start_s)

    def mean_ratio(self, name: str, *, quick: bool = False) -> float:
        """Return the geometric mean of a contender's ratios to Oxigraph's server: of medians, or of quick times."""
        ratios = [
            times[name].quick / times[_BASE].quick if quick else times[name].median / times[_BASE].median
            for times in self.latency_s.values()
            if math.isfinite(times[name].median)
        ]
        return math.exp(sum(map(math.log, ratios)) / len(ratios))


def to_text(result: Result) -> str:
    """Return one size's results as Markdown tables."""
    graphs = "in named graphs, asked as their union" if result.named_graphs else "in the default graph"
    parts = [f"## {result.quads:,} triples {graphs}", "", *_latencies(result), "", *_loads(result), "", *_costs(result)]
    if result.one_core:
        parts.insert(1, "\nServers and client shared one core, so ratios are nearer to 1 than they are.")
    if result.others > 0.05:
        parts.insert(1, f"\nOther programs took {result.others:.0%} of the machine meanwhile: measure again.")
    return "\n".join(parts) + "\n"


def _latencies(result: Result) -> list[str]:
    others = [name for name in result.names if name != _BASE]
    rows = [_row("query", f"{_BASE}, ms", *(f"{name}, ratio" for name in others)), _rule(2 + len(others))]
    for query, times in result.latency_s.items():
        rows.append(_row(query, f"{times[_BASE].median * 1000:.2f}", *(_ratio(times, n) for n in others)))
    rows.append(_row("**geometric mean**", "", *(f"**{result.mean_ratio(name):.2f}**" for name in others)))
    means = (f"{result.mean_ratio(name, quick=True):.2f}" for name in others)
    rows.append(_row("geometric mean of tenth percentiles", "", *means))
    return ["Median time of a query, as a ratio to Oxigraph's own server (less is better):", "", *rows]


def _ratio(times: dict[str, Latency], name: str) -> str:
    median = times[name].median
    return f"{median / times[_BASE].median:.2f}" if math.isfinite(median) else "no answer in 30 s"


def _loads(result: Result) -> list[str]:
    rows = []
    for name, kinds in result.throughput.items():
        for kind, counts in kinds.items():
            rows.append(_row(name, kind, *(f"{value:,.0f}" for value in counts.values())))
    numbers = next(iter(next(iter(result.throughput.values())).values()))
    heading = [_row("server", "requests", *(f"{n} clients" if n > 1 else "1 client" for n in numbers))]
    return ["Replies per second:", "", *heading, _rule(2 + len(numbers)), *rows]


def _costs(result: Result) -> list[str]:
    rows = [_row("", "start to first answer, s", "memory after the queries, MB"), _rule(3)]
    for name in result.names:
        rows.append(_row(name, f"{result.start_s[name]:.2f}", f"{result.memory_bytes[name] / 1e6:,.0f}"))
    return rows


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|" + "---|" * columns
