"""A writer in a process of its own: an update that runs away, or that the engine's parser chokes on, ends only that.

Requests and replies are pickled values over a socket, one at a time.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.engine.allocator import engine_environment
from digitech_kg.errors import Busy, DigitechError, EngineFailure, LimitExceeded, QueryTimeout
from digitech_kg.snapshot import SnapshotRepository


class WriterProcess:
    """Writes to a data directory through a process that is started when it is first needed. Thread-safe."""

    def __init__(
        self,
        repository: SnapshotRepository,
        *,
        keep: str,
        union_default_graph: bool,
        timeout_s: float,
        memory_bytes: int,
        update_memory_bytes: int,
        queue_length: int = 32,
    ) -> None:
        self._repository = repository
        self._options: dict[str, Any] = {
            "data_dir": str(repository.data_dir),
            "keep": keep,
            "union_default_graph": union_default_graph,
            "memory_bytes": memory_bytes,
            "update_memory_bytes": update_memory_bytes,
        }
        self._timeout_s = timeout_s
        self._queue_length = queue_length
        self._turn = threading.Lock()
        self._waiting = 0
        self._count = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def prepare(self) -> None:
        """Start the process and have it read the current version, without waiting for it."""
        with self._turn:
            self._start()

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write as `Committer.commit` does, and raise what it raises.

        Also raises `Busy` if too many wait, `QueryTimeout` for a write that takes too long, `LimitExceeded` if its
        process died, `EngineFailure` for a fault of ours. Nothing was published then.
        """
        commit = commit if commit.request_id else replace(commit, request_id=uuid.uuid4().hex)
        with self._in_turn():
            return self._ask(write, commit)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._count:
            if self._waiting >= self._queue_length:
                raise Busy(
                    f"{self._queue_length} writes are waiting already",
                    limit="write_queue",
                    value=self._queue_length,
                    unit="writes",
                    hint="Send it again in a moment, or put several changes into one update.",
                )
            self._waiting += 1
        try:
            with self._turn:
                yield
        finally:
            with self._count:
                self._waiting -= 1

    def _ask(self, write: Write, commit: Commit) -> Outcome:
        before = self._repository.current_version() or ""
        deadline = time.monotonic() + self._timeout_s
        try:
            connection = self._start()
            connection.send((write, commit))
            if not connection.poll(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            reply, has_grown = connection.recv()
        except TimeoutError:
            self._end()
            if outcome := self._find_outcome(commit, before):
                return outcome
            hint = "Split the update into several, or raise --write-timeout. Nothing was changed."
            raise QueryTimeout(
                f"the write was stopped after {self._timeout_s:g} seconds",
                limit="write_timeout",
                value=self._timeout_s,
                unit="seconds",
                hint=hint,
            ) from None
        except (OSError, EOFError):
            self._end()
            if outcome := self._find_outcome(commit, before):
                return outcome
            raise self._ended(write) from None
        if has_grown:
            self._end()
            self._start()
        if isinstance(reply, DigitechError):
            raise reply
        if not isinstance(reply, Outcome):
            raise EngineFailure(f"the write failed: {reply}", hint="Nothing was changed. The server's log says more.")
        return reply

    def _ended(self, write: Write) -> LimitExceeded:
        # An update has a pattern, which may have solutions without end; all else is as large as what was sent.
        setting, share = ("query", "update_memory") if isinstance(write, SparqlUpdate) else ("total", "memory")
        return LimitExceeded(
            "the process that carried out the write ended: it needed too much memory, or the write nests too deeply",
            limit=f"{setting}_memory",
            value=self._options[f"{share}_bytes"],
            unit="bytes",
            hint=f"Nothing was changed. Split it into several, or raise --{setting}-memory.",
        )

    def _find_outcome(self, commit: Commit, before: str) -> Outcome | None:
        """Return the outcome if the process ended after it had published.

        It is a version after `before`: clients may name several requests alike.
        """
        for manifest in reversed(self._repository.history()):
            if manifest.version == before:
                break
            if manifest.request_id == commit.request_id:
                return Outcome(
                    manifest.version, manifest.previous, published=True, added=manifest.added, removed=manifest.removed
                )
        return None

    def _start(self) -> Connection:
        if self._process is None or self._connection is None or self._process.poll() is not None:
            self._end()
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-m", "digitech_kg.commit.writing.worker", str(theirs.fileno())]
            with theirs:
                self._process = subprocess.Popen(
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=engine_environment()
                )
            self._connection = Connection(ours.detach())
            self._connection.send(self._options)
        return self._connection

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def close(self) -> None:
        """Let a write that is under way finish, and end the process."""
        with self._turn:
            self._end()
