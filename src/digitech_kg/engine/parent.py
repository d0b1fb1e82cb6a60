"""The process that workers are forked from. It holds the dataset and runs no queries.

Started as `python -m digitech_kg.engine.parent HANDLE`, the number of a socket. It has one thread, so forking it is
safe, and on Linux it gives up the network before it opens the data, as a second protection behind refusing `SERVICE`.
The server sends the store and how to answer, then commands, and waits for the reply to each before it sends the next.
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any, Final

from digitech_kg.engine.worker import serve_queries
from digitech_kg.errors import EngineFailure, EngineStopped
from digitech_kg.hooks import find_hook, load
from digitech_kg.processes import die_with_parent, give_up_network, limit_memory, start_python
from digitech_kg.settings import MIB, Settings
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import load_in_memory, match_named_graphs, open_read_only

_START_TIMEOUT_S: Final = 120.0
#: After so many versions a new parent process is started, so that its memory is in one piece again.
_MOST_ADVANCES: Final = 200


class Parent:
    """The store of one version, and the workers forked over it."""

    def __init__(self, control: Connection, store: Path, settings: Settings, rewriter: str, *, in_memory: bool) -> None:
        self._control, self._settings, self._in_memory = control, settings, in_memory
        self._directory = store
        self._store = load_in_memory(store) if in_memory else open_read_only(store)
        self._make_rewriter = load(rewriter) if rewriter else None
        #: The process ids of workers that live, and of those that were told to end.
        self._living: set[int] = set()
        self._ending: set[int] = set()

    def obey(self) -> None:
        """Obey commands until the server goes away, which it may do before it has read the last reply."""
        commands: dict[str, Callable[..., Any]]
        commands = {"fork": self._fork, "kill": self._kill, "ask": self._was_killed, "advance": self._advance}
        with suppress(EOFError, ConnectionError):
            while True:
                name, *arguments = self._control.recv()
                self._ending = {pid for pid in self._ending if os.waitpid(pid, os.WNOHANG) == (0, 0)}
                self._control.send(commands[name](*arguments))
        # Nobody else collects their exit status.
        for pid in list(self._living):
            self._kill(pid)
        for pid in self._ending:
            os.waitpid(pid, 0)

    def _was_killed(self, pid: int) -> bool:
        """Return whether another process killed a worker that has closed its connection and is about to end."""
        _, status = os.waitpid(pid, 0)
        self._living.discard(pid)
        return os.waitstatus_to_exitcode(status) == -signal.SIGKILL

    def _kill(self, pid: int) -> bool:
        """End a worker at once. It is reaped later, since a large process of low priority ends slowly."""
        if pid in self._living:
            os.kill(pid, signal.SIGKILL)
            self._living.discard(pid)
            self._ending.add(pid)
        return True

    def _advance(self, store: Path, directories: Sequence[Path]) -> bool:
        """Hold a later version from now on, and return whether that worked; the workers that are there keep theirs."""
        try:
            changes = [Change.read(directory) for directory in directories] if self._in_memory else []
            published = open_read_only(store)
        except Exception:
            return False  # It was moved or removed, because yet another version is there.
        if self._in_memory:
            for change in changes:
                for quad in change.removed:
                    self._store.remove(quad)
                self._store.bulk_extend(change.added)
            match_named_graphs(self._store, published)
        else:
            self._store = published
        self._directory = store
        return True

    def _fork(self) -> int:
        """Start a worker that answers at the handle which follows the command; return its process id."""
        connection = recv_handle(self._control)
        pid = os.fork()
        if pid:
            os.close(connection)
            self._living.add(pid)
            return pid
        status = 1
        try:
            self._control.close()
            die_with_parent()
            limit_memory(self._settings.query_memory * MIB)
            rewriter = self._make_rewriter(self._directory.parent) if self._make_rewriter else None
            union = self._settings.union_default_graph
            serve_queries(self._store, Connection(connection), union_default_graph=union, rewriter=rewriter)
            status = 0
        finally:
            os._exit(status)


def main(handle: int) -> None:
    """Load the store that the server names, report that, and fork workers on demand until the server ends."""
    control = Connection(handle)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    store, settings, rewriter, in_memory, network = control.recv()
    if not network:
        give_up_network()
    parent = Parent(control, store, settings, rewriter, in_memory=in_memory)
    # What is here now is never garbage: collecting it in every worker would only copy it there.
    gc.freeze()
    control.send("ready")
    parent.obey()


class Worker:
    """A worker process: its version, and where it is asked."""

    def __init__(self, pid: int, snapshot: Snapshot, connection: Connection) -> None:
        self.pid, self.snapshot, self.connection = pid, snapshot, connection
        #: The process runs at the lowest priority.
        self.gave_way = False
        #: How much memory it holds beyond what all workers share, as far as somebody looked.
        self.held_bytes = 0
        # `Connection.poll` makes one of these each time.
        self._poller = select.poll()
        self._poller.register(connection, select.POLLIN)

    def wait(self, seconds: float) -> bool:
        """Return whether a reply, or the end, comes within the time."""
        return bool(self._poller.poll(max(0.0, seconds) * 1000))


class ForkServer:
    """The parent process over the store of one version after the other. Thread-safe."""

    def __init__(self, snapshot: Snapshot, settings: Settings, *, in_memory: bool, network: bool = False) -> None:
        """Start a process and wait until it has read its store. Raises `EngineFailure` if it can't.

        With `in_memory` it copies the store into memory, with `network` workers can reach other endpoints.
        """
        self.snapshot = snapshot
        self._advances = 0
        self._is_lost = False
        self._lock = threading.RLock()
        self._process, self._socket = start_python("-m", "digitech_kg.engine.parent")
        self._control = Connection(os.dup(self._socket.fileno()))
        #: The process id of the parent process.
        self.pid = self._process.pid
        rewriter = find_hook("rewriter", snapshot.names) if settings.rewriting else ""
        if self._order(snapshot.store, settings, rewriter, in_memory, network) != "ready":
            self.close()
            raise EngineFailure("the query engine did not start; its messages are above")

    def advance(self, snapshot: Snapshot, changes: Sequence[Path]) -> bool:
        """Have new workers answer from a later version; return false if a new parent process is needed.

        `changes` are the directories of what each version changed, in order.
        """
        with self._lock:
            self._advances += 1
            if self._advances > _MOST_ADVANCES or not self._order("advance", snapshot.store, changes):
                return False
            self.snapshot = snapshot
        return True

    def fork(self) -> Worker:
        """Return a new worker. Raises `EngineStopped` if the parent process is gone."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            reply, snapshot = self._order("fork", handle=theirs.fileno()), self.snapshot
        if not reply:
            ours.close()
            raise EngineStopped
        return Worker(reply, snapshot, Connection(ours.detach()))

    def kill(self, worker: Worker) -> None:
        """End a worker's process at once, whatever it does; its handles are the caller's to close."""
        # If the parent process is gone, its workers die with it.
        self._order("kill", worker.pid)

    def was_killed(self, worker: Worker) -> bool:
        """Return whether another process ended a worker that closed its connection; true if the parent is gone."""
        return self._order("ask", worker.pid) is not False

    def _order(self, *command: Any, handle: int | None = None) -> Any:
        """Give the parent process a command, with an open file; return its reply, or None if it is gone."""
        reply = None
        with suppress(OSError, EOFError), self._lock:
            self._control.send(command)
            if handle is not None:
                send_handle(self._control, handle, self.pid)
            reply = self._control.recv() if self._control.poll(_START_TIMEOUT_S) else None
        # One that is ending may hold its connection for a moment longer.
        self._is_lost = self._is_lost or reply is None
        return reply

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended, whoever ended it; its workers have then ended with it."""
        return self._is_lost or self._process.poll() is not None

    def close(self) -> None:
        """End the parent process and with it all workers."""
        # Another thread may wait for a reply. It is told first that none will come: it would go on waiting at the
        # handle's number, which could be another socket's by then, and keep this one open.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._control.close()
            self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
