"""How queries share the machine: who may start now, who waits, who is sent away, and what long ones leave to others.

A query is *unproven* until it ends or has run for a while. Few unproven queries run at a time, about as many as there
are cores: more would not be faster, and a burst of long ones would hold up the short ones among them. A query that
turns out to be long makes room for the next. Of those who wait, the client with the fewest running queries is next.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final

from digitech_kg.engine.parent import Worker
from digitech_kg.errors import Busy, EngineFailure, EngineStopped


@dataclass(eq=False, slots=True)
class Ticket:
    """A query that was admitted, or waits until `turn` is set."""

    client: str
    unproven: bool = True
    turn: threading.Event | None = None


class Admission:
    """Counts queries that run and wait. Thread-safe."""

    def __init__(self, *, running: int, unproven: int, waiting: int) -> None:
        self._most_running, self._most_unproven, self._most_waiting = running, unproven, waiting
        self._running = self._unproven = 0
        self._of_client: Counter[str] = Counter()
        self._waiting: list[Ticket] = []
        self._is_closed = self._is_retired = False
        self._lock = threading.Lock()

    def enter(self, client: str, deadline: float) -> Ticket:
        """Wait until the client can start a query; return its ticket. Raises `Busy`, at once or at the deadline.

        `deadline` is on the monotonic clock. Raises `EngineStopped` after `retire`.
        """
        with self._lock:
            if self._is_closed:
                raise _closing()
            if self._is_retired:
                raise EngineStopped
            ticket = Ticket(client)
            if not self._waiting and self._has_room():
                self._start(ticket)
                return ticket
            if self._running + len(self._waiting) >= self._most_running + self._most_waiting:
                raise _busy("too many queries run and wait already", "queue_length", self._most_waiting)
            ticket.turn = threading.Event()
            self._waiting.append(ticket)
        ticket.turn.wait(deadline - time.monotonic())
        with self._lock:
            if self._is_closed:
                raise _closing()
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                raise _busy("no worker became free in time", "workers", self._most_running)
        return ticket

    def _has_room(self) -> bool:
        return self._running < self._most_running and self._unproven < self._most_unproven

    def _start(self, ticket: Ticket) -> None:
        self._running += 1
        self._unproven += 1
        self._of_client[ticket.client] += 1

    def mark_long(self, ticket: Ticket) -> None:
        """Mark the ticket's query as long: another one may start. Does nothing the second time."""
        with self._lock:
            self._prove(ticket)
            self._admit_waiting()

    def leave(self, ticket: Ticket) -> bool:
        """End the ticket's query; return whether it was the last one before nothing is admitted any more."""
        with self._lock:
            self._prove(ticket)
            self._running -= 1
            self._of_client[ticket.client] -= 1
            if not self._of_client[ticket.client]:
                del self._of_client[ticket.client]
            self._admit_waiting()
            return self._is_retired and not self._running and not self._waiting

    def _prove(self, ticket: Ticket) -> None:
        if ticket.unproven:
            ticket.unproven = False
            self._unproven -= 1

    def _admit_waiting(self) -> None:
        while self._waiting and self._has_room():
            # Among clients with as many queries, `min` gives the one that has waited longest.
            ticket = min(self._waiting, key=lambda waiting: self._of_client[waiting.client])
            self._waiting.remove(ticket)
            self._start(ticket)
            if ticket.turn:
                ticket.turn.set()

    def running(self) -> int:
        """Return how many queries run."""
        return self._running

    def waiting(self) -> int:
        return len(self._waiting)

    def retire(self) -> bool:
        """Admit no new query, while those that wait go on; return whether none runs or waits."""
        with self._lock:
            self._is_retired = True
            return not self._running and not self._waiting

    def close(self) -> None:
        """Admit no more queries; those that wait get `EngineFailure`."""
        with self._lock:
            self._is_closed = True
            for ticket in self._waiting:
                if ticket.turn:
                    ticket.turn.set()


def _closing() -> EngineFailure:
    return EngineFailure("the query engine is shutting down")


def _busy(message: str, limit: str, value: int) -> Busy:
    hint = "Wait as long as Retry-After says and ask again."
    return Busy(message, limit=limit, value=value, unit="queries", hint=hint)


_LOWEST_PRIORITY: Final = 19
#: Of so many long queries for each core, all leave the first core to short ones.
_CROWD: Final = 2
#: A query that runs longer than this gets the lowest priority. Few processes may raise theirs again, so its worker ends
#: afterwards; that is long beside what a new one costs, except where there is one core to share.
_GIVES_WAY_S, _GIVES_WAY_ON_ONE_CORE_S = 0.5, 0.02


def make_room(worker: Worker, seconds: float, long_queries: int) -> None:
    """Have a worker leave cores to others after so many seconds of its query, as far as the system allows."""
    cores = usable_cores()
    if not worker.is_confined and long_queries >= _CROWD * len(cores) > _CROWD:
        worker.is_confined = True
        _run_on(worker.pid, cores[1:])
    if not worker.gave_way and seconds > (_GIVES_WAY_S if len(cores) > 1 else _GIVES_WAY_ON_ONE_CORE_S):
        worker.gave_way = True
        with suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)


def take_part(worker: Worker) -> bool:
    """Let a worker run like others again; return whether that worked, which may need a privilege."""
    if worker.is_confined:
        worker.is_confined = False
        _run_on(worker.pid, usable_cores())
    if worker.gave_way:
        try:
            os.setpriority(os.PRIO_PROCESS, worker.pid, os.getpriority(os.PRIO_PROCESS, 0))
        except (AttributeError, OSError):
            return False
        worker.gave_way = False
    return True


@cache
def usable_cores() -> list[int]:
    """Return the numbers of the cores that this process may use; consecutive ones where the system has no list."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _run_on(pid: int, cores: list[int]) -> None:
    """Let a process run on these cores only; it may be given others again at any time."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)
