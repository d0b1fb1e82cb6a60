"""Measure how long a write of one claim takes, on the bundled graph and with a million triples beside it.

The graphs take turns write by write, so that what disturbs the machine disturbs all alike. Each write goes through
everything: derivation, inference, validation, comparison, description, book, history, and the disk.
Example: `python benchmarks/writes.py --write docs/performance.md`.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import requests
from generate import iter_lines
from page import write_writing
from run import busy_part
from servers import Contender, free_port

from digitech_kg.access import TokenStore
from digitech_kg.commit.building import build
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.importing import find_import_file
from digitech_kg.commit.request import Commit, Import, SparqlUpdate
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project

_NAMES = find_project().names

_PASSAGES = "data/documents/nupi-digi-tech/passages.ttl"
#: Writes before the ones that count.
_WARM_UP = 3
_HEADER = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _NAMES.prefixes.items())
_CLAIM = """INSERT DATA {{ GRAPH graph:nupi-digi-tech {{
  nupi-claim:written-{0} a dk:Claim ; rdfs:comment "Said for the {0}th time."@en ;
    dk:subject id:huawei ; dk:predicate dk:isActiveIn ; dk:object id:digi-tech ;
    dk:statedIn {1} }} }}"""
#: Each claim cites a different sentence: two equal claims about one sentence cause a warning, which takes longer.
_SENTENCES = re.findall(
    r"^nupi:p\d+\.s\d+", (find_project().root / _PASSAGES).read_text(encoding="utf-8"), re.MULTILINE
)


#: A function that carries out an update.
Target = Callable[[str], object]


@dataclass
class Case:
    """One graph and one way to write to it, and how long each write took."""

    name: str
    write: Target
    quads: int
    seconds: list[float] = field(default_factory=list)

    def run(self, number: int) -> None:
        """Write the claim with a number."""
        started = time.perf_counter()
        self.write(_HEADER + _CLAIM.format(number, _SENTENCES[number]))
        if number >= _WARM_UP:
            self.seconds.append(time.perf_counter() - started)


def in_process(repository: SnapshotRepository) -> Target:
    """Write with a writer of this process."""
    writer = Committer(repository)
    writer.prepare()
    return lambda text: writer.commit(SparqlUpdate(text), Commit())


@contextmanager
def over_http(directory: Path) -> Iterator[Target]:
    """Write to a server over a data directory."""
    token, _ = TokenStore(directory).create("benchmark", scopes=["write"])
    port = free_port()
    command = [sys.executable, "-m", "digitech_kg", "serve", "--port", str(port), "--data-dir", str(directory)]
    url = f"http://127.0.0.1:{port}/sparql"
    cores = os.sched_getaffinity(0)
    server = Contender("digitech-kg", [*command, "--log", "off"], url, cores)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sparql-update"}

    def write(text: str) -> None:
        response = session.post(url, data=text.encode(), headers=headers, timeout=120)
        response.raise_for_status()

    try:
        with requests.Session() as session:
            yield write
    finally:
        server.stop()


def publish_bundled(directory: Path) -> SnapshotRepository:
    """Build the bundled project."""
    repository = SnapshotRepository(directory)
    build(find_project(), repository)
    return repository


def publish_large(directory: Path, size: int) -> SnapshotRepository:
    """Build the bundled project, and import about this many generated triples into other graphs beside it."""
    repository = publish_bundled(directory)
    file = directory / "others.nq"
    with file.open("w", encoding="utf-8") as lines:
        # The shapes are about annotations of axioms, whoever wrote them.
        plain = (line for line in iter_lines(size, named_graphs=True) if not line.startswith("_:"))
        lines.writelines(line.replace(_NAMES.base, "https://example.org/") for line in plain)
    write = Import((find_import_file(file),), None)
    Committer(repository).commit(write, Commit("import"))
    return repository


def measure(directory: Path, *, size: int, writes: int) -> list[Case]:
    """Make the graphs and write to each in turn."""
    cases = []
    with ExitStack() as servers:
        for name, publish in (("bundled graph", publish_bundled), ("the same beside a million triples", None)):
            place = directory / name.replace(" ", "-")
            repository = publish(place) if publish else publish_large(place, size)
            current = repository.current()
            assert current is not None
            cases.append(Case(f"{name}, in process", in_process(repository), current.manifest.quads))
            shutil.copytree(place, place.with_suffix(".http"))
            write = servers.enter_context(over_http(place.with_suffix(".http")))
            cases.append(Case(f"{name}, over HTTP", write, current.manifest.quads))
            print(f"ready: {name}", file=sys.stderr, flush=True)
        for number in range(writes + _WARM_UP):
            for case in cases:
                case.run(number)
    return cases


def to_text(cases: list[Case], others: float) -> str:
    """Return a table of medians."""
    small, large = cases[1], cases[3]
    lines = [
        "Time of a write of one claim, as medians in milliseconds.",
        f"Writes per graph: {len(small.seconds)}; the graphs take turns.",
        "",
    ]
    if others > 0.1:
        lines += [f"The machine was busy with other things ({others:.0%} of its cores): measure again.", ""]
    lines += ["| graph | quads | median | nine of ten within |", "|---|---|---|---|"]
    for case in cases:
        tenth = quantiles(case.seconds, n=10)[-1]
        lines.append(f"| {case.name} | {case.quads:,} | {median(case.seconds) * 1000:.0f} | {tenth * 1000:.0f} |")
    growth = median(large.seconds) / median(small.seconds)
    lines += ["", f"{large.quads / small.quads:.0f} times the quads take {growth:.2f} times as long."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table, and write it into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=1_000_000, help="generated triples (default: 1000000)")
    parser.add_argument("--writes", type=int, default=40, help="per graph (default: 40)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there, such as docs/performance.md")
    options = parser.parse_args()
    others = busy_part()
    with tempfile.TemporaryDirectory(prefix="digitech-kg-bench-") as directory:
        cases = measure(Path(directory), size=options.size, writes=options.writes)
    text = to_text(cases, max(others, busy_part()))
    print(text)
    if options.write:
        write_writing(options.write, text)


if __name__ == "__main__":
    main()
