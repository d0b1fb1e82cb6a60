"""Workers forked ahead of need, since forking takes milliseconds, more so when queries keep the cores busy.

A spare that never ran a query shares nearly all its memory with the process that it was forked from.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from digitech_kg.engine.fork_server import Worker
from digitech_kg.errors import EngineStopped

#: Spares are made anew when none was taken for so long: in a burst the queries need the cores.
_CALM_S = 0.2


class Spares:
    """Up to `number` workers that wait for their first query. Thread-safe."""

    def __init__(self, fork: Callable[[], Worker], *, number: int) -> None:
        self._fork, self._number = fork, number
        self._workers: list[Worker] = []
        self._last_taken, self._closed = time.monotonic(), False
        self._changed = threading.Condition()
        threading.Thread(target=self._refill, name="spares", daemon=True).start()

    def take(self) -> Worker:
        """Return a worker that has not run a query. Raises `EngineStopped` if there is none and none can be forked."""
        with self._changed:
            self._last_taken = time.monotonic()
            self._changed.notify()
            if self._workers:
                return self._workers.pop()
        return self._fork()

    def _refill(self) -> None:
        while self._wait_until_wanted():
            try:
                worker = self._fork()
            except EngineStopped:
                return
            with self._changed:
                if not self._closed:
                    self._workers.append(worker)
                    continue
            worker.close()

    def _wait_until_wanted(self) -> bool:
        """Wait until a spare is missing and none has been taken for a while; return false when closed."""
        with self._changed:
            while not self._closed:
                calm_in = self._last_taken + _CALM_S - time.monotonic()
                if len(self._workers) < self._number and calm_in <= 0:
                    return True
                self._changed.wait(calm_in if calm_in > 0 else None)
        return False

    def process_ids(self) -> list[int]:
        """Return the ids of the spares."""
        with self._changed:
            return [worker.pid for worker in self._workers]

    def close(self) -> None:
        """Close all spares; they end by themselves."""
        with self._changed:
            self._closed = True
            workers, self._workers = self._workers, []
            self._changed.notify()
        for worker in workers:
            worker.close()
