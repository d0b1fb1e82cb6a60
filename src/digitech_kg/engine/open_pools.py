"""Pools of workers that are in use, each closed when it is no longer wanted and the last query on it has ended."""

from __future__ import annotations

import threading

from digitech_kg.engine.pool import WorkerPool
from digitech_kg.errors import EngineFailure


class OpenPools:
    """The pools in use. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[WorkerPool, int] = {}
        self._wanted: set[WorkerPool] = set()
        self._closed = False

    def add(self, pool: WorkerPool) -> WorkerPool:
        """Add a pool, which stays open until `retire`; return it."""
        with self._lock:
            self._wanted.add(pool)
        return pool

    def retire(self, pool: WorkerPool) -> None:
        """Close a pool as soon as no query uses it."""
        with self._lock:
            self._wanted.discard(pool)
            unused = not self._users.get(pool)
        if unused:
            pool.close()

    def acquire(self, pool: WorkerPool) -> bool:
        """Return whether a pool is open; if so it stays open until `release`. Raises `EngineFailure` after `close`."""
        with self._lock:
            if self._closed:
                raise EngineFailure("the query engine is shutting down")
            kept = pool in self._wanted
            if kept:
                self._users[pool] = self._users.get(pool, 0) + 1
        return kept

    def release(self, pool: WorkerPool) -> None:
        """End one use of a pool. The last one closes a retired pool."""
        with self._lock:
            self._users[pool] -= 1
            unused = not self._users[pool]
            if unused:
                del self._users[pool]
            last = unused and pool not in self._wanted
        if last:
            pool.close()

    def close(self) -> None:
        """Retire all pools."""
        self._closed = True
        for pool in list(self._wanted):
            self.retire(pool)
