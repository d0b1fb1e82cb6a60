"""The statistics of a version: a small file beside its store, brought up to date from the one before."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from digitech_kg.rewriting import Statistics
from digitech_kg.rewriting.statistics import kind_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.quad_files import QuadFile, count_kinds
from digitech_kg.triple_store import count_distinct

_FILE: Final = "statistics.json"


def read_statistics(directory: Path) -> Statistics | None:
    """Return the statistics of the version in a directory; None for one that was published without these."""
    try:
        return Statistics.from_json(json.loads((directory / _FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError):
        return None


def statistics_of(store: Store) -> Statistics:
    """Return the statistics of all quads of a store."""
    kinds = Counter(map(kind_of, store))
    return Statistics().after(kinds, {}, count_distinct(store, "s"), count_distinct(store, "o"))


def write_statistics(directory: Path, before: Path | None, change: Change, store: Store) -> None:
    """Write the statistics of a version: those of the version in `before`, brought up to date by its change."""
    known = read_statistics(before) if before is not None else Statistics()
    found = statistics_of(store) if known is None else _after(known, change, store)
    (directory / _FILE).write_text(json.dumps(found.to_json()), encoding="utf-8")


def _after(known: Statistics, change: Change, store: Store) -> Statistics:
    kinds = count_kinds(change.added), count_kinds(change.removed)
    # To look up each end of most of the dataset takes longer than to count all of them.
    if isinstance(change.added, QuadFile) or len(change) > known.triples:
        return known.after(*kinds, count_distinct(store, "s"), count_distinct(store, "o"))
    subjects = known.subjects + _more_ends(change, store, "subject")
    return known.after(*kinds, subjects, known.objects + _more_ends(change, store, "object"))


def _more_ends(change: Change, store: Store, end: str) -> int:
    """Return how many more subjects, or objects, a store has after a change than before it."""
    removed, added = ({getattr(quad, end) for quad in quads} for quads in (change.removed, change.added))
    more = 0
    for term in removed | added:
        pattern = (term, None, None, None) if end == "subject" else (None, None, term, None)
        is_there = any(store.quads_for_pattern(*pattern))
        was_there = term in removed or any(quad not in change.added for quad in store.quads_for_pattern(*pattern))
        more += is_there - was_there
    return more
