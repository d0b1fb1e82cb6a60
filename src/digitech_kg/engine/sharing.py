"""What long queries leave to others: the processor, by priority and cores, and memory, by a budget for all of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from digitech_kg.engine.fork_server import Worker
from digitech_kg.processes import resident_memory

_LOWEST_PRIORITY: Final = 19
#: Of so many long queries for each core, all leave the first core to short ones.
_CROWD: Final = 2
#: A query that runs longer than this gets the lowest priority. Few processes may raise theirs again, so its worker ends
#: afterwards; that is long beside what a new one costs, except where there is one core to share.
_GIVES_WAY_S, _GIVES_WAY_ON_ONE_CORE_S = 0.5, 0.02


class LongQueries:
    """The processes that run long queries, and what they may hold together beyond what all share. Thread-safe."""

    def __init__(self, most_bytes: int, parent_pid: int) -> None:
        self._most_bytes = most_bytes
        self._sizes: dict[int, int] = {}
        self._lock = threading.Lock()
        self._cores = usable_cores()
        self._gives_way_s = _GIVES_WAY_S if len(self._cores) > 1 else _GIVES_WAY_ON_ONE_CORE_S
        self.measure(parent_pid)

    def measure(self, parent_pid: int) -> None:
        """Take note of what workers share with their parent process."""
        self._shared = resident_memory(parent_pid)

    @contextmanager
    def watched(self, pid: int) -> Iterator[None]:
        """Count a process while the block runs."""
        with self._lock:
            self._sizes[pid] = 0
        try:
            yield
        finally:
            with self._lock:
                del self._sizes[pid]

    def make_room(self, worker: Worker, seconds: float) -> None:
        """Have a worker leave cores to others after so many seconds of its query, as far as the system allows."""
        if not worker.is_confined and len(self._sizes) >= _CROWD * len(self._cores) > _CROWD:
            worker.is_confined = True
            _run_on(worker.pid, self._cores[1:])
        if not worker.gave_way and seconds > self._gives_way_s:
            worker.gave_way = True
            with suppress(AttributeError, OSError):
                os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)

    def take_part(self, worker: Worker) -> bool:
        """Let a worker run like others again; return whether that worked, which may need a privilege."""
        if worker.is_confined:
            worker.is_confined = False
            _run_on(worker.pid, self._cores)
        if worker.gave_way:
            try:
                os.setpriority(os.PRIO_PROCESS, worker.pid, os.getpriority(os.PRIO_PROCESS, 0))
            except (AttributeError, OSError):
                return False
            worker.gave_way = False
        return True

    def holds_too_much(self, pid: int) -> bool:
        """Whether all together hold too much, and this process the most of it."""
        size = max(0, resident_memory(pid) - self._shared)
        with self._lock:
            self._sizes[pid] = size
            return sum(self._sizes.values()) > self._most_bytes and size == max(self._sizes.values())


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
