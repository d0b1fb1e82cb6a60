"""What a new version, and the answer to a write, tell of what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Quad

from digitech_kg.commit.request import Outcome
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.snapshot import Change, Manifest, count_by_graph, iter_lines
from digitech_kg.validation import Result


def count_figures(version: str, previous: Manifest | None, target: TrackedStore) -> dict[str, Any]:
    """Return the manifest's counts after a change, without counting what did not change."""
    change = target.change
    versions = previous.graph_versions if previous else {}
    added, removed = _count(change.added), _count(change.removed)
    counts = Counter(previous.graphs if previous else {})
    counts.update(added)
    counts.subtract(removed)
    names = {str(name).strip("<>") for name in target.store.named_graphs()}
    graphs = {name: counts[name] for name in sorted(names | {n for n, count in counts.items() if count > 0})}
    touched = {*added, *removed}
    return {
        "quads": (previous.quads if previous else 0) + len(change.added) - len(change.removed),
        "graphs": graphs,
        "graph_versions": {
            name: version if name in touched or name not in versions else versions[name] for name in graphs
        },
        "added": len(change.added),
        "removed": len(change.removed),
    }


def _count(quads: Iterable[Quad]) -> Counter[str]:
    """Return how many quads are in each graph, by its name."""
    return Counter({str(graph).strip("<>"): count for graph, count in count_by_graph(quads).items()})


def describe_outcome(
    written: Change,
    target: TrackedStore,
    manifest: Manifest,
    results: Iterable[Result],
    *,
    documents: Iterable[str],
    seconds: dict[str, float],
    dry_run: bool,
) -> Outcome:
    """Return what is told of a write; `written` is what it changed in graphs that are written by hand."""
    added, removed = _count(written.added), _count(written.removed)
    return Outcome(
        version=manifest.previous if dry_run else manifest.version,
        previous=manifest.previous,
        published=not dry_run,
        graphs={name: (added[name], removed[name]) for name in sorted({*added, *removed})},
        added=len(target.change.added),
        removed=len(target.change.removed),
        warnings=words_of(results),
        documents=tuple(documents),
        seconds=seconds,
        difference=_as_nquads(written) if dry_run else None,
    )


def _as_nquads(change: Change) -> dict[str, str]:
    sides = {"added": change.added, "removed": change.removed}
    return {side: b"".join(iter_lines(quads)).decode() for side, quads in sides.items()}


def words_of(results: Iterable[Result]) -> tuple[dict[str, Any], ...]:
    """Return validation results as they stand in an answer."""
    return tuple(result.to_row() for result in results)
