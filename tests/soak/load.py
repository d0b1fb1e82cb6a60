"""Eight writers and thirty-two readers at a time, for minutes: `python -m soak.load --help`.

Every answer names the version that it was taken from. Afterwards it is known from the acknowledged writes what each
version holds, so an answer that mixes two of them, or is of another one than it says, is found. Nothing may fail but by
412 (somebody else wrote first) and 429 (too much at a time), and what the processes hold has to level off.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import requests
from pyoxigraph import RdfFormat, parse

from conftest import Server, make_small_project, start_server
from digitech_kg.access import TokenStore
from digitech_kg.commit.building import build
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project
from small import GRAPHS
from soak.processes import Held, held_by, kill_all

WRITERS, READERS = 8, 32
_GRAPH = GRAPHS["load-"].value
_SHARED = _GRAPH + "shared"
_NUMBER = "https://example.org/load/number"
_ALL = f"SELECT ?g ?n {{ GRAPH ?g {{ ?s <{_NUMBER}> ?n }} }}"
_RETRY_S = 0.05
_SAMPLE_S = 2.0

#: Number by graph.
State = dict[str, int]
#: A version, and what an answer says of some graphs at that version; None stands for a graph that is not there.
Seen = tuple[str, frozenset[tuple[str, int | None]], bool]


@dataclass
class Record:
    """What all clients have done and seen. Their own parts are put together at the end."""

    #: What each acknowledged write made of graphs, by version.
    written: dict[str, State] = field(default_factory=dict)
    seen: set[Seen] = field(default_factory=set)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    write_s: list[float] = field(default_factory=list)
    read_s: list[float] = field(default_factory=list)

    def add(self, other: "Record") -> None:
        """Take over what another one has."""
        assert not self.written.keys() & other.written.keys(), "two writes were told the same version"
        self.written |= other.written
        self.seen |= other.seen
        self.statuses += other.statuses
        self.write_s += other.write_s
        self.read_s += other.read_s


class Load:
    """A service of its own over a small project, and its clients."""

    def __init__(self, directory: Path, *, seed: int = 1, keep: str = "20") -> None:
        """`keep` is how many versions keep their data: few, so that their number levels off early."""
        self._seed = seed
        root = make_small_project(directory / "project")
        self.repository = SnapshotRepository(directory / "data")
        build(find_project(root), self.repository)
        tokens = TokenStore(directory / "data")
        self._tokens = [tokens.create(f"writer-{n}", scopes=["write"])[0] for n in range(WRITERS)]
        # All clients have one address here, and are not to be kept out for it.
        limits = ("--client-queries", "64", "--client-rate", "100000", "--token-rate", "100000")
        # A cache of answers that fills up would look like a leak.
        limits += ("--cache-size", "2")
        arguments = ("--project", str(root), "--log", "off", "--keep", keep, *limits)
        self._server: Server = start_server(directory / "data", *arguments, start_new_session=True)
        self._done = threading.Event()
        #: The versions of which all graphs were asked, by any reader.
        self._asked: set[str] = set()
        self.record = Record()
        self.levels: list[Held] = []

    def run(self, seconds: float, *, versions: int = 0) -> None:
        """Write and read for so long, and until there are so many versions, of which readers have seen two.

        Raises `AssertionError` for anything that is not as it should be.
        """
        try:
            with ThreadPoolExecutor(WRITERS + READERS) as pool:
                clients = [pool.submit(self._write_on, number) for number in range(WRITERS)]
                clients += [pool.submit(self._read_on, number) for number in range(READERS)]
                try:
                    self._watch(clients, seconds)
                    while len(self.repository.history()) < versions or len(self._asked) < min(versions, 2):
                        self._watch(clients, 1)
                finally:
                    self._done.set()
                for client in clients:
                    self.record.add(client.result())
        finally:
            kill_all(self._server.process.pid)
            self._server.process.wait()
        self._check_answers()

    def _watch(self, clients: list[Future[Record]], seconds: float) -> None:
        """Note what the processes hold while the clients are at it; raise what one of them raises."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for client in wait(clients, timeout=min(left, _SAMPLE_S), return_when="FIRST_EXCEPTION").done:
                client.result()
            self.levels.append(held_by(self._server.process.pid))

    def _write_on(self, number: int) -> Record:
        record, chance = Record(), random.Random(self._seed * 100 + number)
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._tokens[number]}"
            for count in range(1, sys.maxsize):
                if self._done.is_set():
                    return record
                if chance.random() < 0.25:
                    self._count_together(session, record)
                else:
                    self._write_two_graphs(session, record, number, count)
        return record

    def _write_two_graphs(self, session: requests.Session, record: Record, number: int, count: int) -> None:
        """Set the same number in two graphs by one update."""
        graphs = [f"{_GRAPH}{number}-{side}" for side in "ab"]
        text = " ; ".join(
            f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ; "
            f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <{_NUMBER}> {count} }} }}"
            for graph in graphs
        )
        headers = {"Content-Type": "application/sparql-update"}
        response = self._send(session, record, "POST", "/sparql", data=text, headers=headers)
        if response.status_code == 200:
            record.written[response.json()["version"]] = dict.fromkeys(graphs, count)

    def _count_together(self, session: requests.Session, record: Record) -> None:
        """Add one to the number in a graph that all write, unless somebody else has done so meanwhile."""
        found = self._read_graph(session, record, _SHARED)
        if found is None:
            return
        number, tag = found
        headers = {"Content-Type": "text/turtle", **({"If-Match": tag} if tag else {"If-None-Match": "*"})}
        body = f"<{_SHARED}> <{_NUMBER}> {(number or 0) + 1} ."
        path = f"/graph-store?graph={_SHARED}"
        response = self._send(session, record, "PUT", path, data=body, headers=headers)
        if response.status_code in (200, 201):
            record.written[response.json()["version"]] = {_SHARED: (number or 0) + 1}

    def _read_on(self, number: int) -> Record:
        record, chance = Record(), random.Random(self._seed * 1000 + number)
        with requests.Session() as session:
            while not self._done.is_set():
                if chance.random() < 0.2:
                    self._read_graph(session, record, f"{_GRAPH}{chance.randrange(WRITERS)}-{chance.choice('ab')}")
                else:
                    # Every other question is one that was asked before, so that a cache may answer.
                    self._read_all(session, record, chance.choice(["", f"# {chance.random()}"]))
        return record

    def _read_all(self, session: requests.Session, record: Record, comment: str) -> None:
        response = self._send(session, record, "GET", "/sparql", params={"query": f"{_ALL} {comment}"})
        if response.status_code == 200:
            rows = response.json()["results"]["bindings"]
            state = frozenset((row["g"]["value"], int(row["n"]["value"])) for row in rows)
            record.seen.add((response.headers["Dataset-Version"], state, True))
            self._asked.add(response.headers["Dataset-Version"])

    def _read_graph(self, session: requests.Session, record: Record, graph: str) -> tuple[int | None, str] | None:
        """Give the number in a graph and the graph's entity tag; nothing if the service is too busy."""
        headers = {"Accept": "application/n-triples"}
        response = self._send(session, record, "GET", f"/graph-store?graph={graph}", headers=headers)
        if response.status_code == 404:
            return None, ""
        if response.status_code != 200:
            return None
        values = [int(triple.object.value) for triple in parse(response.content, RdfFormat.N_TRIPLES)]  # type: ignore[union-attr]
        assert len(values) == 1, response.text
        record.seen.add((response.headers["Dataset-Version"], frozenset({(graph, values[0])}), False))
        return values[0], response.headers["ETag"]

    def _send(
        self, session: requests.Session, record: Record, method: str, path: str, **options: object
    ) -> requests.Response:
        started = time.monotonic()
        response = session.request(method, self._server.url + path, timeout=120, **options)  # type: ignore[arg-type]
        took, status = time.monotonic() - started, response.status_code
        kind = "read" if method == "GET" else "write"
        record.statuses[kind, status] += 1
        (record.read_s if kind == "read" else record.write_s).append(took)
        # A graph that nobody has written yet is not there.
        allowed = {200, 201, 412, 429} | ({404} if "/graph-store" in path and method == "GET" else set())
        assert status in allowed, f"{method} {path[:200]}: {status} {response.text[:500]}"
        if status == 429:
            self._done.wait(_RETRY_S)
        return response

    def _check_answers(self) -> None:
        """Hold every answer against what its version has to hold by the writes that were acknowledged."""
        written = dict(self.record.written)
        state: State = {}
        states: dict[str, State] = {}
        for manifest in self.repository.history():
            state = {**state, **written.pop(manifest.version, {})}
            states[manifest.version] = state
        assert not written, f"acknowledged and not in the history: {written}"
        for version, answer, whole in self.record.seen:
            expected = frozenset(states[version].items())
            assert answer == expected if whole else answer <= expected, (version, answer ^ expected)
        counted = [change[_SHARED] for change in self.record.written.values() if _SHARED in change]
        assert sorted(counted) == list(range(1, len(counted) + 1)), "an increment was lost"

    def report(self) -> str:
        """Give what was done, how long it took, and what the processes held at first and at last."""
        record, fifth = self.record, max(1, len(self.levels) // 5)
        early, late = (_median_of(part) for part in (self.levels[fifth : 2 * fifth], self.levels[-fifth:]))
        statuses = ", ".join(f"{kind} {status}: {n:,}" for (kind, status), n in sorted(record.statuses.items()))
        return "\n".join(
            (
                f"{len(record.written):,} versions; {statuses}",
                f"median of a read {median(record.read_s) * 1000:.0f} ms, of a write {median(record.write_s):.2f} s",
                f"different answers held against their version: {len(record.seen):,}",
                f"second fifth of the time: {early}",
                f"last fifth of the time: {late}",
            )
        )

    def check_levels(self) -> None:
        """Raise `AssertionError` if the processes held clearly more at the end than early on."""
        fifth = len(self.levels) // 5
        early, late = (_median_of(part) for part in (self.levels[fifth : 2 * fifth], self.levels[-fifth:]))
        assert late.handles <= 1.1 * early.handles + 20, (early, late)
        assert late.processes <= 1.1 * early.processes + 5, (early, late)
        assert late.memory_bytes <= 1.25 * early.memory_bytes, (early, late)


def _median_of(levels: list[Held]) -> Held:
    return Held(*(round(median(values)) for values in zip(*levels, strict=True)))


def main() -> None:
    """Run for the time wanted, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300, help="how long, %(default)g unless told")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other requests")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="digitech-kg-load-") as directory:
        load = Load(Path(directory), seed=options.seed)
        load.run(options.seconds)
        print(load.report())
        load.check_levels()


if __name__ == "__main__":
    main()
