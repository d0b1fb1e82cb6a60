"""Run a function in a process of its own that can be stopped: at a deadline, or because it needs too much memory.

The function is one of ours, named by pickle, so only its module is imported. Its result comes back, or the error that
it raised. A process limits itself with the functions at the end of this module.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeVar

from digitech_kg.errors import DigitechError, EngineFailure, QueryTimeout

_Result = TypeVar("_Result")
#: What a new process runs. As a script of its own this module would have two copies of its classes there.
_MAIN: Final = "import sys; from digitech_kg.processes import main; main(int(sys.argv[2]))"
#: https://jemalloc.net/jemalloc.3.html#tuning - what is freed is given back, since address space is what is limited.
_JEMALLOC: Final = "thp:always,retain:false,narenas:1"
#: https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
_GLIBC: Final = "glibc.malloc.tcache_count=65535:glibc.malloc.hugetlb=1"
#: Each thread may get an arena of its own, which reserves 64 MiB or more of the limited address space.
_ARENAS: Final = "2"
# From <linux/sched.h> and <linux/prctl.h>.
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1


class Overdue(Exception):
    """The time was up before there was a result. The process is ended."""


class Died(Exception):
    """The process ended without a result: an allocation was refused, or its stack overflowed."""


class Failed(Exception):
    """The function raised an error that isn't one of the project's: a fault of ours, with its kind and text."""


@dataclass(frozen=True)
class Last:
    """A result after which the process gives way to a new one."""

    result: Any


class Process(AbstractContextManager["Process"]):
    """A process that answers calls, one after the other, until it is ended; it starts when it is first needed.

    `prepare(*options)` runs in it first and returns the function that is called. Not thread-safe.
    """

    def __init__(self, prepare: Callable[..., Callable[..., Any]], *options: Any, name: str = "") -> None:
        """`name` shows in the system's list of processes."""
        self._given = (prepare, options)
        self._name = name or f"{prepare.__module__}.{prepare.__qualname__}"
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None

    def start(self) -> Connection:
        """Start the process unless it runs; it prepares itself meanwhile."""
        if self._running is not None and self._running[0].poll() is not None:
            self.end()
        if self._running is None:
            process, ours = start_python("-c", _MAIN, self._name)
            self._running = process, Connection(ours.detach())
            self._running[1].send(self._given)
        return self._running[1]

    def call(self, *arguments: Any, timeout_s: float) -> Any:
        """Return what the function returns. Raises `DigitechError` as it does, `Overdue`, `Died` and `Failed`.

        `timeout_s` counts from now, so that the first call has less time.
        """
        deadline = time.monotonic() + timeout_s
        try:
            connection = self.start()
            connection.send(arguments)
            if not connection.poll(max(0.0, deadline - time.monotonic())):
                self.end()
                raise Overdue
            result, failure, is_last = connection.recv()
        except (OSError, EOFError):
            self.end()
            raise Died from None
        if is_last:
            self.end()
        if failure is not None:
            raise failure
        return result

    def end(self) -> None:
        """End the process at once, whatever it does."""
        if self._running is not None:
            process, connection = self._running
            self._running = None
            process.kill()
            process.wait()
            connection.close()

    def __exit__(self, *_: object) -> None:
        self.end()


def start_python(*options: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start Python with some options and the number of a socket; return the process and the other end of the socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        command, passed = [sys.executable, *options, str(theirs.fileno())], [theirs.fileno()]
        process = subprocess.Popen(command, pass_fds=passed, stdin=subprocess.DEVNULL, env=engine_environment())
    return process, ours


def run(function: Callable[..., _Result], *arguments: Any, timeout_s: float) -> _Result:
    """Return what a function of a module returns in a process of its own; raises what `Process.call` raises."""
    with Process(partial, function, name=f"{function.__module__}.{function.__qualname__}") as process:
        result: _Result = process.call(*arguments, timeout_s=timeout_s)
    return result


def run_or_refuse(what: str, function: Callable[..., _Result], *arguments: Any, timeout_s: float, hint: str) -> _Result:
    """Return what `run` returns, for somebody who waits for it; `what` is what they get, such as "the file".

    Raises `QueryTimeout` at the deadline, `EngineFailure` for want of memory or a fault of ours, and the project's
    errors as they are.
    """
    try:
        return run(function, *arguments, timeout_s=timeout_s)
    except Overdue:
        raise QueryTimeout.of(what, timeout_s, hint) from None
    except Died:
        raise EngineFailure(f"{what} needs too much memory", hint=hint) from None
    except Failed:
        raise EngineFailure(f"{what} failed", hint=hint) from None


def main(handle: int) -> None:
    """Answer calls over a socket until the other side goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    connection = Connection(handle)
    try:
        prepare, options = connection.recv()
        function = prepare(*options)
        while True:
            connection.send(_answer(function, connection.recv()))
            # Nobody waits now, so the functions may leave their garbage until here.
            gc.collect()
    except (EOFError, MemoryError, ConnectionError):
        # Without memory there is hardly enough left for an answer: the other side knows what it means if there is none.
        return


def _answer(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Any, Exception | None, bool]:
    """Return a result, or the error that was raised or given instead, and whether the process should end."""
    try:
        result = function(*arguments)
    except DigitechError as error:
        return None, error, False
    except MemoryError:
        raise
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return None, Failed(f"{type(error).__name__}: {error}"), False
    is_last = isinstance(result, Last)
    result = result.result if isinstance(result, Last) else result
    return (None, result, is_last) if isinstance(result, DigitechError) else (result, None, is_last)


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
    ceiling, (_, most) = _bytes("self", 0) + extra_bytes, resource.getrlimit(resource.RLIMIT_AS)
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


def notice_signals() -> None:
    """Have the main thread, which calls this, handle SIGINT and SIGTERM whenever they come.

    Only Python's main thread handles signals, and it sleeps through one that comes just before it begins to wait.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGURG, lambda *_: None)
    main_thread = threading.get_ident()

    def wake() -> None:
        while os.read(reading, 1)[0] not in (signal.SIGINT, signal.SIGTERM):
            pass
        # Once could be too early as well. The process stops soon, and this thread with it.
        while True:
            signal.pthread_kill(main_thread, signal.SIGURG)
            time.sleep(0.05)

    threading.Thread(target=wake, name="signals", daemon=True).start()


@contextmanager
def without_collection() -> Iterator[None]:
    """Turn off garbage collection while millions of values are made: each run would look at all of them for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def engine_environment() -> dict[str, str]:
    """Return the environment variables for a process that runs the engine; what is set already stays.

    Joins and groups take and free millions of small pieces of memory. With jemalloc they need up to half as long as
    with the C library's allocator; where jemalloc is not installed, settings of that one help.
    """
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
