"""Watches running workers: long queries give way to short ones, and all together keep to a memory budget."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.engine.forkserver import Worker

_INTERVAL_S = 0.1
#: A query that runs longer than this gets the lowest priority.
_GIVES_WAY_AFTER_S = 0.3
_LOWEST_PRIORITY = 19


@dataclass(eq=False)
class _Run:
    started: float
    gave_way: bool = False


class Warden:
    """One thread that looks at the running workers ten times a second while there are any."""

    def __init__(self, kill: Callable[[Worker], None], *, baseline_pid: int, memory_bytes: int) -> None:
        self._kill = kill
        #: Workers share the dataset with this process: only what they hold beyond it is theirs.
        self._baseline = _resident_bytes(baseline_pid)
        self._memory_bytes = memory_bytes
        self._running: dict[Worker, _Run] = {}
        self._evicted: set[Worker] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._watch, name="warden", daemon=True)
        self._thread.start()

    def begin(self, worker: Worker) -> None:
        """Say that the worker runs a query from now on."""
        with self._changed:
            self._running[worker] = _Run(time.monotonic())
            if len(self._running) == 1:
                self._changed.notify()

    def end(self, worker: Worker) -> bool:
        """Say that the worker's query is over; give whether its priority was lowered, which cannot be undone."""
        with self._changed:
            run = self._running.pop(worker, None)
            return run is not None and run.gave_way

    def was_evicted(self, worker: Worker) -> bool:
        """Whether the worker was killed to keep to the budget; true once."""
        with self._changed:
            found = worker in self._evicted
            self._evicted.discard(worker)
            return found

    def running(self) -> int:
        """Give how many queries run now."""
        return len(self._running)

    def close(self) -> None:
        """Stop watching."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._running and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                runs = list(self._running.items())
            now = time.monotonic()
            long = [(worker, run) for worker, run in runs if now - run.started > _GIVES_WAY_AFTER_S]
            for worker, run in long:
                if not run.gave_way:
                    self._lower_priority(worker, run)
            self._keep_budget([worker for worker, _ in long])
            with self._changed:
                self._changed.wait(_INTERVAL_S)

    def _lower_priority(self, worker: Worker, run: _Run) -> None:
        with self._changed:
            if self._running.get(worker) is not run:
                return
            run.gave_way = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)

    def _keep_budget(self, workers: list[Worker]) -> None:
        """Kill the largest worker if all together hold more memory of their own than the budget."""
        sizes = {worker: max(0, _resident_bytes(worker.pid) - self._baseline) for worker in workers}
        if sum(sizes.values()) <= self._memory_bytes:
            return
        largest = max(workers, key=sizes.__getitem__)
        with self._changed:
            if largest not in self._running:
                return
            self._evicted.add(largest)
        self._kill(largest)


def _resident_bytes(pid: int) -> int:
    """Give the resident memory of a process; 0 where the system does not tell or the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0
