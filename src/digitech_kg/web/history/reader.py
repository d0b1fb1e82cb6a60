"""Read the history for pages and programs. What a version changed is grouped once and kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.errors import NotFound
from digitech_kg.snapshot import (
    Manifest,
    SnapshotRepository,
    Topic,
    group_change,
    measure_all,
)
from digitech_kg.snapshot.grouping import claims_without_subject, labels_in
from digitech_kg.web.history.view import count_derived, split_parts
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.reader import GraphReader, text_of, values

#: A longer change is given as a patch alone.
_MOST_QUADS: Final = 50_000
#: Quads of changes that are kept.
_KEPT_QUADS: Final = 100_000
_BATCH: Final = 500


@dataclass(frozen=True)
class Difference:
    """What a version changed by hand, in parts that fit on a page, and the number of quads that follow by graph.

    `labels` are those in the change itself. A change that is too long to be grouped has no parts.
    """

    parts: tuple[tuple[Topic, ...], ...] = ()
    labels: dict[str, dict[str, str]] | None = None
    derived: dict[str, int] | None = None
    quads: int = 0


class HistoryReader:
    """The history of what a service serves. Thread-safe."""

    def __init__(self, service: QueryService) -> None:
        self._service = service
        self._graph = GraphReader(service)
        self._kept: LRUCache[str, Difference] = LRUCache(_KEPT_QUADS, getsizeof=lambda d: d.quads + 100)
        self._size: tuple[str, int] = ("", 0)
        self._lock = threading.Lock()

    @property
    def repository(self) -> SnapshotRepository:
        """The versions. Raises `NotFound` before a remote store, which keeps its own."""
        if not isinstance(self._service, SnapshotService):
            raise NotFound("a remote store has no history here", hint="Ask the store itself for it.")
        return self._service.repository

    def disk_bytes(self) -> int:
        """Return what all versions take on disk, measured once per version."""
        version = self._service.snapshot.version
        if self._size[0] != version:
            self._size = (version, measure_all(self.repository))
        return self._size[1]

    def neighbours(self, manifest: Manifest) -> tuple[str, str]:
        """Return the names of the versions before and after one, "" where there is none."""
        after = next((m.version for m in self.repository.history() if m.previous == manifest.version), "")
        return manifest.previous, after

    def difference(self, manifest: Manifest) -> Difference:
        """Return what a version changed."""
        with self._lock:
            known = self._kept.get(manifest.version)
        if known is None:
            known = self._read(manifest)
            with self._lock:
                self._kept[manifest.version] = known
        return known

    def _read(self, manifest: Manifest) -> Difference:
        if not manifest.previous or manifest.added + manifest.removed > _MOST_QUADS:
            return Difference()
        change = self.repository.change(manifest.version)
        names, derived = manifest.names, {}
        if manifest.derives:
            derived = count_derived(change.added | change.removed, names)
            change = change.only(lambda quad: not names.graphs.is_derived(quad.graph_name))
        topics = group_change(change, names, self._claim_subjects(sorted(claims_without_subject(change, names))))
        parts = tuple(map(tuple, split_parts(topics)))
        return Difference(parts, labels_in(change), derived, len(change))

    def _claim_subjects(self, claims: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(claims), _BATCH):
            rows = self._graph.rows(browse_queries.CLAIM_SUBJECTS, these=values(claims[start : start + _BATCH]))
            found |= {text_of(row, "claim"): text_of(row, "thing") for row in rows}
        return found
