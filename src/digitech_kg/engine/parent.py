"""The process that workers are forked from. It holds the dataset once and runs no queries itself.

Started as `python -m digitech_kg.engine.parent OPTIONS`, a JSON object with the number of the socket, the store and the
limits. It has one thread, so forking it is safe, and on Linux it gives up the network before it opens the data, as a
second protection behind refusing `SERVICE`. The server sends one JSON object per command over the socket, and waits for
the reply before it sends the next: `fork` (with the worker's socket and spool file attached), `kill`, `ask` (how a
worker ended), or `advance` (hold a later version from now on; the workers that are there keep theirs).
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from digitech_kg.engine.worker import Wire, serve_queries
from digitech_kg.hooks import load
from digitech_kg.processes import die_with_parent, give_up_network, limit_memory
from digitech_kg.snapshot.changes import Change
from digitech_kg.triple_store import load_in_memory, match_named_graphs, open_read_only

#: Bytes of a command; one that names every change since an old version is the longest.
_LONGEST_COMMAND: Final = 64 * 1024


class Children:
    """Processes forked by this one, until they have ended. Not thread-safe: a parent process has one thread."""

    def __init__(self) -> None:
        self._living: set[int] = set()
        #: Told to end by this process.
        self._ending: set[int] = set()

    def add(self, pid: int) -> None:
        """Count a process that was just forked."""
        self._living.add(pid)

    def reap(self) -> None:
        """Collect the exit status of those that were told to end and have done so."""
        self._ending = {pid for pid in self._ending if os.waitpid(pid, os.WNOHANG) == (0, 0)}

    def kill(self, pid: int) -> None:
        """End a process at once. It is reaped later, since a large process of low priority ends slowly."""
        if pid in self._living:
            os.kill(pid, signal.SIGKILL)
            self._living.discard(pid)
            self._ending.add(pid)

    def was_killed(self, pid: int) -> bool:
        """Return whether another process killed one that has closed its connections and is about to end."""
        _, status = os.waitpid(pid, 0)
        self._living.discard(pid)
        return os.waitstatus_to_exitcode(status) == -signal.SIGKILL

    def end(self) -> None:
        """End all and wait for them, since nobody else collects their exit status."""
        for pid in list(self._living):
            self.kill(pid)
        for pid in self._ending:
            os.waitpid(pid, 0)


class Parent:
    """The store of one version, and the workers forked over it."""

    def __init__(self, control: socket.socket, options: dict[str, Any]) -> None:
        self._control, self._options = control, options
        self._directory = Path(options["store"])
        in_memory = options["in_memory"]
        self._store = load_in_memory(self._directory) if in_memory else open_read_only(self._directory)
        self._make_rewriter = load(options["rewriter"]) if options["rewriter"] else None
        self._workers = Children()

    def obey(self) -> None:
        """Obey commands until the server goes away, which it may do before it has read the last reply."""
        with suppress(ConnectionError):
            while True:
                message, handles, _, _ = socket.recv_fds(self._control, _LONGEST_COMMAND, 2)
                if not message:
                    break
                self._workers.reap()
                self._control.sendall(f"{self._carry_out(json.loads(message), handles)}\n".encode())
        self._workers.end()

    def _carry_out(self, command: dict[str, Any], handles: Sequence[int]) -> str:
        match command["do"]:
            case "fork":
                pid = self._fork(*handles)
                self._workers.add(pid)
                return str(pid)
            case "kill":
                self._workers.kill(command["pid"])
                return "killed"
            case "advance":
                return self._advance(Path(command["store"]), command["changes"])
            case _:
                return "killed" if self._workers.was_killed(command["pid"]) else "ended"

    def _advance(self, store: Path, directories: Sequence[str]) -> str:
        try:
            changes = [Change.read(Path(directory)) for directory in directories] if self._options["in_memory"] else []
            published = open_read_only(store)
        except Exception:
            return "gone"  # It was moved or removed, because yet another version is there.
        if self._options["in_memory"]:
            for change in changes:
                for quad in change.removed:
                    self._store.remove(quad)
                self._store.bulk_extend(change.added)
            match_named_graphs(self._store, store)
        else:
            self._store = published
        self._directory = store
        return "advanced"

    def _fork(self, connection: int, spool: int) -> int:
        pid = os.fork()
        if pid:
            os.close(connection)
            os.close(spool)
            return pid
        status = 1
        try:
            self._control.close()
            die_with_parent()
            limit_memory(self._options["memory_bytes"])
            rewriter = self._make_rewriter(self._directory.parent) if self._make_rewriter else None
            union = self._options["union_default_graph"]
            serve_queries(
                self._store, Wire(socket.socket(fileno=connection)), spool, union_default_graph=union, rewriter=rewriter
            )
            status = 0
        finally:
            os._exit(status)


def main(arguments: list[str]) -> None:
    """Load the store that the options name, report that, and fork workers on demand until the server ends."""
    options = json.loads(arguments[0])
    control = socket.socket(fileno=options["socket"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    if not options["network"]:
        give_up_network()
    parent = Parent(control, options)
    # What is here now is never garbage: collecting it in every worker would only copy it there.
    gc.freeze()
    control.sendall(b"ready\n")
    parent.obey()


if __name__ == "__main__":
    main(sys.argv[1:])
