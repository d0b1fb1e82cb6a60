"""The query service: always the current snapshot, one pool of workers per snapshot in use."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import NamedTuple, Protocol

from digitech_kg.engine.federation import ServiceCall, redirect_calls
from digitech_kg.engine.gateway import Gateway
from digitech_kg.engine.guard import check_query
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.replaceable import ReplaceablePool
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
        self._lock = threading.Lock()
        self._mark = self._read_mark()
        self._local = ReplaceablePool(self._open_current())
        self._federated: ReplaceablePool | None = None

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
        return self._local.current.snapshot

    def load(self) -> dict[str, int]:
        """Give how much the engine has to do, by name, for monitoring."""
        return self._local.current.load()

    def known_quads(self) -> int:
        """Give the number of quads in the current snapshot."""
        return self.snapshot.manifest.quads

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Check and run a query on the current snapshot; raises what `check_query` and `WorkerPool.query` raise."""
        calls = check_query(request.text, self.limits, allowed=self._allowed)
        self._follow()
        if calls:
            return self._query_others(request, calls, timeout_s or self.limits.timeout_s)
        with self._local.use() as pool:
            return pool.query(request, timeout_s=timeout_s)

    def _query_others(self, request: QueryRequest, calls: list[ServiceCall], timeout_s: float) -> Answer:
        """Run a query that calls other endpoints, each through a path of the gateway that ends with the query."""
        gateway, federated = self._open_way_out()
        paths = {call.endpoint: gateway.open_path(call.endpoint, timeout_s) for call in calls}
        text = redirect_calls(request.text, calls, lambda endpoint: paths[endpoint][1])
        failure = None
        try:
            with federated.use() as pool:
                return pool.query(replace(request, text=text), timeout_s=timeout_s)
        except EngineFailure as error:
            failure = error
        finally:
            reasons = [reason for key, _ in paths.values() if (reason := gateway.close_path(key))]
        hint = "Run the part without SERVICE alone; it is answered from here."
        raise RemoteFailure(f"an endpoint that the query calls failed: {'; '.join(reasons) or failure}", hint=hint)

    def _open_way_out(self) -> tuple[Gateway, ReplaceablePool]:
        """Give the gateway and a pool of workers that can reach it, both started when first needed."""
        with self._lock:
            if self._gateway is None:
                self._gateway = Gateway(self._allowed, max_bytes=self.limits.result_bytes)
            snapshot = self._local.current.snapshot
            if self._federated is None:
                self._federated = ReplaceablePool(self._make_pool(snapshot, network=True))
            elif self._federated.current.snapshot != snapshot:
                self._federated.replace(self._make_pool(snapshot, network=True))
            return self._gateway, self._federated

    def _follow(self) -> None:
        """Switch to a newly published snapshot; the thread that notices it pays for opening it."""
        mark = self._read_mark()
        if mark == self._mark:
            return
        with self._lock:
            if mark != self._mark:
                self._local.replace(self._open_current())
                self._mark = mark

    def close(self) -> None:
        """Stop all workers."""
        for closing in (self._local, self._federated, self._gateway):
            if closing is not None:
                closing.close()
