"""Pools of workers that are in use, each closed when it is no longer wanted and the last query on it has ended."""

from __future__ import annotations

import threading

from digitech_kg.engine.pool import WorkerPool


class PoolShelf:
    """Keeps pools until they are let go of. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[WorkerPool, int] = {}
        self._wanted: set[WorkerPool] = set()

    def keep(self, pool: WorkerPool) -> WorkerPool:
        """Keep a pool until `let_go`; give it."""
        with self._lock:
            self._wanted.add(pool)
        return pool

    def let_go(self, pool: WorkerPool) -> None:
        """Close a pool as soon as nobody uses it."""
        with self._lock:
            self._wanted.discard(pool)
            unused = not self._users.get(pool)
        if unused:
            pool.close()

    def take(self, pool: WorkerPool) -> bool:
        """Have a pool stay open until it is given back; false if it has been let go of already."""
        with self._lock:
            kept = pool in self._wanted
            if kept:
                self._users[pool] = self._users.get(pool, 0) + 1
        return kept

    def give_back(self, pool: WorkerPool) -> None:
        """Say that a pool that was taken is no longer used; the last one closes it if it is not wanted any more."""
        with self._lock:
            self._users[pool] -= 1
            unused = not self._users[pool]
            if unused:
                del self._users[pool]
            last = unused and pool not in self._wanted
        if last:
            pool.close()

    def close(self) -> None:
        """Let go of all pools."""
        for pool in list(self._wanted):
            self.let_go(pool)
