"""The query service. It answers from the current snapshot, or from another one that is asked for."""

import os
import threading
import time
from dataclasses import replace
from typing import Any, Final

from digitech_kg.book import Book, open_book
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import QueryAnswer, QueryRequest, wanted_version
from digitech_kg.errors import CallError, EngineFailure, EngineStopped
from digitech_kg.namespaces import Namespaces
from digitech_kg.settings import Settings
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sparql_text.checks import ServiceCall, check_query, redirect_calls

#: Pools that are kept open beside the one over the current version.
_OTHER_POOLS: Final = 4
#: Copying a larger version into memory takes longer than anybody wants to wait for an answer.
_QUICKLY_COPIED: Final = 200_000
#: Queries on a version of the past that may run at the same time: few will ask it.
_PAST_WORKERS: Final = 4


class SnapshotService:
    """Answers queries on the current snapshot of a data directory and follows it when a new one is published.

    Thread-safe. A query runs to its end on the snapshot that it began on. A large version that was published in one
    piece is answered from its directory until it is copied into memory.
    """

    def __init__(self, repository: SnapshotRepository, settings: Settings, *, federation: Any = None) -> None:
        """`federation` is what the hook of that name makes."""
        #: The snapshots that it serves.
        self.repository = repository
        self._current_file = str(repository.current_file)
        self._settings = settings
        self.union_default_graph = settings.union_default_graph
        self._federation = federation
        self._allowed = federation.allowed if federation else frozenset[str]()
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        #: The pools over the directory of a version, by its name, and whether they can reach other endpoints.
        self._others: dict[tuple[str, bool], WorkerPool] = {}
        self._copying: threading.Thread | None = None
        self._is_closed = False
        self._mark = self._mark_of_current()
        self._pool = self._open_current()

    def _mark_of_current(self) -> tuple[int, int]:
        """Return a mark of the state of the file `current`, without reading the file."""
        try:
            status = os.stat(self._current_file)  # noqa: PTH116 - every query asks, and `Path.stat` takes twice as long.
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def _open_current(self, before: WorkerPool | None = None) -> WorkerPool:
        """Return the pool over the current version: `before`, if it can follow, or a new one."""
        while True:
            snapshot = self.repository.current()
            if snapshot is None:
                where = self.repository.data_dir
                raise CallError(f"no version is published in {where}", hint="Run: digitech-kg build")
            in_memory = snapshot.manifest.quads <= self._settings.in_memory_quads
            if before is not None:
                if in_memory >= before.in_memory and self._let_follow(before, snapshot):
                    return before
                in_memory = in_memory and snapshot.manifest.quads <= _QUICKLY_COPIED
            try:
                return WorkerPool(snapshot, self._settings, in_memory=in_memory)
            except EngineFailure:
                # With few versions kept, its data may be gone already because the next one is there.
                if self.repository.current_version() == snapshot.version:
                    raise

    def _let_follow(self, pool: WorkerPool, snapshot: Snapshot) -> bool:
        """Have a pool answer from a later version, and return whether it could follow."""
        if not pool.in_memory:
            return pool.advance(snapshot, [])
        changes = self.repository.changes_between(pool.snapshot.version, snapshot.version)
        return bool(changes) and pool.advance(snapshot, changes)

    def _copy_beside(self) -> None:
        """Copy the current version into memory in a thread of its own, if it is answered from its directory."""
        if self._pool.in_memory or self._pool.snapshot.manifest.quads > self._settings.in_memory_quads:
            return
        if self._copying is None or not self._copying.is_alive():
            self._copying = threading.Thread(target=self._copy_into_memory, name="copying", daemon=True)
            self._copying.start()

    def _copy_into_memory(self) -> None:
        """Answer from a copy in memory, once it is there and has caught up with what was published meanwhile."""
        is_wanted = True
        while is_wanted:
            snapshot = self._pool.snapshot
            try:
                copy = WorkerPool(snapshot, self._settings)
            except EngineFailure:
                if self._pool.snapshot == snapshot:
                    return  # The directory has to do; the messages of the engine's process say why.
                continue
            with self._opening:
                old = self._pool
                is_wanted = not (self._is_closed or old.in_memory)
                if is_wanted and (copy.snapshot == old.snapshot or self._let_follow(copy, old.snapshot)):
                    self._pool = copy
                    old.retire()
                    return
            copy.close()

    @property
    def snapshot(self) -> Snapshot:
        version = wanted_version()
        if version is not None:
            return self.repository.resolve(version)
        self.follow(wait=False)
        return self._pool.snapshot

    @property
    def names(self) -> Namespaces:
        return self.snapshot.names

    def book(self) -> Book:
        return open_book(self.snapshot)

    def load(self) -> dict[str, int]:
        return self._pool.load()

    def known_quads(self) -> int:
        return self.snapshot.manifest.quads

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> QueryAnswer:
        """Check and run a query on the current snapshot; raises what `check_query` and `WorkerPool.query` raise."""
        calls = check_query(request.text, self._settings.query_length, allowed=self._allowed)
        allowed = timeout_s or self._settings.query_timeout
        started = time.monotonic()
        try:
            return self._run(request, calls, allowed)
        except EngineStopped:
            # A query changes nothing, so it can be asked again; only once, since it may be what ends the engine.
            self.follow()
            return self._run(request, calls, max(0.001, allowed - (time.monotonic() - started)))

    def _run(self, request: QueryRequest, calls: list[ServiceCall], timeout_s: float) -> QueryAnswer:
        self.follow(wait=False)
        version, pool = wanted_version(), self._pool
        if version is not None and version != pool.snapshot.version:
            pool = self._other_pool(self.repository.resolve(version), network=False)
        if not calls:
            return pool.query(request, timeout_s=timeout_s)
        # Each other endpoint is called through a path of the gateway that ends with the query.
        with self._federation.reach({call.endpoint for call in calls}, timeout_s) as addresses:
            text = redirect_calls(request.text, calls, addresses.__getitem__)
            pool = self._other_pool(pool.snapshot, network=True)
            return pool.query(replace(request, text=text), timeout_s=timeout_s)

    def _other_pool(self, snapshot: Snapshot, *, network: bool) -> WorkerPool:
        """Return a pool for a version of the past, or for calls of other endpoints; started when first needed."""
        key = snapshot.version, network
        with self._lock:
            if key in self._others and self._others[key].is_broken:
                self._others.pop(key).retire()
            if key not in self._others:
                if len(self._others) >= _OTHER_POOLS:
                    self._others.pop(next(iter(self._others))).retire()
                settings = self._settings if network else replace(self._settings, workers=_PAST_WORKERS)
                self._others[key] = WorkerPool(snapshot, settings, in_memory=False, network=network)
            # The one that was not asked for the longest time is the first.
            self._others[key] = self._others.pop(key)
            return self._others[key]

    def follow(self, *, wait: bool = True) -> None:
        """Switch to the newly published snapshot, if there is one.

        The thread that notices it first opens it; the others use the old one until then. With `wait` they wait, and an
        engine that was stopped from outside is restarted.
        """
        if self._mark_of_current() == self._mark and not (wait and self._pool.is_broken):
            return
        if not self._opening.acquire(blocking=wait):
            return
        try:
            mark = self._mark_of_current()
            if mark == self._mark and not self._pool.is_broken:
                return
            old, is_broken = self._pool, self._pool.is_broken
            self._pool, self._mark = self._open_current(None if is_broken else old), mark
            if self._pool is not old:
                old.retire()
            self._copy_beside()
        finally:
            self._opening.release()

    def close(self) -> None:
        self._is_closed = True
        with self._opening, self._lock:
            for pool in (self._pool, *self._others.values()):
                pool.close()
        if self._federation is not None:
            self._federation.close()
