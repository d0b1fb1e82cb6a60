"""A pool of worker processes over one snapshot: each runs one query at a time and can be killed."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import IO, Any

from digitech_kg.engine.request import Answer, Limits, QueryRequest
from digitech_kg.errors import (
    Busy,
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
_START_TIMEOUT_S = 120.0


@dataclass
class _Worker:
    pid: int
    connection: Connection
    spool: IO[bytes]
    #: The process has not been given `spool` yet.
    spool_is_new: bool = False


class WorkerPool:
    """Workers over one snapshot. Thread-safe; `close` it when no thread uses it any more."""

    def __init__(
        self,
        snapshot: Snapshot,
        limits: Limits,
        *,
        workers: int,
        queue_length: int,
        in_memory: bool = True,
        union_default_graph: bool = True,
    ) -> None:
        self.snapshot = snapshot
        self.limits = limits
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._waiting = threading.Semaphore(workers + queue_length)
        self._control_lock = threading.Lock()
        options = {
            "store": str(snapshot.store),
            "in_memory": in_memory,
            "memory_bytes": limits.memory_bytes,
            "union_default_graph": union_default_graph,
        }
        self._start_zygote(options)
        for _ in range(workers):
            self._idle.put(self._fork())
        self._size = workers

    def _start_zygote(self, options: dict[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        options["socket"] = theirs.fileno()
        command = [sys.executable, "-m", "digitech_kg.engine.zygote", json.dumps(options)]
        self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        ours.settimeout(_START_TIMEOUT_S)
        self._control = ours
        if self._read_reply() != "ready":
            self.close()
            raise EngineFailure("the query engine did not start; what it said is above")

    def _read_reply(self) -> str:
        """Read one line from the zygote; empty if it is gone."""
        line = b""
        try:
            while not line.endswith(b"\n"):
                piece = self._control.recv(1)
                if not piece:
                    break
                line += piece
        except OSError:
            return ""
        return line.decode().strip()

    def _fork(self) -> _Worker:
        ours, theirs = socket.socketpair()
        spool = _new_spool()
        with self._control_lock:
            socket.send_fds(self._control, [b'{"do": "fork"}'], [theirs.fileno(), spool.fileno()])
            reply = self._read_reply()
        theirs.close()
        if not reply:
            ours.close()
            spool.close()
            raise EngineFailure("the query engine has stopped; start the server again")
        return _Worker(int(reply), Connection(ours.detach()), spool)

    def _kill(self, worker: _Worker) -> None:
        with self._control_lock:
            self._control.sendall(json.dumps({"do": "kill", "pid": worker.pid}).encode())
            self._read_reply()
        worker.connection.close()
        worker.spool.close()

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> Answer:
        """Run one query and give its whole result.

        `timeout_s` may shorten the pool's deadline, never lengthen it. Raises `QuerySyntaxError`, `NotAcceptable`,
        `QueryTimeout`, `LimitExceeded` (memory or result size), `Busy` if the queue is full, `EngineFailure`.
        """
        allowed = min(self.limits.timeout_s, timeout_s or self.limits.timeout_s)
        deadline = time.monotonic() + allowed
        if not self._waiting.acquire(blocking=False):
            raise _busy("the queue of waiting queries is full")
        try:
            worker = self._take(allowed)
            try:
                reply, body = self._ask(worker, request, deadline)
            except _Unresponsive as failure:
                self._replace(worker)
                raise failure.error(self.limits, allowed) from None
            except BaseException:
                self._replace(worker)
                raise
            return self._finish(worker, reply, body)
        finally:
            self._waiting.release()

    def _take(self, wait_s: float) -> _Worker:
        try:
            worker = self._idle.get(timeout=wait_s)
        except queue.Empty:
            raise _busy(f"no worker became free within {wait_s:g} seconds") from None
        if worker is None:
            self._idle.put(None)
            raise EngineFailure("the query engine is closing down; ask again")
        return worker

    def _ask(self, worker: _Worker, request: QueryRequest, deadline: float) -> tuple[dict[str, Any], bytes]:
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
            "new_spool": worker.spool_is_new,
        }
        try:
            worker.connection.send_bytes(json.dumps(message).encode())
            if worker.spool_is_new:
                send_handle(worker.connection, worker.spool.fileno(), worker.pid)
                worker.spool_is_new = False
            if not worker.connection.poll(max(0.0, deadline - time.monotonic())):
                raise _Unresponsive("timeout")
            reply: dict[str, Any] = json.loads(worker.connection.recv_bytes())
            body = worker.connection.recv_bytes() if reply["status"] == "ok" and not reply["spooled"] else b""
        except (EOFError, OSError):
            # Without an exception from the engine a worker ends in two ways: its allocation was refused, or the
            # parser or evaluator overflowed its stack.
            raise _Unresponsive("died") from None
        return reply, body

    def _finish(self, worker: _Worker, reply: dict[str, Any], body: bytes) -> Answer:
        status = reply["status"]
        if status == "ok":
            source: bytes | IO[bytes] = body
            if reply["spooled"]:
                # The file goes with the answer; the worker gets a new one before its next query.
                source, worker.spool = worker.spool, _new_spool()
                worker.spool_is_new = True
            self._idle.put(worker)
            return Answer(by_name(reply["format"]), reply["length"], source, self.snapshot.version, reply["duration"])
        self._idle.put(worker)
        if status == "syntax":
            raise QuerySyntaxError(reply["message"], line=reply.get("line"), column=reply.get("column"))
        if status == "format":
            kinds = [Kind.SOLUTIONS] if reply["form"] == "solutions" else [Kind.GRAPH, Kind.DATASET]
            available = [fmt.media_type for fmt in of_kind(*kinds)]
            raise NotAcceptable("no accepted media type can carry the result of this query form", available=available)
        if status == "overflow":
            raise LimitExceeded(
                f"the result is larger than {self.limits.result_bytes:,} bytes",
                limit="result_bytes",
                value=self.limits.result_bytes,
                unit="bytes",
                hint="Ask for fewer columns, add a LIMIT, or download the whole dataset.",
            )
        raise EngineFailure(f"the engine could not answer: {reply['message']}")

    def _replace(self, worker: _Worker) -> None:
        self._kill(worker)
        self._idle.put(self._fork())

    def worker_pids(self) -> list[int]:
        """Give the process ids of the idle workers and the zygote, for monitoring."""
        idle = [worker.pid for worker in list(self._idle.queue) if worker is not None]
        return [*idle, self._zygote.pid]

    def close(self) -> None:
        """Stop all workers; queries that still run end with `EngineFailure`."""
        self._control.close()
        try:
            self._zygote.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._zygote.send_signal(signal.SIGKILL)
            self._zygote.wait()
        while not self._idle.empty():
            worker = self._idle.get_nowait()
            if worker is not None:
                worker.connection.close()
                worker.spool.close()
        self._idle.put(None)


class _Unresponsive(Exception):
    """A worker gave no reply and has to be replaced."""

    def error(self, limits: Limits, allowed_s: float) -> LimitExceeded:
        if self.args[0] == "timeout":
            return QueryTimeout(
                f"the query was stopped after {allowed_s:g} seconds",
                limit="timeout_s",
                value=allowed_s,
                unit="seconds",
                hint="Name more of the things you look for, drop unbounded paths, or add a LIMIT in a subquery.",
            )
        return LimitExceeded(
            f"the query needed more than {limits.memory_bytes:,} bytes of memory, or is too complex to evaluate",
            limit="memory_bytes",
            value=limits.memory_bytes,
            unit="bytes",
            hint="Aggregate or filter earlier, avoid ORDER BY and DISTINCT over cross products.",
        )


def _new_spool() -> IO[bytes]:
    """A temporary file without a name, so nothing is left behind however the process ends."""
    return tempfile.TemporaryFile(prefix="digitech-kg-")


def _busy(message: str) -> Busy:
    hint = "Wait as long as Retry-After says and ask again."
    return Busy(message, limit="queue", value=0, unit="queries", hint=hint)


def default_workers() -> int:
    """Two workers per core: one that computes while another one's client is slow, at least four."""
    return max(4, 2 * (os.cpu_count() or 1))
