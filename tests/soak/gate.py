"""Hold the write gate against pySHACL on random changes: `make gate-check`, or `python -m soak.gate --help`.

The same seed makes the same changes. It ends with 1 if the gate's verdict or findings differ from the reference's in
any change, over everything or over what is affected alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from pyoxigraph import Quad
from rdflib import SH, Graph

from digitech_kg.build import assemble
from digitech_kg.namespaces import PREFIXES
from digitech_kg.sources import find_project
from soak.changes import Changer
from soak.comparing import Comparer, Comparison
from soak.worlds import World, ontology_world, small_world, tiny_world, whole_world

#: What share of the changes is made to which dataset, in parts of a hundred.
_SHARES = {"small": 45, "tiny": 35, "ontology": 18, "whole": 2}
_BATCH = 10
_DATA = Path(__file__).parent.parent / "data"
_BY_HAND = ("shapes/valid.ttl", "small_project/dataset.ttl")


@dataclass(frozen=True)
class Batch:
    """Changes that one process makes to one dataset."""

    kind: str
    seed: int
    size: int


def main() -> None:
    """Run all changes and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=1000, help="how many, %(default)s unless told")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other changes")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    started, results = time.monotonic(), []
    with ProcessPoolExecutor(options.processes) as pool:
        for comparisons in pool.map(run, _batches(options.changes, options.seed)):
            results += comparisons
            _say_what_differs(comparisons)
            wrong = sum(bool(result.differences) for result in results)
            print(f"\r{len(results)} of {options.changes} changes, {wrong} differ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    sys.exit(_report(results, (time.monotonic() - started) / 60, options.processes))


def _say_what_differs(results: list[Comparison]) -> None:
    for result in results:
        if result.differences:
            print(f"{result.world}: {result.what}", *result.differences, sep="\n  ", flush=True)


def _batches(changes: int, seed: int) -> Iterator[Batch]:
    left = {kind: round(changes * share / 100) for kind, share in _SHARES.items()}
    number = 0
    while any(left.values()):
        # In turns, so that a run that is stopped early has been everywhere.
        for kind in left:
            # One change to the whole graph takes as long as ten to a part of it.
            size = min(1 if kind == "whole" else _BATCH, left[kind])
            if size:
                yield Batch(kind, seed * 10_000 + number, size)
            number, left[kind] = number + 1, left[kind] - size


def run(batch: Batch) -> list[Comparison]:
    """Make the changes of a batch, each to the same dataset, and compare."""
    world = _world(batch.kind, batch.seed // 20 if batch.kind != "whole" else 0)
    changer, comparer = Changer(world, batch.seed), Comparer(world)
    return [comparer.compare(changer.change()) for _ in range(batch.size)]


@cache
def _world(kind: str, seed: int) -> World:
    make: dict[str, Callable[[], World]] = {
        "small": lambda: small_world(_quads(), find_project().shape_files(), seed=seed),
        "tiny": lambda: tiny_world(_quads(), find_project().shape_files(), _by_hand()),
        "ontology": lambda: ontology_world(_quads(), find_project().shape_files(), seed=seed),
        "whole": lambda: whole_world(_quads(), find_project().shape_files()),
    }
    return make[kind]()


def _by_hand() -> str:
    """Give the data that the tests of the shapes plant their faults in: it has something for each shape."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return prefixes + "".join((_DATA / name).read_text(encoding="utf-8") for name in _BY_HAND)


@cache
def _quads() -> tuple[Quad, ...]:
    return tuple(assemble(find_project()).store)


def _report(results: list[Comparison], minutes: float, processes: int) -> bool:
    """Print figures and what differs; give whether anything is wrong."""
    wrong = [result for result in results if result.differences]
    narrowed = [result.affected for result in results if result.affected is not None]
    print(f"{len(results)} changes in {minutes:.0f} minutes with {processes} processes")
    for name, number in Counter(result.world for result in results).items():
        valid = sum(result.conforms for result in results if result.world == name)
        print(f"  {name}: {number}, of which {valid} leave it valid")
    print(f"validated what is affected alone: {len(narrowed)}, {median(narrowed or [0]):g} focus nodes in the middle")
    print(f"findings compared: {sum(len(result.found) for result in results)}")
    missed = _never_violated(results)
    print(f"constraints never violated: {', '.join(missed) or 'none'}")
    print(f"changes in which the gate differs from the reference: {len(wrong)}")
    return bool(wrong)


def _never_violated(results: list[Comparison]) -> list[str]:
    """Give the names of the constraints with a message that no change violated."""
    graph = Graph()
    for path in find_project().shape_files():
        graph.parse(path, format="turtle")
    seen = [message for result in results for finding in result.found for message in finding[-1]]
    beginnings = {str(s).rpartition("#")[2]: str(o).partition("{")[0] for s, o in graph.subject_objects(SH.message)}
    return sorted(name for name, text in beginnings.items() if not any(m.startswith(text) for m in seen))


if __name__ == "__main__":
    main()
