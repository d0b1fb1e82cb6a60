"""The process that workers are forked from: it holds the dataset once and answers nothing itself.

Started as `python -m digitech_kg.engine.zygote SOCKET STORE …`. It has one thread, so forking it is safe, and on Linux
it gives up the network before it opens the data, as a second wall behind refusing `SERVICE`. The parent sends one
JSON object per command over the socket, `fork` (with the worker's socket and spool file attached) or `kill`, and waits
for the reply before it sends the next.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from digitech_kg.engine.wire import Wire
from digitech_kg.engine.worker import serve_queries
from digitech_kg.triple_store import load_in_memory, open_read_only

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Load the store named on the command line, say so, and fork workers on demand until the parent goes away."""
    options = json.loads(arguments[0])
    control = socket.socket(fileno=options["socket"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides.
    if not options["network"]:
        _give_up_network()
    directory = Path(options["store"])
    store = load_in_memory(directory) if options["in_memory"] else open_read_only(directory)
    control.sendall(b"ready\n")
    children: set[int] = set()
    while True:
        message, handles, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            break
        command = json.loads(message)
        _reap(children)
        if command["do"] == "fork":
            pid = _fork_worker(control, store, handles, options)
            children.add(pid)
            control.sendall(f"{pid}\n".encode())
        elif command["do"] == "kill":
            if command["pid"] in children:
                # It is reaped later: a large process of low priority takes its time to end.
                os.kill(command["pid"], signal.SIGKILL)
            control.sendall(b"killed\n")
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _fork_worker(control: socket.socket, store: Any, handles: list[int], options: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        for handle in handles:
            os.close(handle)
        return pid
    status = 1
    try:
        control.close()
        _die_with_parent()
        _limit_memory(options["memory_bytes"])
        wire, spool = Wire(socket.socket(fileno=handles[0])), handles[1]
        serve_queries(store, wire, spool, union_default_graph=options["union_default_graph"])
        status = 0
    finally:
        os._exit(status)


def _limit_memory(extra_bytes: int) -> None:
    """Allow `extra_bytes` of address space beyond what the process has now; above it, allocation aborts it."""
    if not sys.platform.startswith("linux"):
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    ceiling = pages * resource.getpagesize() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _die_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _give_up_network() -> None:
    """Move into a network namespace without interfaces; where the kernel refuses, the guard alone has to do."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _reap(children: set[int]) -> None:
    """Forget the workers that ended by themselves."""
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.discard(pid)


if __name__ == "__main__":
    main(sys.argv[1:])
