"""Give the processes that run the engine a memory allocator that suits it.

Joins and groups take and free millions of small pieces of memory. With jemalloc they need up to half as long as with
the C library's own allocator as it is set by default; if jemalloc is not installed, other settings of that one help.
"""

from __future__ import annotations

import os
import sys
from ctypes.util import find_library
from functools import cache
from typing import Final

#: https://jemalloc.net/jemalloc.3.html#tuning - what is freed is given back, since address space is what is limited.
_JEMALLOC: Final = "thp:always,retain:false,narenas:1"
#: https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
_GLIBC: Final = "glibc.malloc.tcache_count=65535:glibc.malloc.hugetlb=1"
#: Each thread may get an arena of its own, which reserves 64 MiB or more of the limited address space.
_ARENAS: Final = "2"


def engine_environment() -> dict[str, str]:
    """Return the environment variables for a process that runs the engine; what is set already stays."""
    given = dict(os.environ)
    if not sys.platform.startswith("linux"):
        return given
    # Those of the C library hold too where the system finds jemalloc but can't load it.
    ours = {"GLIBC_TUNABLES": _GLIBC, "MALLOC_ARENA_MAX": _ARENAS}
    library = _jemalloc()
    if library is not None and "LD_PRELOAD" not in given:
        ours |= {"LD_PRELOAD": library, "MALLOC_CONF": _JEMALLOC}
    return {**ours, **given}


@cache
def _jemalloc() -> str | None:
    return find_library("jemalloc")
