"""What long queries leave to others: the processor, by priority and cores, and memory, by a budget for all of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from digitech_kg.processes import resident_memory

_LOWEST_PRIORITY: Final = 19
#: Of so many long queries for each core, all give way to short ones at once.
_CROWD: Final = 2
#: A single one that runs longer than this gives way. Few processes may raise their priority again, so its worker ends
#: afterwards; that is long beside what a new one costs.
_GIVES_WAY_S: Final = 0.5


class LongQueries:
    """The processes that run long queries, and what they may hold together beyond what all share. Thread-safe."""

    def __init__(self, most_bytes: int, parent_pid: int) -> None:
        self._most_bytes = most_bytes
        self._sizes: dict[int, int] = {}
        self._lock = threading.Lock()
        self._crowd = _CROWD * len(usable_cores())
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

    def should_give_way(self, seconds: float) -> bool:
        """Whether a query that has run so long should leave the processor to others."""
        return seconds > _GIVES_WAY_S or len(self._sizes) >= self._crowd

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


def give_way(pid: int) -> None:
    """Have a process run only when no other wants to, and not on the first core, as far as the system allows it."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)
        if others := usable_cores()[1:]:
            os.sched_setaffinity(pid, others)


def take_part(pid: int) -> bool:
    """Let a process run like this one again; return whether that worked, which needs a privilege."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0))
        os.sched_setaffinity(pid, usable_cores())
    except (AttributeError, OSError):
        return False
    return True
