"""The query service: always the current snapshot, one pool of workers per snapshot in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from digitech_kg.engine.guard import check_query
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import Answer, Limits, QueryRequest
from digitech_kg.errors import CallError
from digitech_kg.snapshot import Snapshot, SnapshotRepository


class _Mark(NamedTuple):
    """Tells one state of the file `current` from another without reading it."""

    inode: int
    modified_ns: int


class QueryService:
    """Answers queries on the current snapshot of a data directory and follows it when a new one is published.

    Thread-safe. A query runs to its end on the snapshot that it began on.
    """

    def __init__(
        self,
        repository: SnapshotRepository,
        make_pool: Callable[[Snapshot], WorkerPool],
        limits: Limits,
        *,
        union_default_graph: bool = True,
    ) -> None:
        self._repository = repository
        self._make_pool = make_pool
        self.limits = limits
        self.union_default_graph = union_default_graph
        self._lock = threading.Lock()
        self._users: dict[WorkerPool, int] = {}
        self._mark = self._read_mark()
        self._pool = self._open_current()

    def _read_mark(self) -> _Mark:
        try:
            status = self._repository.current_file.stat()
        except FileNotFoundError:
            return _Mark(0, 0)
        return _Mark(status.st_ino, status.st_mtime_ns)

    def _open_current(self) -> WorkerPool:
        snapshot = self._repository.current()
        if snapshot is None:
            where = self._repository.data_dir
            raise CallError(f"no snapshot is published in {where}", hint="Run: digitech-kg build")
        return self._make_pool(snapshot)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that the next query will be answered from."""
        self._follow()
        return self._pool.snapshot

    def load(self) -> dict[str, int]:
        """Give how much the engine has to do, by name, for monitoring."""
        return self._pool.load()

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Check and run a query on the current snapshot; raises what `check_query` and `WorkerPool.query` raise."""
        check_query(request.text, self.limits)
        with self._current_pool() as pool:
            return pool.query(request, timeout_s=timeout_s)

    @contextmanager
    def _current_pool(self) -> Iterator[WorkerPool]:
        self._follow()
        with self._lock:
            pool = self._pool
            self._users[pool] = self._users.get(pool, 0) + 1
        try:
            yield pool
        finally:
            with self._lock:
                self._users[pool] -= 1
                unused = self._users[pool] == 0 and pool is not self._pool
            if unused:
                self._retire(pool)

    def _follow(self) -> None:
        """Switch to a newly published snapshot; the thread that notices it pays for opening it."""
        mark = self._read_mark()
        if mark == self._mark:
            return
        with self._lock:
            if mark == self._mark:
                return
            old, self._pool, self._mark = self._pool, self._open_current(), mark
            unused = self._users.get(old, 0) == 0
        if unused:
            self._retire(old)

    def _retire(self, pool: WorkerPool) -> None:
        with self._lock:
            self._users.pop(pool, None)
        pool.close()

    def close(self) -> None:
        """Stop all workers."""
        self._pool.close()
