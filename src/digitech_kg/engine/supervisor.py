"""Watches workers whose query is long: it gives way to short ones, and all together keep to a memory budget.

Cores and priorities are set as far as the system allows it to an unprivileged process.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from digitech_kg.engine.fork_server import Worker
from digitech_kg.processes import resident_memory

_INTERVAL_S = 0.005
_LOWEST_PRIORITY = 19
#: When as many queries as there are cores run longer than this, they leave one core to short ones; of so many long
#: queries for each core, all do.
_SHARES_CORES_S, _CROWD = 0.1, 2
#: A query that runs longer than this has its priority lowered. Only a privileged process can raise it again, all others
#: end the worker afterwards; so it is long beside what a new worker costs, except where there is one core to share.
_GIVES_WAY_S, _GIVES_WAY_ON_ONE_CORE_S = 0.5, 0.02

#: How often memory is looked at, which costs a system call for each worker.
_WEIGHS_EVERY_S = 0.05


@dataclass(eq=False)
class _Run:
    started: float
    confined: bool = False
    gave_way: bool = False


class Supervisor:
    """One thread that looks at the workers many times a second while there are any."""

    def __init__(self, kill: Callable[[Worker], None], *, baseline_pid: int, memory_bytes: int) -> None:
        self._kill = kill
        #: Workers share the dataset with this process: only what they hold beyond it is theirs.
        self._baseline = resident_memory(baseline_pid)
        self._memory_bytes = memory_bytes
        self._cores = usable_cores()
        self._gives_way_s = _GIVES_WAY_S if len(self._cores) > 1 else _GIVES_WAY_ON_ONE_CORE_S
        self._running: dict[Worker, _Run] = {}
        self._evicted: set[Worker] = set()
        self._changed = threading.Condition()
        self._weighed = 0.0
        self._closed = False
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def begin(self, worker: Worker, started: float) -> None:
        """Watch from now on the worker's query, which began at a time on the monotonic clock."""
        with self._changed:
            self._running[worker] = _Run(started)
            self._changed.notify()

    def end(self, worker: Worker) -> bool:
        """Stop watching the worker's query, if it is watched.

        Return whether its priority was lowered and can't be raised again.
        """
        with self._changed:
            run = self._running.pop(worker, None)
        if run is None:
            return False
        if run.confined:
            _run_on(worker.pid, self._cores)
        return run.gave_way and not _restore_priority(worker.pid)

    def was_evicted(self, worker: Worker) -> bool:
        """Whether the worker was killed to keep to the budget; true once."""
        with self._changed:
            found = worker in self._evicted
            self._evicted.discard(worker)
            return found

    def close(self) -> None:
        """Stop watching."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(_INTERVAL_S)
                while not self._running and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                running = dict(self._running)
            self._look_after(running, time.monotonic())

    def _look_after(self, long: dict[Worker, _Run], now: float) -> None:
        crowded = len(long) >= _CROWD * len(self._cores)
        longer = [w for w, run in long.items() if crowded or now - run.started > _SHARES_CORES_S]
        if 1 < len(self._cores) <= len(longer):
            for worker in longer:
                self._confine(worker, long[worker])
        for worker, run in long.items():
            if now - run.started > self._gives_way_s:
                self._lower_priority(worker, run)
        if now - self._weighed > _WEIGHS_EVERY_S:
            self._weighed = now
            self._keep_budget(list(long))

    def _confine(self, worker: Worker, run: _Run) -> None:
        """Keep a query off the first core, which is for short ones."""
        with self._changed:
            if not run.confined and worker in self._running:
                run.confined = True
                _run_on(worker.pid, self._cores[1:])

    def _lower_priority(self, worker: Worker, run: _Run) -> None:
        with self._changed:
            if run.gave_way or worker not in self._running:
                return
            # On a single core all but one long query run only when nothing else wants to.
            others = any(other.gave_way for other in self._running.values())
            run.gave_way = True
        with suppress(AttributeError, OSError):
            if others and len(self._cores) == 1:
                os.sched_setscheduler(worker.pid, os.SCHED_IDLE, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)

    def _keep_budget(self, workers: list[Worker]) -> None:
        """Kill the largest worker if all together hold more memory of their own than the budget."""
        sizes = {worker: max(0, resident_memory(worker.pid) - self._baseline) for worker in workers}
        if sum(sizes.values()) <= self._memory_bytes:
            return
        largest = max(workers, key=sizes.__getitem__)
        with self._changed:
            if largest not in self._running:
                return
            self._evicted.add(largest)
        self._kill(largest)


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


def _restore_priority(pid: int) -> bool:
    """Give a process the priority of this one again; return whether that worked, which needs a privilege."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0))
        if hasattr(os, "SCHED_OTHER"):
            os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
    except (AttributeError, OSError):
        return False
    return True
