"""Measure what size costs: the import of a file, beside Oxigraph's own loader, the start, and look-ups.

Example: `python benchmarks/size.py --size 1000000 --size 10000000 --write docs/performance.md`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import requests
from page import write_size
from run import Counter, busy_part, load_queries, measure_latencies, write_data
from servers import BIN, start_this_service

#: Pages whose first answer after the start is measured.
_PAGES = (
    "/",
    "/claims",
    "/search?q=network",
    "/history",
    "/history/2",
    "/document/document-0",
    "/issues",
    "/explore",
    "/about",
)
#: Queries that look something up; their answers have the same size in any data.
_LOOK_UPS = ("02-ask", "03-thing-by-label", "05-claims-of-passage", "08-several-things", "10-path-up")


@dataclass(frozen=True)
class Load:
    """What the import of a file took."""

    seconds: float
    work_s: float
    peak_bytes: int


@dataclass(frozen=True)
class Row:
    """What was measured at one size."""

    quads: int
    ours: Load
    oxigraph: Load
    start_s: float
    memory_bytes: int
    look_up_s: float
    #: Seconds by address.
    pages: dict[str, float]


def read_pages(root: str) -> dict[str, float]:
    """Ask for each page once, and return the seconds by address."""
    found = {}
    for page in _PAGES:
        started = time.perf_counter()
        requests.get(root + page, headers={"Accept": "text/html"}, timeout=120).raise_for_status()
        found[page] = time.perf_counter() - started
    return found


def load(command: list[str]) -> Load:
    """Run a program that loads data."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    work = usage.ru_utime + usage.ru_stime
    return Load(time.perf_counter() - started, work, usage.ru_maxrss * 1024)


def measure(directory: Path, size: int) -> Row:
    """Import data of one size in both ways, start this service, and look things up."""
    data = write_data(directory, size, named_graphs=True)
    target = data.create()
    python = [sys.executable, "-m", "digitech_kg", "import", str(data.file), "--empty", "--data-dir", str(target)]
    ours = load(python)
    oxigraph = load([str(BIN / "oxigraph"), "load", "--location", str(directory / "ox"), "--file", str(data.file)])
    service, counter = start_this_service(data, os.sched_getaffinity(0)), Counter()
    try:
        pages = read_pages(service.endpoint.url.removesuffix("/sparql"))
        queries = [query for query in load_queries() if query.name in _LOOK_UPS]
        times = [measure_latencies([service], query, counter, seconds=2, rounds=200) for query in queries]
        look_up = sum(found[service.name].median for found in times) / len(times)
        return Row(data.quads, ours, oxigraph, service.start_s, service.memory_bytes(), look_up, pages)
    finally:
        service.stop()


def to_text(rows: list[Row], others: float) -> str:
    """Return a table."""
    lines = ["`import` of a file of N-Quads into an empty dataset, and the same file with Oxigraph's own loader."]
    lines += ["Work is processor time; a look-up is the mean of the medians of five queries, over HTTP.", ""]
    if others > 0.1:
        lines += [f"The machine was busy with other things ({others:.0%} of its cores): measure again.", ""]
    lines += ["| triples | import, s | work, s | peak, MB | Oxigraph, s | work, s | peak, MB | start, s | memory, MB |"]
    lines[-1] += " look-up, ms |"
    lines += ["|---" * 10 + "|"]
    for row in rows:
        cells = [f"{row.quads:,}"]
        for found in (row.ours, row.oxigraph):
            cells += [f"{found.seconds:.1f}", f"{found.work_s:.1f}", f"{found.peak_bytes / 1e6:,.0f}"]
        cells += [f"{row.start_s:.1f}", f"{row.memory_bytes / 1e6:,.0f}", f"{row.look_up_s * 1000:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "First answers of pages after the start, in seconds; a document has 1,500 claims.", ""]
    lines += [f"| page | {' | '.join(f'{row.quads:,} triples' for row in rows)} |", "|---" * (1 + len(rows)) + "|"]
    for page in _PAGES:
        lines.append(f"| `{page}` | {' | '.join(f'{row.pages[page]:.2f}' for row in rows)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table, and write it into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, action="append", help="about how many triples; may be given again")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there, such as docs/performance.md")
    options = parser.parse_args()
    others, rows = busy_part(), []
    for size in options.size or [1_000_000]:
        with tempfile.TemporaryDirectory(prefix="digitech-kg-bench-") as directory:
            rows.append(measure(Path(directory), size))
        print(rows[-1], file=sys.stderr, flush=True)
    text = to_text(rows, max(others, busy_part()))
    print(text)
    if options.write:
        write_size(options.write, text)


if __name__ == "__main__":
    main()
