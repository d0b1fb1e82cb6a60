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

_INTERVAL_S = 0.01
#: A query that runs longer than this gives way to shorter ones.
_GIVES_WAY_AFTER_S = 0.02
_LOWEST_PRIORITY = 19


@dataclass(eq=False)
class _Run:
    started: float
    gave_way: bool = False


class Warden:
    """One thread that looks at the running workers a hundred times a second while there are any."""

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
        """Say that the worker's query is over; give whether its priority was lowered and cannot be raised again."""
        with self._changed:
            run = self._running.pop(worker, None)
        return run is not None and run.gave_way and not _take_back(worker.pid)

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
            before = sum(other.gave_way for other in self._running.values())
            run.gave_way = True
        _give_way(worker.pid, only_when_idle=before >= max(1, (os.cpu_count() or 1) - 1))

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


def _give_way(pid: int, *, only_when_idle: bool) -> None:
    """Lower a process's priority; with `only_when_idle` it runs only when nothing else wants to, where that exists.

    The first long queries keep a small share even on a busy machine, on all cores but one: that one is for short
    queries at any time.
    """
    with suppress(OSError):
        if only_when_idle and hasattr(os, "SCHED_IDLE"):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)


def _take_back(pid: int) -> bool:
    """Raise a process's priority to normal; give whether that worked, which needs a privilege."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, 0)
        if hasattr(os, "SCHED_OTHER"):
            os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
    except OSError:
        return False
    return True


def _resident_bytes(pid: int) -> int:
    """Give the resident memory of a process; 0 where the system does not tell or the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0
