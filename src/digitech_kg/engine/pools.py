"""Pools of workers that are in use, each closed when it is no longer wanted and the last query on it has ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

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

    @contextmanager
    def use(self, pool: WorkerPool) -> Iterator[WorkerPool | None]:
        """Have a pool stay open meanwhile; give None if it has been let go of already."""
        with self._lock:
            kept = pool in self._wanted
            if kept:
                self._users[pool] = self._users.get(pool, 0) + 1
        if not kept:
            yield None
            return
        try:
            yield pool
        finally:
            with self._lock:
                self._users[pool] -= 1
                last = not self._users[pool] and pool not in self._wanted
                if not self._users[pool]:
                    del self._users[pool]
            if last:
                pool.close()

    def close(self) -> None:
        """Let go of all pools."""
        for pool in list(self._wanted):
            self.let_go(pool)
