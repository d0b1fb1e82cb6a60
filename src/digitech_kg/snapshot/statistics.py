"""The statistics of a version: a small file beside its store, brought up to date from the one before."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Store

from digitech_kg.rewriting import Statistics
from digitech_kg.rewriting.statistics import Kind, kind_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.quad_files import QuadFile, count_kinds
from digitech_kg.triple_store import count_distinct

_FILE: Final = "statistics.json"
_ENDS: Final = ("subject", "object")


def read_statistics(directory: Path) -> Statistics | None:
    """Return the statistics of the version in a directory; None for one that was published without these."""
    try:
        return Statistics.from_json(json.loads((directory / _FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError):
        return None


def statistics_of(store: Store) -> Statistics:
    """Return the statistics of all quads of a store."""
    return _counted_anew(Statistics(), Counter(map(kind_of, store)), {}, store)


def write_statistics(directory: Path, before: Path | None, change: Change, store: Store) -> None:
    """Write the statistics of a version: those of the version in `before`, brought up to date by its change."""
    known = read_statistics(before) if before is not None else Statistics()
    found = statistics_of(store) if known is None else _after(known, change, store)
    (directory / _FILE).write_text(json.dumps(found.to_json()), encoding="utf-8")


def _after(known: Statistics, change: Change, store: Store) -> Statistics:
    kinds = count_kinds(change.added), count_kinds(change.removed)
    # To look up each end of most of the dataset takes longer than to count all of them.
    if isinstance(change.added, QuadFile) or len(change) > known.triples:
        return _counted_anew(known, *kinds, store)
    return known.after(*kinds, *(_ends_after(getattr(known, f"{end}s"), change, store, end) for end in _ENDS))


def _counted_anew(
    known: Statistics, added: Mapping[Kind, int], removed: Mapping[Kind, int], store: Store
) -> Statistics:
    properties = {name for name, *_ in added} | {*known.properties}
    ends = (
        {"": count_distinct(store, end[0])} | {p: count_distinct(store, end[0], NamedNode(p)) for p in properties}
        for end in _ENDS
    )
    return known.after(added, removed, *ends)


def _ends_after(before: Mapping[str, int], change: Change, store: Store, end: str) -> Mapping[str, int]:
    """Return how many subjects, or objects, a store has after a change, by property and in all."""
    counts = Counter(before)
    new, old = _properties_by_end(change.added, end), _properties_by_end(change.removed, end)
    for term in new.keys() | old.keys():
        is_alone = not _has_others(store, change, end, term)
        for name in new[term] ^ old[term]:
            if is_alone or (name and not _has_others(store, change, end, term, name)):
                counts[name] += 1 if name in new[term] else -1
    return counts


def _properties_by_end(quads: Iterable[Quad], end: str) -> defaultdict[Any, set[str]]:
    """Return the properties of each subject, or object, and "" for any."""
    found: defaultdict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        found[getattr(quad, end)] |= {"", quad.predicate.value}
    return found


def _has_others(store: Store, change: Change, end: str, term: Any, name: str = "") -> bool:
    """Whether a term is the subject, or object, of a quad that was there before the change and still is."""
    predicate = NamedNode(name) if name else None
    pattern = (term, predicate, None) if end == "subject" else (None, predicate, term)
    return any(quad not in change.added for quad in store.quads_for_pattern(*pattern))
