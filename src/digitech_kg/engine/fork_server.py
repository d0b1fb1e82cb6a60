"""Start the parent process of workers, which forks and kills them on command."""

from __future__ import annotations

import json
import os
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
from typing import IO, Any

from digitech_kg.engine.confinement import become_subreaper
from digitech_kg.engine.wire import Wire
from digitech_kg.errors import EngineFailure, EngineStopped

_START_TIMEOUT_S = 120.0
#: After so many forks of forks a new parent process is started, so that its memory is in one piece again.
_MOST_GENERATIONS = 200
_ORPHANS: set[int] = set()


@dataclass(eq=False)
class Worker:
    """A worker process: where it is asked, and the file into which it writes large results."""

    pid: int
    wire: Wire
    spool: IO[bytes]
    #: The process has not been given `spool` yet.
    spool_is_new: bool = False

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
    """The parent process over one store. Thread-safe."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._generation = 0
        become_subreaper()
        ours, theirs = socket.socketpair()
        command = [
            sys.executable,
            "-m",
            "digitech_kg.engine.parent",
            json.dumps({**options, "socket": theirs.fileno()}),
        ]
        self._lock = threading.Lock()
        self._control = ours
        #: None for a parent process that another one forked.
        self._process: subprocess.Popen[bytes] | None = None
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        #: The process id of the parent process.
        self.pid = self._process.pid
        theirs.close()
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        self._control.settimeout(_START_TIMEOUT_S)
        if self._read_reply() != "ready":
            self.close()
            raise EngineFailure("the query engine did not start; its messages are above")

    def succeed(self, store: Path, changes: Sequence[Path]) -> ForkServer | None:
        """Return the parent process of a later version, forked from this one; None if a new one is better.

        `changes` are the directories of what each version changed, in order.
        """
        if self._generation >= _MOST_GENERATIONS:
            return None
        ours, theirs = socket.socketpair()
        successor = object.__new__(ForkServer)
        successor._options = {**self._options, "store": str(store)}
        successor._generation, successor._process, successor._control = self._generation + 1, None, ours
        successor._lock = threading.Lock()
        command = {"do": "succeed", "store": str(store), "changes": [str(path) for path in changes]}
        try:
            with self._lock:
                socket.send_fds(self._control, [json.dumps(command).encode()], [theirs.fileno()])
                reply = self._read_reply()
        except OSError:
            reply = ""
        theirs.close()
        if not reply:
            ours.close()
            return None
        successor.pid = int(reply)
        try:
            successor._wait_until_ready()
        except EngineFailure:
            # What it was to read has been moved or removed, because yet another version is there.
            return None
        return successor

    def fork(self) -> Worker:
        """Return a new worker. Raises `EngineStopped` if the parent process is gone."""
        ours, theirs = socket.socketpair()
        spool = _new_spool()
        try:
            with self._lock:
                socket.send_fds(self._control, [b'{"do": "fork"}'], [theirs.fileno(), spool.fileno()])
                reply = self._read_reply()
        except OSError:
            reply = ""
        theirs.close()
        if not reply:
            ours.close()
            spool.close()
            raise EngineStopped
        return Worker(int(reply), Wire(ours), spool)

    def kill(self, worker: Worker) -> None:
        """End a worker's process at once, whatever it does; its handles are the caller's to close."""
        try:
            with self._lock:
                self._control.sendall(json.dumps({"do": "kill", "pid": worker.pid}).encode())
                self._read_reply()
        except OSError:
            pass  # The parent process is gone, and its workers die with it.

    def was_killed(self, worker: Worker) -> bool:
        """Return whether another process ended a worker that closed its connection; true if the parent is gone."""
        try:
            with self._lock:
                self._control.sendall(json.dumps({"do": "ask", "pid": worker.pid}).encode())
                return self._read_reply() != "ended"
        except OSError:
            return True

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
        if self._process is None:
            _reap_later(self.pid)
            return
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def _reap_later(pid: int) -> None:
    """Collect the exit status of a process that another parent forked, and of earlier ones, once they are ours."""
    _ORPHANS.add(pid)
    for orphan in list(_ORPHANS):
        try:
            if os.waitpid(orphan, os.WNOHANG)[0]:
                _ORPHANS.discard(orphan)
        except ChildProcessError:
            # Its parent still runs, and takes note itself.
            if not _exists(orphan):
                _ORPHANS.discard(orphan)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _new_spool() -> IO[bytes]:
    """A temporary file without a name, so nothing is left behind however the process ends."""
    return tempfile.TemporaryFile(prefix="digitech-kg-")
