"""Limits that a process sets for itself before it reads what a client sent: no network, bounded memory."""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
from pathlib import Path
from typing import Final

# From <linux/sched.h> and <linux/prctl.h>.
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def address_space() -> int:
    """Return how many bytes of address space this process has; 0 where the system has no figure."""
    return _bytes("self", 0)


def resident_memory(pid: int | str = "self") -> int:
    """Return how many bytes of memory a process holds; 0 where the system has no figure or the process is gone."""
    return _bytes(pid, 1)


def _bytes(pid: int | str, field: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[field]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def limit_memory(extra_bytes: int, *, for_good: bool = True) -> None:
    """Allow `extra_bytes` of address space beyond what the process has now; above it, allocation aborts it.

    Unless `for_good`, another call may allow more, up to what was allowed for good.
    """
    if not sys.platform.startswith("linux"):
        return
    ceiling, (_, most) = address_space() + extra_bytes, resource.getrlimit(resource.RLIMIT_AS)
    ceiling = ceiling if most < 0 else min(ceiling, most)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling if for_good else most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def die_with_parent() -> None:
    """Have the kernel end this process when the one that forked it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_network() -> None:
    """Move into a network namespace without interfaces; where the kernel refuses, the check alone has to do."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def become_subreaper() -> None:
    """Have the descendants of this process become its children when their own parent ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)
