"""What a new version, and the answer to a write, tell of what changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pyoxigraph import Quad

from digitech_kg.snapshot import Change, Manifest, sorted_lines
from digitech_kg.update.delta import TrackedStore
from digitech_kg.update.gate import Verdict, words_of
from digitech_kg.update.request import Outcome


def count_figures(version: str, previous: Manifest, target: TrackedStore) -> dict[str, Any]:
    """Give the manifest's counts after a change, without counting what did not change."""
    change = target.change
    counts = Counter(previous.graphs)
    counts.update(_name(quad) for quad in change.added)
    counts.subtract(_name(quad) for quad in change.removed)
    names = {str(name).strip("<>") for name in target.store.named_graphs()}
    graphs = {name: counts[name] for name in sorted(names | {n for n, count in counts.items() if count > 0})}
    touched = {_name(quad) for quad in (*change.added, *change.removed)}
    return {
        "quads": previous.quads + len(change.added) - len(change.removed),
        "graphs": graphs,
        "graph_versions": {
            name: version if name in touched or name not in previous.graphs else previous.graph_versions.get(name, "")
            for name in graphs
        },
        "added": len(change.added),
        "removed": len(change.removed),
    }


def _name(quad: Quad) -> str:
    return str(quad.graph_name).strip("<>")


def describe_outcome(
    written: Change,
    target: TrackedStore,
    manifest: Manifest,
    verdict: Verdict,
    *,
    reasoning: str,
    seconds: dict[str, float],
    dry_run: bool,
) -> Outcome:
    """Give what is told of a write; `written` is what it changed in graphs that are written by hand."""
    added, removed = Counter(map(_name, written.added)), Counter(map(_name, written.removed))
    return Outcome(
        version=manifest.previous if dry_run else manifest.version,
        previous=manifest.previous,
        published=not dry_run,
        graphs={name: (added[name], removed[name]) for name in sorted({*added, *removed})},
        added=len(target.change.added),
        removed=len(target.change.removed),
        warnings=words_of(verdict.warnings),
        old_violations=words_of(verdict.old),
        reasoning=reasoning,
        seconds=seconds,
        difference=_as_nquads(written) if dry_run else None,
    )


def _as_nquads(change: Change) -> dict[str, str]:
    return {"added": sorted_lines(change.added).decode(), "removed": sorted_lines(change.removed).decode()}
