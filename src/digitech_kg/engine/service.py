"""The query service: always the current snapshot, one pool of workers per snapshot in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple, Protocol

from digitech_kg.engine.federation import ServiceCall, redirect_calls
from digitech_kg.engine.gateway import Gateway
from digitech_kg.engine.guard import check_query
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import Answer, Limits, QueryRequest
from digitech_kg.errors import CallError, EngineFailure, RemoteFailure
from digitech_kg.snapshot import Snapshot, SnapshotRepository


class _Mark(NamedTuple):
    """Tells one state of the file `current` from another without reading it."""

    inode: int
    modified_ns: int


class PoolFactory(Protocol):
    """Makes a pool over a snapshot; with `network`, its workers can reach other endpoints."""

    def __call__(self, snapshot: Snapshot, *, network: bool = False) -> WorkerPool: ...


class SnapshotService:
    """Answers queries on the current snapshot of a data directory and follows it when a new one is published.

    Thread-safe. A query runs to its end on the snapshot that it began on.
    """

    def __init__(
        self,
        repository: SnapshotRepository,
        make_pool: PoolFactory,
        limits: Limits,
        *,
        union_default_graph: bool = True,
        service_allow: frozenset[str] = frozenset(),
    ) -> None:
        self._repository = repository
        self._current_file = repository.current_file
        self._make_pool = make_pool
        self.limits = limits
        self.union_default_graph = union_default_graph
        self._allowed = service_allow
        self._gateway: Gateway | None = None
        self._federated: WorkerPool | None = None
        self._lock = threading.Lock()
        self._users: dict[WorkerPool, int] = {}
        self._mark = self._read_mark()
        self._pool = self._open_current()

    def _read_mark(self) -> _Mark:
        try:
            status = self._current_file.stat()
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

    def known_quads(self) -> int:
        """Give the number of quads in the current snapshot."""
        return self.snapshot.manifest.quads

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Check and run a query on the current snapshot; raises what `check_query` and `WorkerPool.query` raise."""
        calls = check_query(request.text, self.limits, allowed=self._allowed)
        with self._current_pool() as pool:
            if calls:
                return self._query_others(pool.snapshot, request, calls, timeout_s or self.limits.timeout_s)
            return pool.query(request, timeout_s=timeout_s)

    def _query_others(
        self, snapshot: Snapshot, request: QueryRequest, calls: list[ServiceCall], timeout_s: float
    ) -> Answer:
        """Run a query that calls other endpoints, each through a path of the gateway that ends with the query."""
        gateway, pool = self._way_out(snapshot)
        paths = {call.endpoint: gateway.open_path(call.endpoint, timeout_s) for call in calls}
        text = redirect_calls(request.text, calls, lambda endpoint: paths[endpoint][1])
        failure = None
        try:
            return pool.query(replace(request, text=text), timeout_s=timeout_s)
        except EngineFailure as error:
            failure = error
        finally:
            reasons = [reason for key, _ in paths.values() if (reason := gateway.close_path(key))]
        hint = "Run the part without SERVICE alone; it is answered from here."
        raise RemoteFailure(f"an endpoint that the query calls failed: {'; '.join(reasons) or failure}", hint=hint)

    def _way_out(self, snapshot: Snapshot) -> tuple[Gateway, WorkerPool]:
        """Give the gateway and a pool of workers that can reach it, started when first needed."""
        with self._lock:
            if self._gateway is None:
                self._gateway = Gateway(self._allowed, max_bytes=self.limits.result_bytes)
            if self._federated is None or self._federated.snapshot != snapshot:
                if self._federated is not None:
                    self._federated.close()
                self._federated = self._make_pool(snapshot, network=True)
            return self._gateway, self._federated

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
        for closing in (self._pool, self._federated, self._gateway):
            if closing is not None:
                closing.close()
