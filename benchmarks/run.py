"""Compare this service with the bare engine, Oxigraph's own server and rdflib-endpoint on this machine.

The servers run on one core and the client on another. Contenders take turns query by query, so that what disturbs the
machine disturbs all of them alike. Ratios are ratios of medians. Example: `python benchmarks/run.py --size 93000`.
"""

import argparse
import contextlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from client import Connection, Endpoint, Failed, measure_throughput
from generate import iter_lines
from page import write_comparison
from report import Latency, Result, to_text
from servers import BareEngine, Contender, Data, start_oxigraph, start_rdflib_endpoint, start_this_service

ROOT = Path(__file__).parent.parent
#: Above this size rdflib-endpoint needs minutes for single queries.
_RDFLIB_LIMIT = 100_000
#: Queries that many clients ask at the same time: the ones that an application asks for every page.
_SMALL = range(10)
_CLIENTS = (1, 8, 64)
_SOLUTIONS, _GRAPH = "application/sparql-results+json", "text/turtle"


@dataclass(frozen=True)
class Query:
    """A query of the mix."""

    name: str
    text: str

    @property
    def accept(self) -> str:
        """The media type to ask for."""
        return _GRAPH if "CONSTRUCT" in self.text else _SOLUTIONS

    def request(self, endpoint: Endpoint, number: int, *, etag: str = "") -> bytes:
        """Return the bytes of a request; another number makes another text, so that no cache can answer."""
        return endpoint.request(f"{self.text}# {number}\n", accept=self.accept, etag=etag)


@dataclass
class Counter:
    """Numbers that are never used twice."""

    value: int = field(default_factory=lambda: int(time.time()) * 1000)

    def next(self) -> int:
        """Return the next number."""
        self.value += 1
        return self.value


def load_queries() -> list[Query]:
    """Read the queries of the mix in the order of their names, without their headers."""
    return [
        Query(path.stem, "".join(line for line in path.read_text().splitlines(keepends=True) if line[:2] != "#+"))
        for path in sorted((Path(__file__).parent / "queries").glob("*.rq"))
    ]


def make_data(directory: Path, size: int, *, named_graphs: bool) -> Data:
    """Write the data file and publish it for this service."""
    data = write_data(directory, size, named_graphs=named_graphs)
    data.publish()
    return data


def write_data(directory: Path, size: int, *, named_graphs: bool) -> Data:
    """Write the data file."""
    file, quads = directory / "data.nq", 0
    with file.open("w", encoding="utf-8") as target:
        for line in iter_lines(size, named_graphs=named_graphs):
            target.write(line)
            quads += 1
    return Data(file, quads, named_graphs)


def measure_latencies(
    contenders: list[Contender | BareEngine], query: Query, counter: Counter, *, seconds: float, rounds: int
) -> dict[str, Latency]:
    """Return the times of a query by contender.

    The contenders take turns; each has at least one turn that counts, and about `seconds` or at most `rounds`. With no
    rounds each is asked once.
    """
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    spent = dict.fromkeys(times, 0.0)
    for turn in range(rounds + 1):
        for contender in contenders:
            if times[contender.name] and spent[contender.name] > seconds:
                continue
            took = _ask(contender, query, counter)
            spent[contender.name] += took
            # The first turn is a warm-up, unless it took so long that it need not be repeated.
            if turn or took > seconds or not rounds:
                times[contender.name].append(took)
    return {name: Latency.of(values) for name, values in times.items()}


def _ask(contender: Contender | BareEngine, query: Query, counter: Counter) -> float:
    if isinstance(contender, BareEngine):
        return contender.ask(query.text)
    try:
        return contender.ask(query.request(contender.endpoint, counter.next()))
    except Failed:
        return math.inf
    except TimeoutError:
        # It may go on evaluating for hours and disturb everything after it.
        contender.restart()
        return math.inf


