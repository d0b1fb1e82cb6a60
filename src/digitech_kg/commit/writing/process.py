"""A writer in a process of its own: an update that runs away, or that the engine's parser chokes on, ends only that."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.commit.writing.worker import Shares, prepare_writer
from digitech_kg.errors import Busy, EngineFailure, LimitExceeded, QueryTimeout
from digitech_kg.processes import Died, Failed, Overdue, Process, engine_environment
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
        self._shares = Shares(memory_bytes, update_memory_bytes)
        self._process = Process(
            prepare_writer,
            repository.data_dir,
            keep,
            union_default_graph,
            self._shares,
            name="digitech_kg.commit.writing.worker",
            environment=engine_environment(),
        )
        self._timeout_s = timeout_s
        self._queue_length = queue_length
        self._turn = threading.Lock()
        self._waiting = 0
        self._count = threading.Lock()

    def prepare(self) -> None:
        """Start the process and have it read the current version, without waiting for it."""
        with self._turn:
            self._process.start()

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
        try:
            outcome: Outcome = self._process.call(write, commit, timeout_s=self._timeout_s)
        except (Overdue, Died) as failure:
            if found := self._find_outcome(commit, before):
                return found
            raise (self._overdue() if isinstance(failure, Overdue) else self._ended(write)) from None
        except Failed as failure:
            hint = "Nothing was changed. The server's log says more."
            raise EngineFailure(f"the write failed: {failure}", hint=hint) from None
        finally:
            # It may have made room for a new one, which is slow to get ready.
            with suppress(OSError):
                self._process.start()
        return outcome

    def _overdue(self) -> QueryTimeout:
        return QueryTimeout(
            f"the write was stopped after {self._timeout_s:g} seconds",
            limit="write_timeout",
            value=self._timeout_s,
            unit="seconds",
            hint="Split the update into several, or raise --write-timeout. Nothing was changed.",
        )

    def _ended(self, write: Write) -> LimitExceeded:
        # An update has a pattern, which may have solutions without end; all else is as large as what was sent.
        setting = "query" if isinstance(write, SparqlUpdate) else "total"
        return LimitExceeded(
            "the process that carried out the write ended: it needed too much memory, or the write nests too deeply",
            limit=f"{setting}_memory",
            value=self._shares.of(write),
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

    def close(self) -> None:
        """Let a write that is under way finish, and end the process."""
        with self._turn:
            self._process.end()
