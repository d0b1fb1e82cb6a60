"""The parent process of workers, seen from the server: it forks and kills them on command."""

from __future__ import annotations

import json
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from digitech_kg.engine.worker import Wire
from digitech_kg.errors import EngineFailure, EngineStopped
from digitech_kg.processes import engine_environment
from digitech_kg.snapshot.repository import Snapshot

_START_TIMEOUT_S: Final = 120.0
#: After so many versions a new parent process is started, so that its memory is in one piece again.
_MOST_ADVANCES: Final = 200


@dataclass(eq=False)
class Worker:
    """A worker process: its version, where it is asked, and the file into which it writes large results."""

    pid: int
    snapshot: Snapshot
    wire: Wire
    spool: IO[bytes]
    #: The process has not been given `spool` yet.
    spool_is_new: bool = False
    #: The process runs at the lowest priority, and not on the first core.
    gave_way: bool = False
    is_confined: bool = False

    def send(self, message: dict[str, Any]) -> None:
        """Send a request, and the spool file first used with it. Raises `OSError` if the process is gone."""
        if self.spool_is_new:
            self.wire.send({**message, "new_spool": True})
            self.wire.receive()
            self.wire.send_file(self.spool.fileno())
            self.spool_is_new = False
        else:
            self.wire.send(message)

    def take_spool(self) -> IO[bytes]:
        """Return the file with a large result; the worker writes its next one into another."""
        full, self.spool, self.spool_is_new = self.spool, _new_spool(), True
        return full

    def close(self) -> None:
        """Close the process's handles; an idle process then ends by itself."""
        self.wire.close()
        self.spool.close()


class ForkServer:
    """The parent process over the store of one version after the other. Thread-safe."""

    def __init__(self, snapshot: Snapshot, options: dict[str, Any]) -> None:
        """Start a process and wait until it has read its store. Raises `EngineFailure` if it can't."""
        self.snapshot = snapshot
        self._advances = 0
        self._lock = threading.RLock()
        self._control, theirs = socket.socketpair()
        with theirs:
            said = json.dumps({**options, "store": str(snapshot.store), "socket": theirs.fileno()})
            command = [sys.executable, "-m", "digitech_kg.engine.parent", said]
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=engine_environment()
            )
        #: The process id of the parent process.
        self.pid = self._process.pid
        self._control.settimeout(_START_TIMEOUT_S)
        if self._read_reply() != "ready":
            self.close()
            raise EngineFailure("the query engine did not start; its messages are above")

    def advance(self, snapshot: Snapshot, changes: Sequence[Path]) -> bool:
        """Have new workers answer from a later version; return false if a new parent process is needed.

        `changes` are the directories of what each version changed, in order.
        """
        command = {"do": "advance", "store": str(snapshot.store), "changes": [str(path) for path in changes]}
        with self._lock:
            self._advances += 1
            if self._advances > _MOST_ADVANCES or self._order(command) != "advanced":
                return False
            self.snapshot = snapshot
        return True

    def fork(self) -> Worker:
        """Return a new worker. Raises `EngineStopped` if the parent process is gone."""
        ours, theirs = socket.socketpair()
        spool = _new_spool()
        with theirs, self._lock:
            reply, snapshot = self._order({"do": "fork"}, theirs.fileno(), spool.fileno()), self.snapshot
        if not reply:
            ours.close()
            spool.close()
            raise EngineStopped
        return Worker(int(reply), snapshot, Wire(ours), spool)

    def kill(self, worker: Worker) -> None:
        """End a worker's process at once, whatever it does; its handles are the caller's to close."""
        # If the parent process is gone, its workers die with it.
        self._order({"do": "kill", "pid": worker.pid})

    def was_killed(self, worker: Worker) -> bool:
        """Return whether another process ended a worker that closed its connection; true if the parent is gone."""
        return self._order({"do": "ask", "pid": worker.pid}) != "ended"

    def _order(self, command: dict[str, Any], *handles: int) -> str:
        """Give the parent process a command, with open files; return its reply, or "" if it is gone."""
        try:
            with self._lock:
                socket.send_fds(self._control, [json.dumps(command).encode()], handles)
                return self._read_reply()
        except OSError:
            return ""

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended, whoever ended it; its workers have then ended with it."""
        # Asked for nothing, it tells of the other end alone, so replies that others wait for stay theirs.
        poller = select.poll()
        try:
            poller.register(self._control, 0)
        except ValueError:
            return True  # It was closed meanwhile, because a later version is there.
        return bool(poller.poll(0))

    def _read_reply(self) -> str:
        """Read one line from the parent process; empty if it is gone."""
        line = b""
        try:
            while not line.endswith(b"\n"):
                piece = self._control.recv(1)
                if not piece:
                    break
                line += piece
        except OSError:
            return ""
        return line.decode().strip()

    def close(self) -> None:
        """End the parent process and with it all workers."""
        # Another thread may wait for a reply. It is told first that none will come: it would go on waiting at the
        # handle's number, which could be another socket's by then, and keep this one open.
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def _new_spool() -> IO[bytes]:
    """A temporary file without a name, so nothing is left behind however the process ends."""
    return tempfile.TemporaryFile(prefix="digitech-kg-")