def measure_load(
    contender: Contender, queries: list[Query], counter: Counter, *, seconds: float
) -> dict[str, dict[int, float]]:
    """Return replies per second by kind of request and number of clients."""
    small = [queries[index] for index in _SMALL]
    repeated = small[3]
    connection = Connection(contender.endpoint)
    etag = connection.ask(repeated.request(contender.endpoint, 0))[0].header("etag")
    connection.close()
    kinds: dict[str, Callable[[int], bytes]] = {
        "different small queries": lambda n: small[n % len(small)].request(contender.endpoint, counter.next()),
        "one query repeated": lambda _: repeated.request(contender.endpoint, 0),
    }
    if etag:
        kinds["repeated with If-None-Match"] = lambda _: repeated.request(contender.endpoint, 0, etag=etag)
    return {
        kind: {n: measure_throughput(contender.endpoint, make, clients=n, seconds=seconds) for n in _CLIENTS}
        for kind, make in kinds.items()
    }


@contextlib.contextmanager
def running(data: Data, cores: set[int], *, with_rdflib: bool) -> Iterator[list[Contender | BareEngine]]:
    """Start the contenders one after the other and stop each of them at the end, whatever happens."""
    starts: list[Callable[[Data, set[int]], Contender | BareEngine]] = [
        start_this_service,
        start_oxigraph,
        BareEngine,
    ]
    if with_rdflib:
        starts.append(start_rdflib_endpoint)
    contenders: list[Contender | BareEngine] = []
    try:
        for start in starts:
            contenders.append(start(data, cores))
            _say(f"{contenders[-1].name} has started in {contenders[-1].start_s:.2f} s")
        yield contenders
    finally:
        for contender in contenders:
            contender.stop()


def run(options: argparse.Namespace, directory: Path) -> Result:
    """Make data of one size and measure everything."""
    cores, others = sorted(os.sched_getaffinity(0)), busy_part()
    server_core, client_core = {cores[0]}, {cores[-1]}
    _say(f"making about {options.size:,} triples")
    data = make_data(directory, options.size, named_graphs=options.named_graphs)
    queries, counter = load_queries(), Counter()
    result = Result(data.quads, named_graphs=options.named_graphs, one_core=server_core == client_core)
    with running(data, server_core, with_rdflib=data.quads <= _RDFLIB_LIMIT and not options.fast) as contenders:
        os.sched_setaffinity(0, client_core)
        for contender in contenders:
            result.start_s[contender.name] = contender.start_s
        for query in queries:
            _say(f"query {query.name}")
            result.latency_s[query.name] = measure_latencies(
                contenders, query, counter, seconds=options.seconds, rounds=options.rounds
            )
        for contender in contenders:
            result.memory_bytes[contender.name] = contender.memory_bytes()
            if isinstance(contender, Contender) and contender.name != "rdflib-endpoint":
                _say(f"many clients at {contender.name}")
                result.throughput[contender.name] = measure_load(
                    contender, queries, counter, seconds=options.load_seconds
                )
    os.sched_setaffinity(0, set(cores))
    result.others = max(others, busy_part())
    return result


def busy_part(seconds: float = 2.0) -> float:
    """Return the part of the machine's cores that are busy while this process does nothing, 0 to 1."""
    before = _core_times()
    time.sleep(seconds)
    spent = [after - earlier for after, earlier in zip(_core_times(), before, strict=True)]
    idle = spent[3] + spent[4]
    return 1 - idle / max(1, sum(spent))


def _core_times() -> list[int]:
    """Return what all cores together have spent: user, nice, system, idle, waiting for input and output, and so on."""
    return [int(number) for number in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Measure one or more sizes, print the results, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, action="append", help="about how many triples; may be given again")
    parser.add_argument("--named-graphs", action="store_true", help="data in named graphs, asked as their union")
    parser.add_argument("--seconds", type=float, default=4.0, help="about how long per query (default: 4)")
    parser.add_argument("--rounds", type=int, default=60, help="at most so many rounds per query (default: 60)")
    parser.add_argument("--load-seconds", type=float, default=3.0, help="per kind of load (default: 3)")
    parser.add_argument("--fast", action="store_true", help="without rdflib-endpoint")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there, such as docs/performance.md")
    options = parser.parse_args()
    results = []
    for size in options.size or [93_000]:
        options.size = size
        with tempfile.TemporaryDirectory(prefix="digitech-kg-bench-") as directory:
            results.append(run(options, Path(directory)))
        print(to_text(results[-1]))
    if options.write:
        write_comparison(options.write, [to_text(result) for result in results])


if __name__ == "__main__":
    main()
