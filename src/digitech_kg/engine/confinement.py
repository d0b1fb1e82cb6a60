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
    if not sys.platform.startswith("linux"):
        return 0
    return _pages(0)


def resident_memory() -> int:
    """Return how many bytes of memory this process holds; 0 where the system has no figure."""
    return _pages(1) if sys.platform.startswith("linux") else 0


def _pages(field: int) -> int:
    return int(Path("/proc/self/statm").read_text().split()[field]) * resource.getpagesize()


def limit_memory(extra_bytes: int) -> None:
    """Allow `extra_bytes` of address space beyond what the process has now; above it, allocation aborts it."""
    if not sys.platform.startswith("linux"):
        return
    ceiling = address_space() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lower_memory(extra_bytes: int) -> None:
    """Allow `extra_bytes` of address space beyond what the process has now, within its limit, until the next call."""
    if not sys.platform.startswith("linux"):
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = address_space() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (ceiling if most < 0 else min(ceiling, most), most))


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
