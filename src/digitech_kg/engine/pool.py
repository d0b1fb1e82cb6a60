"""A pool of worker processes over one snapshot: each runs one query at a time and can be killed."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from digitech_kg.engine.forkserver import ForkServer, Worker
from digitech_kg.engine.request import Answer, Limits, QueryRequest
from digitech_kg.engine.warden import Warden
from digitech_kg.errors import (
    Busy,
    CallError,
    EngineFailure,
    LimitExceeded,
    NotAcceptable,
    QuerySyntaxError,
    QueryTimeout,
)
from digitech_kg.formats import Kind, by_name, of_kind
from digitech_kg.snapshot import Snapshot

#: Results up to this size come back through the socket; larger ones through a file.
_SPOOL_THRESHOLD = 512 * 1024


class WorkerPool:
    """Workers over one snapshot. Thread-safe; `close` it when no thread uses it any more.

    It grows up to `workers` processes while there is work and shrinks to a few warm ones afterwards.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        limits: Limits,
        *,
        workers: int,
        queue_length: int,
        in_memory: bool = True,
        union_default_graph: bool = True,
        network: bool = False,
    ) -> None:
        self.snapshot = snapshot
        self.limits = limits
        self._forks = ForkServer(
            {
                "store": str(snapshot.store),
                "in_memory": in_memory,
                "memory_bytes": limits.memory_bytes,
                "union_default_graph": union_default_graph,
                "network": network,
            }
        )
        self._warden = Warden(self._forks.kill, baseline_pid=self._forks.pid, memory_bytes=limits.all_memory_bytes)
        self._most, self._queue_length = workers, queue_length
        self._warm = min(workers, os.cpu_count() or 1)
        self._free = threading.Condition()
        self._idle = [self._forks.fork() for _ in range(self._warm)]
        self._count, self._waiting, self._closed = self._warm, 0, False

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Run one query and give its whole result.

        `timeout_s` may shorten the pool's deadline, never lengthen it; waiting for a worker counts. Raises
        `QuerySyntaxError`, `NotAcceptable`, `QueryTimeout`, `LimitExceeded` (memory or result size), `Busy` if the
        queue is full, `EngineFailure`.
        """
        allowed = min(self.limits.timeout_s, timeout_s or self.limits.timeout_s)
        deadline = time.monotonic() + allowed
        worker = self._take(deadline)
        self._warden.begin(worker)
        try:
            reply, body = self._ask(worker, request, deadline)
        except _NoReply as failure:
            self._warden.end(worker)
            evicted = self._warden.was_evicted(worker)
            self._discard(worker)
            raise failure.error(self.limits, allowed, evicted=evicted) from None
        except BaseException:
            self._warden.end(worker)
            self._discard(worker)
            raise
        source = worker.take_spool() if reply.get("spooled") else body
        self._give_back(worker, tired=self._warden.end(worker))
        if reply["status"] != "ok":
            raise _refusal(reply, self.limits)
        return Answer(by_name(reply["format"]), reply["length"], source, self.snapshot.version, reply["duration"])

    def _take(self, deadline: float) -> Worker:
        with self._free:
            if not self._idle and self._count >= self._most:
                self._wait_for_worker(deadline)
            if self._closed:
                raise EngineFailure("the query engine is closing down; ask again")
            if self._idle:
                return self._idle.pop()
            self._count += 1
        try:
            return self._forks.fork()
        except EngineFailure:
            self._forget_one()
            raise

    def _wait_for_worker(self, deadline: float) -> None:
        """Wait, holding the lock, until a worker is idle or may be forked. Raises `Busy`."""
        if self._waiting >= self._queue_length:
            raise _busy(f"{self._most} queries run and {self._waiting} wait", "queue_length", self._queue_length)
        self._waiting += 1
        try:
            while not self._idle and self._count >= self._most and not self._closed:
                if not self._free.wait(deadline - time.monotonic()):
                    raise _busy("no worker became free in time", "workers", self._most)
        finally:
            self._waiting -= 1

    def _give_back(self, worker: Worker, *, tired: bool) -> None:
        """Make a worker available again, or end it: one whose priority was lowered, or one too many."""
        with self._free:
            if not tired and not self._closed and (len(self._idle) < self._warm or self._waiting):
                self._idle.append(worker)
                self._free.notify()
                return
        if tired:
            self._forks.kill(worker)
        worker.close()
        self._forget_one()

    def _discard(self, worker: Worker) -> None:
        self._forks.kill(worker)
        worker.close()
        self._forget_one()

    def _forget_one(self) -> None:
        with self._free:
            self._count -= 1
            self._free.notify()

    def _ask(self, worker: Worker, request: QueryRequest, deadline: float) -> tuple[dict[str, Any], bytes]:
        message = {
            "text": request.text,
            "solutions_format": request.solutions_format and request.solutions_format.name,
            "graph_format": request.graph_format and request.graph_format.name,
            "default_graphs": request.dataset.default_graphs,
            "named_graphs": request.dataset.named_graphs,
            "base_iri": request.base_iri,
            "known_prefixes": request.known_prefixes,
            "threshold": _SPOOL_THRESHOLD,
            "ceiling": self.limits.result_bytes,
        }
        try:
            worker.send(message)
            if not worker.wire.wait(deadline - time.monotonic()):
                raise _NoReply("timeout")
            return worker.wire.receive()
        except (EOFError, OSError):
            # Without an exception from the engine a worker ends in two ways: its allocation was refused, or the
            # parser or evaluator overflowed its stack.
            raise _NoReply("died") from None

    def process_ids(self) -> list[int]:
        """Give the ids of the zygote and the idle workers, for monitoring."""
        with self._free:
            return [self._forks.pid, *(worker.pid for worker in self._idle)]

    def load(self) -> dict[str, int]:
        """Give how many workers exist, run a query, and how many queries wait, for monitoring."""
        return {"workers": self._count, "running": self._warden.running(), "waiting": self._waiting}

    def close(self) -> None:
        """Stop all workers; queries that still run end with an error."""
        with self._free:
            self._closed = True
            idle, self._idle = self._idle, []
            self._free.notify_all()
        self._warden.close()
        self._forks.close()
        for worker in idle:
            worker.close()


class _NoReply(Exception):
    """A worker gave no reply and is to be discarded."""

    def error(self, limits: Limits, allowed_s: float, *, evicted: bool) -> LimitExceeded:
        if self.args[0] == "timeout":
            return QueryTimeout(
                f"the query was stopped after {allowed_s:g} seconds",
                limit="timeout_s",
                value=allowed_s,
                unit="seconds",
                hint="Name more of the things you look for, drop unbounded paths, or add a LIMIT in a subquery.",
            )
        name, value = ("all_memory", limits.all_memory_bytes) if evicted else ("memory", limits.memory_bytes)
        what = "all queries together needed" if evicted else "the query needed"
        return LimitExceeded(
            f"{what} more than {value:,} bytes of memory, or it is too complex to evaluate",
            limit=f"{name}_bytes",
            value=value,
            unit="bytes",
            hint="Aggregate or filter earlier, avoid ORDER BY and DISTINCT over cross products.",
        )


def _refusal(reply: dict[str, Any], limits: Limits) -> Exception:
    """Give the error for a worker's reply that carries no result."""
    status = reply["status"]
    if status == "syntax":
        return QuerySyntaxError(reply["message"], line=reply.get("line"), column=reply.get("column"))
    if status == "unevaluable":
        hint = "Use functions and formats of SPARQL 1.1; the service description lists what else there is."
        return CallError(f"the query cannot be evaluated: {reply['message']}", hint=hint)
    if status == "format":
        kinds = [Kind.SOLUTIONS] if reply["form"] == "solutions" else [Kind.GRAPH, Kind.DATASET]
        available = [fmt.media_type for fmt in of_kind(*kinds)]
        return NotAcceptable("no accepted media type can carry the result of this query form", available=available)
    if status == "overflow":
        return LimitExceeded(
            f"the result is larger than {limits.result_bytes:,} bytes",
            limit="result_bytes",
            value=limits.result_bytes,
            unit="bytes",
            hint="Ask for fewer columns, add a LIMIT, or download the whole dataset.",
        )
    return EngineFailure(f"the engine could not answer: {reply['message']}")


def _busy(message: str, limit: str, value: int) -> Busy:
    hint = "Wait as long as Retry-After says and ask again."
    return Busy(message, limit=limit, value=value, unit="queries", hint=hint)
