"""A pool of worker processes over one snapshot: each runs one query at a time and can be killed."""

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.reduction import recv_handle
from pathlib import Path

from digitech_kg.engine.admission import Admission, Ticket
from digitech_kg.engine.parent import ForkServer, Worker
from digitech_kg.engine.request import QueryAnswer, QueryRequest
from digitech_kg.errors import DigitechError, EngineStopped, LimitExceeded, QuerySyntaxError, QueryTimeout
from digitech_kg.formats import by_name
from digitech_kg.processes import resident_memory
from digitech_kg.settings import MIB, Settings
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sparql_text.mistakes import mend

#: A query that runs longer than this is long: another one may start beside it, and it is looked at every so often.
_LONG_S, _LOOK_S = 0.01, 0.05
#: A query that runs longer than this gets the lowest priority. Few processes may raise theirs again, so its worker ends
#: afterwards; that is long beside what a new one costs.
_GIVES_WAY_S, _LOWEST_PRIORITY = 0.1, 19


class WorkerPool:
    """Workers over one version, which may be followed by later ones. Thread-safe.

    It grows up to `workers` processes while there is work and shrinks to a few warm ones afterwards.
    """

    def __init__(
        self, snapshot: Snapshot, settings: Settings, *, in_memory: bool = True, network: bool = False
    ) -> None:
        """`in_memory` and `network` are those of `ForkServer`."""
        self._settings, self.in_memory = settings, in_memory
        #: The version that the next query is answered from.
        self.snapshot = snapshot
        self._forks = ForkServer(snapshot, settings, in_memory=in_memory, network=network)
        #: The workers that run long queries, and what they share with their parent process.
        self._long: list[Worker] = []
        self._shared_bytes = resident_memory(self._forks.pid)
        self._warm = min(settings.workers, usable_cores() + 1)
        self._admission = Admission(running=settings.workers, unproven=self._warm, waiting=settings.queue_length)
        self._lock = threading.Lock()
        self._idle = [self._forks.fork() for _ in range(self._warm)]
        self._is_closed = False

    def advance(self, snapshot: Snapshot, changes: Sequence[Path]) -> bool:
        """Answer from a later version from now on; queries that run go on with theirs. Return whether that worked.

        `changes` are the directories of what each version since then changed.
        """
        if not self._forks.advance(snapshot, changes):
            return False
        self.snapshot = snapshot
        try:
            workers = [self._forks.fork() for _ in range(self._warm)]
        except EngineStopped:
            return False
        self._replace_idle(workers)
        self._shared_bytes = resident_memory(self._forks.pid)
        return True

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> QueryAnswer:
        """Run one query and return its whole result.

        `timeout_s` may shorten the pool's deadline, never lengthen it; waiting for a worker counts. Raises
        `QuerySyntaxError`, `NotAcceptable`, `QueryTimeout`, `LimitExceeded` (memory or result size), `Busy` if the
        queue is full, `EngineFailure`, `EngineStopped`.
        """
        allowed = min(self._settings.query_timeout, timeout_s or self._settings.query_timeout)
        deadline = time.monotonic() + allowed
        ticket = self._admission.enter(deadline)
        try:
            worker = self._take_worker()
            reply = self._run(worker, request, ticket, deadline, allowed)
        finally:
            if self._admission.leave(ticket):
                self.close()
        if isinstance(reply, QuerySyntaxError):
            raise mend(reply, request.text, worker.snapshot.names.prefixes)
        if isinstance(reply, DigitechError):
            raise reply
        return reply

    def _run(
        self, worker: Worker, request: QueryRequest, ticket: Ticket, deadline: float, allowed_s: float
    ) -> QueryAnswer | DigitechError:
        """Return a worker's reply, and make the worker available again or end it."""
        try:
            reply = self._ask(worker, request, ticket, deadline, allowed_s)
        except (EOFError, OSError):
            # Without an exception from the engine a worker ends in three ways: its allocation was refused, the parser
            # or evaluator overflowed its stack, or another process ended it.
            is_stopped = self._forks.was_killed(worker)
            self._discard(worker)
            if is_stopped:
                # What ended this one may have ended those that are idle, and they can be asked for a moment longer.
                self._replace_idle([])
                raise EngineStopped from None
            most = self._settings.query_memory * MIB
            message = f"the query needed more than {most:,} bytes of memory, or it is too complex to evaluate"
            raise _out_of_memory(message, "memory_bytes", most) from None
        except BaseException:
            self._discard(worker)
            raise
        self._give_back(worker)
        return reply

    @property
    def is_broken(self) -> bool:
        """Whether the process that workers are forked from was ended from outside, so that no query can be run."""
        return self._forks.is_gone

    def _take_worker(self) -> Worker:
        """Return a worker that lives. Raises `EngineStopped` if there is none and none can be forked."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            worker = worker or self._forks.fork()
            # A worker that can be read before it was asked anything was ended from outside.
            if not worker.wait(0):
                return worker
            self._discard(worker)

    def _give_back(self, worker: Worker) -> None:
        """Make a worker available again, or end it: of an older version, of low priority, or one too many."""
        with self._lock:
            is_wanted = len(self._idle) < self._warm + self._admission.waiting
            if is_wanted and not worker.gave_way and worker.snapshot is self._forks.snapshot and not self._is_closed:
                self._idle.append(worker)
                return
        self._discard(worker)

    def _replace_idle(self, workers: list[Worker]) -> None:
        """End the idle workers, and have these in their place."""
        with self._lock:
            old, self._idle = self._idle, workers
        for worker in old:
            self._discard(worker)

    def _discard(self, worker: Worker) -> None:
        self._forks.kill(worker)
        worker.connection.close()

    def _ask(
        self, worker: Worker, request: QueryRequest, ticket: Ticket, deadline: float, allowed_s: float
    ) -> QueryAnswer | DigitechError:
        started = time.monotonic()
        worker.connection.send((request, worker.snapshot.names.base, self._settings.result_size * MIB))
        if not worker.wait(min(_LONG_S, deadline - started)):
            self._admission.mark_long(ticket)
            with self._lock:
                worker.held_bytes = 0
                self._long.append(worker)
            try:
                self._wait(worker, started, deadline, allowed_s)
            finally:
                with self._lock:
                    self._long.remove(worker)
        reply = worker.connection.recv()
        if isinstance(reply, DigitechError):
            return reply
        name, length, seconds, source = reply
        if source is None:
            source = os.fdopen(recv_handle(worker.connection), "rb")
        return QueryAnswer(by_name(name), length, source, worker.snapshot.version, seconds)

    def _wait(self, worker: Worker, started: float, deadline: float, allowed_s: float) -> None:
        """Wait for the reply to a long query, which gives way to others and keeps to what all may hold together.

        Raises `QueryTimeout` at the deadline, and `LimitExceeded` for the one that holds the most when all hold too
        much.
        """
        while True:
            now = time.monotonic()
            if not worker.gave_way and now - started > _GIVES_WAY_S:
                worker.gave_way = True
                with suppress(AttributeError, OSError):
                    os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)
                    # On Linux it also yields at once to whatever wakes up.
                    os.sched_setscheduler(worker.pid, os.SCHED_IDLE, os.sched_param(0))
            if worker.wait(min(_LOOK_S, deadline - now)):
                return
            if now >= deadline:
                hint = "Name more of the things you look for, remove paths with * or +, or add a LIMIT in a subquery."
                raise QueryTimeout.of("the query", allowed_s, hint)
            worker.held_bytes = max(0, resident_memory(worker.pid) - self._shared_bytes)
            with self._lock:
                held = [other.held_bytes for other in self._long]
            most = self._settings.total_memory * MIB
            if sum(held) > most and worker.held_bytes == max(held):
                message = (
                    f"all queries together needed more than {most:,} bytes of memory, and this one needed the most"
                )
                raise _out_of_memory(message, "all_memory_bytes", most)

    def process_ids(self) -> list[int]:
        """Return the ids of the parent process and the idle workers, for monitoring."""
        with self._lock:
            return [self._forks.pid, *(worker.pid for worker in self._idle)]

    def load(self) -> dict[str, int]:
        """Return how many workers exist, run a query, and how many queries wait, for monitoring."""
        running, waiting = self._admission.running, self._admission.waiting
        return {"workers": running + len(self._idle), "running": running, "waiting": waiting}

    def retire(self) -> None:
        """Admit no new query, and close when the last one has ended."""
        if self._admission.retire():
            self.close()

    def close(self) -> None:
        """Stop all workers; queries that still run end with an error."""
        self._admission.close()
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        self._forks.close()
        for worker in idle:
            worker.connection.close()


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _out_of_memory(message: str, limit: str, most: int) -> LimitExceeded:
    hint = "Aggregate or filter earlier, and avoid ORDER BY and DISTINCT over cross products."
    return LimitExceeded(message, limit=limit, value=most, unit="bytes", hint=hint)
