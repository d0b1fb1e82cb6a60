"""Decide which query starts now, which one waits, and which one is refused.

A query is *unproven* until it ends or has run for a while. Few unproven queries run at a time, about as many as there
are cores: more would not be faster, and a burst of long ones would hold up the short ones among them. A query that
turns out to be long makes room for the next.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass

from digitech_kg.errors import Busy, EngineFailure, EngineStopped


@dataclass(eq=False, slots=True)
class Ticket:
    """A query that waits or was admitted."""

    #: It is woken alone: to wake all that wait would cost more than small queries take.
    turn: threading.Condition
    unproven: bool = True


class Admission:
    """Counts queries that run and wait. Thread-safe."""

    def __init__(self, *, running: int, unproven: int, waiting: int) -> None:
        self._most_running, self._most_unproven, self._most_waiting = running, unproven, waiting
        self._unproven = 0
        #: How many queries run.
        self.running = 0
        self._is_closed = self._is_retired = False
        #: The tickets of queries that wait, the next one first.
        self._queue = deque[Ticket]()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._queue)

    def enter(self, deadline: float) -> Ticket:
        """Wait until a query can start; return its ticket. Raises `Busy`, at once or at the deadline.

        `deadline` is on the monotonic clock. Raises `EngineStopped` after `retire`, `EngineFailure` after `close`.
        """
        with self._lock:
            if self._is_retired and not self._is_closed:
                raise EngineStopped
            if self.running + self.waiting >= self._most_running + self._most_waiting:
                raise _busy("too many queries run and wait already", "queue_length", self._most_waiting)
            ticket = Ticket(threading.Condition(self._lock))
            self._queue.append(ticket)
            in_time = ticket.turn.wait_for(lambda: self._may_start(ticket), deadline - time.monotonic())
            self._queue.remove(ticket)
            # There may be room for the next one, too.
            self._wake_next()
            if not in_time:
                raise _busy("no worker became free in time", "workers", self._most_running)
            if self._is_closed:
                raise EngineFailure("the query engine is shutting down")
            self.running += 1
            self._unproven += 1
        return ticket

    def _may_start(self, ticket: Ticket) -> bool:
        has_room = self.running < self._most_running and self._unproven < self._most_unproven
        return self._is_closed or (has_room and self._queue[0] is ticket)

    def mark_long(self, ticket: Ticket) -> None:
        """Mark the ticket's query as long: another one may start. Does nothing the second time."""
        with self._lock:
            self._prove(ticket)

    def leave(self, ticket: Ticket) -> bool:
        """End the ticket's query; return whether it was the last one before nothing is admitted any more."""
        with self._lock:
            self.running -= 1
            self._prove(ticket)
            self._wake_next()
            return self._is_retired and not self.running and not self.waiting

    def _prove(self, ticket: Ticket) -> None:
        if ticket.unproven:
            ticket.unproven = False
            self._unproven -= 1
            self._wake_next()

    def _wake_next(self) -> None:
        if self._queue:
            self._queue[0].turn.notify()

    def retire(self) -> bool:
        """Admit no new query, while those that wait go on; return whether none runs or waits."""
        with self._lock:
            self._is_retired = True
            return not self.running and not self.waiting

    def close(self) -> None:
        """Admit no more queries, those that wait included."""
        with self._lock:
            self._is_closed = True
            for ticket in self._queue:
                ticket.turn.notify()


def _busy(message: str, limit: str, value: int) -> Busy:
    hint = "Wait as long as Retry-After says and ask again."
    return Busy(message, limit=limit, value=value, unit="queries", hint=hint)
