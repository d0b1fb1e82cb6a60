"""A pool that is replaced while queries run on it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from digitech_kg.engine.pool import WorkerPool


class ReplaceablePool:
    """Holds the pool for new queries; one that was replaced is closed when its last query has ended. Thread-safe."""

    def __init__(self, pool: WorkerPool) -> None:
        self.current = pool
        self._users: Counter[WorkerPool] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def use(self) -> Iterator[WorkerPool]:
        """Give the current pool, which stays open at least as long as the block runs."""
        with self._lock:
            pool = self.current
            self._users[pool] += 1
        try:
            yield pool
        finally:
            with self._lock:
                self._users[pool] -= 1
                unused = not self._users[pool]
                if unused:
                    del self._users[pool]
                replaced = pool is not self.current
            if unused and replaced:
                pool.close()

    def replace(self, pool: WorkerPool) -> None:
        """Take another pool for the queries to come."""
        with self._lock:
            old, self.current = self.current, pool
            unused = old not in self._users
        if unused:
            old.close()

    def close(self) -> None:
        """Close the current pool."""
        self.current.close()
