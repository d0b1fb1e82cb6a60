"""The process that workers are forked from. It holds the dataset once and runs no queries itself.

Started as `python -m digitech_kg.engine.parent OPTIONS`, a JSON object with the number of the socket, the store and the
limits. It has one thread, so forking it is safe, and on Linux
it gives up the network before it opens the data, as a second protection behind refusing `SERVICE`. The server sends one
JSON object per command over the socket, and waits for the reply before it sends the next: `fork` (with the worker's
socket and spool file attached), `kill`, `ask` (how a worker ended), or `succeed` (fork the parent
process of a later version).
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from digitech_kg.engine.wire import Wire
from digitech_kg.engine.worker import serve_queries
from digitech_kg.hooks import load
from digitech_kg.processes import die_with_parent, give_up_network, limit_memory
from digitech_kg.snapshot import Change
from digitech_kg.triple_store import load_in_memory, match_named_graphs, open_read_only

#: Bytes of a command; one that names every change since an old version is the longest.
_LONGEST_COMMAND: Final = 64 * 1024


class Children:
    """Processes forked by this one, until they have ended. Not thread-safe: a parent process has one thread."""

    def __init__(self) -> None:
        self._living: set[int] = set()
        #: Told to end by this process.
        self._ending: set[int] = set()
        #: Ended by somebody else, and nobody has asked yet.
        self._killed: set[int] = set()

    def add(self, pid: int) -> None:
        """Count a process that was just forked."""
        self._living.add(pid)

    def reap(self) -> None:
        """Collect the exit status of those that have ended."""
        for pid in [*self._living, *self._ending]:
            self._wait(pid, os.WNOHANG)

    def kill(self, pid: int) -> None:
        """End a process at once. It is reaped later, since a large process of low priority ends slowly."""
        if pid in self._living:
            os.kill(pid, signal.SIGKILL)
            self._living.discard(pid)
            self._ending.add(pid)

    def was_killed(self, pid: int) -> bool:
        """Return whether another process killed one that has closed its connections and is about to end."""
        if pid in self._living:
            self._wait(pid, 0)
        found = pid in self._killed
        self._killed.discard(pid)
        return found

    def end(self) -> None:
        """End all and wait for them, since nobody else collects their exit status."""
        for pid in list(self._living):
            self.kill(pid)
        for pid in list(self._ending):
            self._wait(pid, 0)

    def _wait(self, pid: int, options: int) -> None:
        found, status = os.waitpid(pid, options)
        if not found:
            return
        if pid in self._living and os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
            self._killed.add(pid)
        self._living.discard(pid)
        self._ending.discard(pid)


def main(arguments: list[str]) -> None:
    """Load the store that the options name, report that, and fork workers on demand until the server ends."""
    options = json.loads(arguments[0])
    control = socket.socket(fileno=options["socket"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    if not options["network"]:
        give_up_network()
    directory = Path(options["store"])
    store = load_in_memory(directory) if options["in_memory"] else open_read_only(directory)
    if options["rewriter"]:
        load(options["rewriter"])  # Workers have it then.
    # What is here now is never garbage: collecting it in every worker would only copy it there.
    gc.freeze()
    control.sendall(b"ready\n")
    _serve(control, store, options)


def _serve(control: socket.socket, store: Store, options: dict[str, Any]) -> None:
    """Obey commands until the server goes away, which it may do before it has read the last reply."""
    workers = Children()
    with suppress(ConnectionError):
        _obey(control, store, options, workers)
    workers.end()


def _obey(control: socket.socket, store: Store, options: dict[str, Any], workers: Children) -> None:
    successors = Children()
    while True:
        message, handles, _, _ = socket.recv_fds(control, _LONGEST_COMMAND, 2)
        if not message:
            return
        command = json.loads(message)
        workers.reap()
        successors.reap()
        if command["do"] == "fork":
            pid = _fork_worker(control, store, handles, options)
            workers.add(pid)
            control.sendall(f"{pid}\n".encode())
        elif command["do"] == "succeed":
            pid = _fork_successor(control, store, handles[0], {**options, **command})
            successors.add(pid)
            control.sendall(f"{pid}\n".encode())
        elif command["do"] == "kill":
            workers.kill(command["pid"])
            control.sendall(b"killed\n")
        elif command["do"] == "ask":
            control.sendall(b"killed\n" if workers.was_killed(command["pid"]) else b"ended\n")


def _fork_successor(control: socket.socket, store: Store, handle: int, options: dict[str, Any]) -> int:
    """Fork a process that holds the next version and takes its own commands; it outlives this one."""
    pid = os.fork()
    if pid:
        os.close(handle)
        return pid
    try:
        control.close()
        own = socket.socket(fileno=handle)
        if options["in_memory"]:
            for directory in options["changes"]:
                change = Change.read(Path(directory))
                for quad in change.removed:
                    store.remove(quad)
                store.bulk_extend(change.added)
            match_named_graphs(store, Path(options["store"]))
        else:
            store = open_read_only(Path(options["store"]))
        own.sendall(b"ready\n")
        _serve(own, store, options)
    finally:
        os._exit(0)


def _fork_worker(control: socket.socket, store: Any, handles: list[int], options: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        for handle in handles:
            os.close(handle)
        return pid
    status = 1
    try:
        control.close()
        die_with_parent()
        limit_memory(options["memory_bytes"])
        wire, spool = Wire(socket.socket(fileno=handles[0])), handles[1]
        make_rewriter = options["rewriter"] and load(options["rewriter"])
        rewriter = make_rewriter(Path(options["store"]).parent) if make_rewriter else None
        serve_queries(store, wire, spool, union_default_graph=options["union_default_graph"], rewriter=rewriter)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
