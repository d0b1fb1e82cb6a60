"""Kill a service that is being written to, and look at what is left: `python -m soak.crashes --help`.

What was acknowledged has to be there, what was not is there whole or not at all, the history leads from the first
version to the present one, and nothing is left lying about. The same seed makes the same writes; when the processes die
is chance as well, but not to be repeated.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import requests
from pyoxigraph import Quad
from urllib3.exceptions import NewConnectionError

from commit.test_same_as_a_fresh_build import built_afresh, derived_quads
from conftest import Server, make_small_project, start_server
from digitech_kg.access import TokenStore
from digitech_kg.commit.building import build
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project
from digitech_kg.triple_store import open_read_only
from small import GRAPHS, NOTE, content_digest
from soak.processes import kill, kill_all, members
from soak.writes import ABSENT, Item, Value, items_of, quads_of, request_for

#: What is killed: everything, or one process of a kind.
KINDS = ("all", "writer", "engine", "front")
_CLIENTS = 3
_PATIENCE_S = 90.0
#: Versions whose data is kept: fewer than are made, so that letting go of the old ones is interrupted too.
_KEEP = "20"


@dataclass
class Tally:
    """What has been done and seen so far."""

    acknowledged: int = 0
    refused: int = 0
    #: Writes without an answer, by what became of them.
    unanswered: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        kills = ", ".join(f"{kind} {number}" for kind, number in sorted(self.kills.items()))
        fates = ", ".join(f"{number} {fate}" for fate, number in sorted(self.unanswered.items())) or "none"
        return (
            f"{self.acknowledged} writes acknowledged, {self.kills.total()} kills ({kills}), "
            f"without answer: {fates}; median of a write {median(self.seconds or [0]):.2f} s"
        )


class Crashes:
    """A service of its own over a small project, written to by a few clients and killed again and again."""

    def __init__(self, directory: Path, seed: int) -> None:
        self._root = make_small_project(directory / "project")
        self._temporary = directory / "tmp"
        self._temporary.mkdir()
        self._chance = random.Random(seed)
        self.data_dir = directory / "data"
        self.repository = SnapshotRepository(self.data_dir)
        self._project = find_project(self._root)
        build(self._project, self.repository)
        self._token, _ = TokenStore(self.data_dir).create("crash", scopes=["write"])
        first = self.repository.current()
        assert first is not None
        self._version, self._quads = first.version, frozenset(open_read_only(first.store))
        self._base = frozenset(quad for quad in self._quads if quad.graph_name == NOTE)
        #: What each item may be now, the newest last: one value if that is known, two after a write without an answer.
        self._values: dict[Item, tuple[Value, ...]] = dict.fromkeys(items_of(_CLIENTS), (ABSENT,))
        self._published: list[str] = []
        self._numbers = iter(range(1, 1_000_000))
        self._lock = threading.Lock()
        self._server: Server | None = None
        self.tally = Tally()

    def run(self, *, writes: int, kills: int, say: Callable[[Tally], None] = lambda _: None) -> None:
        """Make so many writes and kill so often between them. Raises `AssertionError` for anything that is not so."""
        try:
            for number in range(kills):
                left = max(1, writes - self.tally.acknowledged) // (kills - number)
                self._round(KINDS[number % len(KINDS)], self._chance.randint(1, max(1, 2 * left - 1)))
                say(self.tally)
            while self.tally.acknowledged < writes:
                self._write(self._server_of_now(), next(iter(self._values)))
            self._check_everything()
        finally:
            if self._server is not None:
                kill_all(self._server.process.pid)
                self._server.process.wait()

    def _round(self, kind: str, before: int) -> None:
        """Write until `before` writes are acknowledged, kill, see that writing goes on, and look."""
        server = self._server_of_now()
        goal = self.tally.acknowledged + before
        done = threading.Event()
        with ThreadPoolExecutor(_CLIENTS) as pool:
            chances = [random.Random(self._chance.random()) for _ in range(_CLIENTS)]
            clients = [pool.submit(self._keep_writing, server, n, chances[n], done) for n in range(_CLIENTS)]
            try:
                self._wait_for(clients, goal, "writes are acknowledged")
                # Any moment of a write is as good as any other; some of them last longer than the median.
                done.wait(self._chance.uniform(0, 1.5 * median(self.tally.seconds)))
                self._kill(server, kind)
                if kind != "all":
                    self._wait_for(clients, self.tally.acknowledged + 2, f"writing goes on without the {kind}")
            finally:
                done.set()
        if kind != "all":
            # A writer whose server died may still be at it; this one waits for it.
            self._write(server, self._known_item())
        self._look()
        self._write(self._server_of_now(), self._known_item())
        self._look_for_leftovers()

    def _kill(self, server: Server, kind: str) -> None:
        session = server.process.pid
        if kind == "all":
            kill_all(session)
            server.process.wait()
            self._server = None
        else:
            victims = [pid for pid, own in members(session).items() if own == kind]
            assert victims, f"there is no {kind} among {members(session)}"
            kill(self._chance.choice(victims))
        self.tally.kills[kind] += 1

    def _wait_for(self, clients: list[Future[None]], acknowledged: int, what: str) -> None:
        """Wait until so many writes are acknowledged in all. Raises what a client raised meanwhile."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.tally.acknowledged < acknowledged:
            for client in wait(clients, timeout=0.01).done:
                client.result()
            assert time.monotonic() < deadline, f"not within {_PATIENCE_S:g} s: {what}"

    def _server_of_now(self) -> Server:
        """Give the running server; start it if there is none."""
        if self._server is None:
            arguments = ("--project", str(self._root), "--workers", "2", "--log", "off")
            environment = {**os.environ, "TMPDIR": str(self._temporary)}
            self._server = start_server(
                self.data_dir, *arguments, "--keep", _KEEP, start_new_session=True, env=environment
            )
        return self._server

    def _keep_writing(self, server: Server, client: int, chance: random.Random, done: threading.Event) -> None:
        own = [item for item in self._values if item.client == client]
        while not done.is_set():
            known = [item for item in own if len(self._values[item]) == 1]
            if not known or not self._write(server, chance.choice(known)):
                # Who can answer is being started again.
                done.wait(0.05)

    def _known_item(self) -> Item:
        return next(item for item, values in self._values.items() if len(values) == 1)

    def _write(self, server: Server, item: Item) -> bool:
        """Change an item, and note what is known of it afterwards; give whether there was an answer."""
        (before,) = self._values[item]
        with self._lock:
            number = next(self._numbers)
        after = ABSENT if before is not ABSENT and number % 3 == 0 else number
        started = time.monotonic()
        try:
            request = request_for(item, after, server.url)
            request.headers["Authorization"] = f"Bearer {self._token}"
            with requests.Session() as session:
                response = session.send(request.prepare(), timeout=_PATIENCE_S)
        except requests.RequestException as error:
            if not _never_sent(error):
                self._values[item] = (before, after)
            return False
        with self._lock:
            if response.status_code in (200, 201):
                self._values[item] = (after,)
                self._published.append(response.json()["version"])
                self.tally.acknowledged += 1
                self.tally.seconds.append(time.monotonic() - started)
            else:
                # Whatever the problem is, it says that nothing was changed, and that is taken at its word.
                assert response.headers["Content-Type"] == "application/problem+json", response.text
                assert response.status_code >= 500, response.text
                self.tally.refused += 1
        return True

    def _look(self) -> None:
        """See that the present state is what the acknowledged writes made it, and follows from the history."""
        history = self.repository.history()
        assert [m.number for m in history] == list(range(1, len(history) + 1))
        names = [m.version for m in history]
        assert [m.previous for m in history] == ["", *names[:-1]]
        assert set(self._published) <= set(names), "an acknowledged version is not in the history"
        for version in names[names.index(self._version) + 1 :]:
            change = self.repository.change(version)
            assert change.removed <= self._quads, version
            assert not change.added & self._quads, version
            self._quads = (self._quads - change.removed) | change.added
            self._version = version
        current = self.repository.current()
        assert current is not None
        odd = sorted(map(str, frozenset(open_read_only(current.store)) ^ self._quads))
        assert not odd, f"the history leads elsewhere: {odd[:20]}"
        assert content_digest(current) == current.manifest.content_digest
        self._settle()

    def _settle(self) -> None:
        """Find out what became of the writes without an answer; everything else has to be as it was acknowledged."""
        expected: set[Quad] = set(self._base)
        soaked = GRAPHS["soak-"].value
        written = {q for q in self._quads if q.graph_name == NOTE or str(q.graph_name).startswith(f"<{soaked}")}
        for item, values in self._values.items():
            fitting = [value for value in values if quads_of(item, value) == {q for q in written if item.owns(q)}]
            assert fitting, f"{item} is none of {values}: {[str(q) for q in written if item.owns(q)]}"
            if len(values) > 1:
                self.tally.unanswered["carried out" if fitting[0] is values[-1] else "not carried out"] += 1
            self._values[item] = (fitting[0],)
            expected |= quads_of(item, fitting[0])
        assert written == expected

    def _look_for_leftovers(self) -> None:
        """See that nothing is lying about after the next write."""
        names = {manifest.version for manifest in self.repository.history()}
        snapshots = {path.name for path in (self.data_dir / "snapshots").iterdir()}
        assert snapshots <= names, snapshots - names
        # The last one is written while the lock is held, and then renamed.
        assert len(snapshots) <= int(_KEEP), sorted(snapshots)
        assert snapshots == set(self.repository.versions())
        assert not list(self._temporary.iterdir())
        assert not list((self.data_dir / "incoming").glob("*"))

    def _check_everything(self) -> None:
        """See that every version that is kept opens, and that the last one is what a build of it would give."""
        self._look()
        for version in self.repository.versions():
            found = self.repository.find(version)
            assert found is not None
            assert len(open_read_only(found.store)) == found.manifest.quads, version
        current = self.repository.current()
        assert current is not None
        assert derived_quads(current) == built_afresh(current)


def _never_sent(error: requests.RequestException) -> bool:
    """Whether nobody listened, so that the request cannot have come to anything."""
    return isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError)


def main() -> None:
    """Write and kill, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writes", type=int, default=500, help="how many, %(default)s unless told")
    parser.add_argument("--kills", type=int, default=60, help="how often, %(default)s unless told")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other writes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="digitech-kg-crashes-") as directory:
        crashes = Crashes(Path(directory), options.seed)
        crashes.run(writes=options.writes, kills=options.kills, say=lambda tally: print(tally, file=sys.stderr))
        print(crashes.tally)


if __name__ == "__main__":
    main()
