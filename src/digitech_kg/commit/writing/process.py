"""A writer in a process of its own: an update that runs away, or that the engine's parser chokes on, ends only that.

Requests and replies are pickled values over the process's standard input and output, one at a time.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, Any, Final

from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.engine.confinement import resident_memory
from digitech_kg.errors import Busy, DigitechError, EngineFailure, LimitExceeded, QueryTimeout
from digitech_kg.messages import Message
from digitech_kg.snapshot import SnapshotRepository

_HEAD: Final = 8
#: A process that holds so much more after a write than before the first makes room for a new one.
_KEPT_BYTES: Final = 100_000_000


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
            process = self._start()
            _send(process.stdin, (write, commit))
            reply, has_grown = _receive(process.stdout, deadline)
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
            hint=Message("Nothing was changed. Split it into several, or raise --{setting}-memory.", setting=setting),
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

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-m", "digitech_kg.commit.writing.worker"]
            # Each thread may get an arena of its own, which reserves 64 MiB or more of the limited address space.
            environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            _send(self._process.stdin, self._options)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    # Closing writes out what is left, and nobody may be there to read it.
                    with suppress(OSError):
                        pipe.close()
            self._process = None

    def close(self) -> None:
        """Let a write that is under way finish, and end the process."""
        with self._turn:
            self._end()


def _send(pipe: IO[bytes] | None, value: Any) -> None:
    body = pickle.dumps(value)
    assert pipe is not None  # noqa: S101
    pipe.write(len(body).to_bytes(_HEAD) + body)
    pipe.flush()


def _receive(pipe: IO[bytes] | None, deadline: float) -> Any:
    """Return the next value. Raises `EOFError` if the other side is gone, `TimeoutError` at the deadline."""
    assert pipe is not None  # noqa: S101
    handle = pipe.fileno()
    length = int.from_bytes(_read(handle, _HEAD, deadline))
    return pickle.loads(_read(handle, length, deadline))  # noqa: S301 - from a process of ours


def _read(handle: int, length: int, deadline: float) -> bytes:
    found = bytearray()
    # `select` itself takes no handle above 1023, which a server with many connections comes to.
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    while len(found) < length:
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError
        piece = os.read(handle, min(length - len(found), 1 << 20))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def serve_writes(
    source: IO[bytes], sink: IO[bytes], make: Callable[[dict[str, Any]], Callable[[Write, Commit], Outcome]]
) -> None:
    """Answer writes until the other side goes away; what commits, `make` makes of the options sent first."""
    commit_write = make(_next(source))
    at_first = resident_memory()
    while True:
        try:
            write, commit = _next(source)
        except EOFError:
            return
        reply: Any
        try:
            reply = commit_write(write, commit)
        except DigitechError as error:
            reply = error
        except MemoryError:
            # There is hardly enough left for an answer: the other side knows what it means if there is none.
            return
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
            reply = f"{type(error).__name__}: {error}"
        _send(sink, (reply, resident_memory() - at_first > _KEPT_BYTES))


def _next(source: IO[bytes]) -> Any:
    head = source.read(_HEAD)
    if len(head) < _HEAD:
        raise EOFError
    return pickle.loads(source.read(int.from_bytes(head)))  # noqa: S301 - from a process of ours
