"""Cores and priority of a worker's process.

Each function does what the system allows to an unprivileged process, and nothing where it allows nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress

_LOWEST_PRIORITY = 19


def usable_cores() -> list[int]:
    """Return the numbers of the cores that this process may use; consecutive ones where the system has no list."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def run_on(pid: int, cores: list[int]) -> None:
    """Let a process run on these cores only; it may be given others again at any time."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)


def lower_priority(pid: int, *, only_when_idle: bool = False) -> None:
    """Lower a process's priority; with `only_when_idle` it runs only when nothing else wants to, where that exists."""
    if not hasattr(os, "setpriority"):
        return
    with suppress(OSError):
        if only_when_idle and hasattr(os, "SCHED_IDLE"):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)


def restore_priority(pid: int) -> bool:
    """Give a process the priority of this one again; return whether that worked, which needs a privilege."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0))
        if hasattr(os, "SCHED_OTHER"):
            os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
    except (AttributeError, OSError):
        return False
    return True
