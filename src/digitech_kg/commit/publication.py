"""What belongs to a version beside its own data: `graph:catalog`, counts, files in its directory, and the answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.book import FILE_NAME, book_quads, update_book, write_book
from digitech_kg.commit.attempt import Attempt
from digitech_kg.commit.request import Outcome
from digitech_kg.description.catalog import describe
from digitech_kg.description.census import GraphCensus, count_graph
from digitech_kg.hooks import load, parts_on
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import EDITS, Change, QuadFile, count_by_graph, iter_lines, sorted_lines
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import Snapshot, sync_files
from digitech_kg.validation.report import Result

#: What files say of the dataset itself, kept beside a store; and the counts of each graph.
_CATALOG: Final = "catalog.nq"
_CENSUS: Final = "census.json"


def read_catalog(snapshot: Snapshot | None) -> frozenset[Quad]:
    """Return what the files behind a version say of the dataset itself, saved questions included."""
    path = snapshot.directory / _CATALOG if snapshot else None
    if path is None or not path.is_file():
        return frozenset()
    return frozenset(parse(path.read_bytes(), format=RdfFormat.N_QUADS))


def describe_dataset(attempt: Attempt) -> None:
    """Make `graph:catalog` hold what files say of the dataset, and the counts of its graphs.

    Only graphs that changed are counted anew.
    """
    target, previous, names = attempt.target, attempt.previous, attempt.settings.names
    path = previous.directory / _CENSUS if previous else None
    known = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.is_file() else {}
    of_catalog, touched = names.graphs.catalog.value, target.change.graphs()
    found = {of_catalog: GraphCensus.from_json(known[of_catalog])} if of_catalog in known else {}
    for graph in target.store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value != of_catalog:
            is_known = graph not in touched and graph.value in known
            row = GraphCensus.from_json(known[graph.value]) if is_known else count_graph(target.store, graph, names)
            found[graph.value] = row
    censuses = dict(sorted(found.items()))
    quads, own = describe(censuses, attempt.catalog, names)
    target.replace(names.graphs.catalog, quads)
    attempt.censuses = {**censuses, of_catalog: own}


def count_figures(version: str, attempt: Attempt) -> dict[str, Any]:
    """Return the manifest's counts after a change, without counting what did not change."""
    change, before = attempt.target.change, attempt.previous.manifest if attempt.previous else None
    versions = before.graph_versions if before else {}
    added, removed = _count(change.added), _count(change.removed)
    counts = Counter(before.graphs if before else {})
    counts.update(added)
    counts.subtract(removed)
    names = {str(name).strip("<>") for name in attempt.target.store.named_graphs()}
    graphs = {name: counts[name] for name in sorted(names | {n for n, count in counts.items() if count > 0})}
    touched = {*added, *removed}
    return {
        "quads": (before.quads if before else 0) + len(change.added) - len(change.removed),
        "graphs": graphs,
        "graph_versions": {
            name: version if name in touched or name not in versions else versions[name] for name in graphs
        },
        "added": len(change.added),
        "removed": len(change.removed),
    }


def _count(quads: Iterable[Quad]) -> Counter[str]:
    return Counter({str(graph).strip("<>"): count for graph, count in count_by_graph(quads).items()})


def describe_outcome(
    written: Change, manifest: Manifest, results: Iterable[Result], documents: Iterable[str], *, dry_run: bool
) -> Outcome:
    """Return what is told of a write; `written` is what it changed in graphs that are written by hand."""
    added, removed = _count(written.added), _count(written.removed)
    return Outcome(
        version=manifest.previous if dry_run else manifest.version,
        previous=manifest.previous,
        published=not dry_run,
        graphs={name: (added[name], removed[name]) for name in sorted({*added, *removed})},
        added=manifest.added,
        removed=manifest.removed,
        warnings=tuple(result.to_row() for result in results),
        documents=tuple(documents),
        difference=_as_nquads(written) if dry_run else None,
    )


def _as_nquads(change: Change) -> dict[str, str]:
    sides = {"added": change.added, "removed": change.removed}
    return {side: b"".join(islice(iter_lines(quads), _MOST_SHOWN)).decode() for side, quads in sides.items()}


#: Quads that the answer to a dry run shows of what comes, and of what goes.
_MOST_SHOWN: Final = 100_000


def write_version(attempt: Attempt, manifest: Manifest) -> Manifest:
    """Write all that belongs to a version into the directory of its attempt, and return its manifest, completed.

    The store is closed then, and nothing is left to do but to publish the directory.
    """
    directory, previous, change = attempt.directory, attempt.previous, attempt.target.change
    attempt.settings.rules.write(directory)
    (directory / _CATALOG).write_bytes(sorted_lines(attempt.catalog))
    counts = {graph: census.to_json() for graph, census in attempt.censuses.items()}
    (directory / _CENSUS).write_text(json.dumps(counts, sort_keys=True), encoding="utf-8")
    # The engine counts, and files are packed, while Python writes the book.
    with ThreadPoolExecutor(1) as beside:
        counted = beside.submit(_write_files_of_parts, attempt, manifest.names)
        packed = beside.submit(change.write, directory) if previous else None
        _write_book(attempt, manifest.names)
        counted.result()
        if packed is not None:
            packed.result()
    if attempt.edits:
        attempt.edits.write(directory, EDITS)
    attempt.close()
    sync_files(directory)
    return replace(manifest, edits=len(attempt.edits))


def _write_files_of_parts(attempt: Attempt, names: Namespaces) -> None:
    before, target = attempt.previous.directory if attempt.previous else None, attempt.target
    for part in parts_on(names):
        if part.version_files:
            load(part.version_files)(attempt.directory, before, target.change, target.store)


def _write_book(attempt: Attempt, names: Namespaces) -> None:
    path, change, previous = attempt.directory / FILE_NAME, attempt.target.change, attempt.previous
    if attempt.has_book and isinstance(change.added, QuadFile) and isinstance(change.removed, QuadFile):
        update_book(path, path, change.added.few, change.removed.few, names)
        return
    before = previous.directory / FILE_NAME if previous is not None and previous.names == names else None
    moved = Counter(count_by_graph(change.added)) + Counter(count_by_graph(change.removed))
    if before is None or not before.is_file() or attempt.is_mostly_new(moved):
        write_book(path, book_quads(attempt.target.store, names) if previous else change.added, names)
    else:
        update_book(path, before, change.added, change.removed, names)
