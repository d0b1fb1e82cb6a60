"""Run writes in a separate process, so that an update that runs away ends only that process.

Bodies of requests wait for it in directories below one that all who have any share the operating system's lock on. It
ends with the process: so what is there when nobody holds the lock was left by a server that was killed.
"""

import fcntl
import gc
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.errors import Busy, DigitechError, EngineFailure, LimitExceeded, QueryTimeout
from digitech_kg.processes import Died, Failed, Last, Overdue, Process, give_up_network, limit_memory, resident_memory
from digitech_kg.settings import MIB, Settings
from digitech_kg.snapshot.repository import SnapshotRepository, storage_failure

_NAME: Final = "incoming"


@contextmanager
def incoming_directory(data_dir: Path) -> Iterator[Path]:
    """Yield a new directory below a data directory; it is gone afterwards. Raises `StorageFailure`.

    What processes that were killed have left goes first, unless somebody is using the place.
    """
    place = data_dir / _NAME
    with ExitStack() as held:
        try:
            place.mkdir(exist_ok=True)
            handle = os.open(place, os.O_RDONLY)
            held.callback(os.close, handle)
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for left in place.iterdir():
                    shutil.rmtree(left, ignore_errors=True)
            fcntl.flock(handle, fcntl.LOCK_SH)
            directory = tempfile.mkdtemp(dir=place)
            held.callback(shutil.rmtree, directory, ignore_errors=True)
        except OSError as error:
            raise storage_failure("write to", data_dir, error) from error
        yield Path(directory)


#: A process is replaced by a new one when it holds more than this share of the memory that an update may take. The
#: share is large because a process is slow to start and keeps what it needs for one document after another.
_KEPT_PART: Final = 0.5
#: The same for what is left of a write that was refused, in bytes.
_KEPT_OF_REFUSED: Final = 50_000_000


def prepare_writer(
    repository: SnapshotRepository, settings: Settings, texts: Mapping[str, str]
) -> Callable[[Write, Commit], Outcome | DigitechError | Last]:
    """Read the current version, and return the function that carries out writes, or gives the error instead."""
    give_up_network()
    write_bytes, update_bytes = settings.total_memory * MIB, settings.query_memory * MIB
    union = settings.union_default_graph
    committer = Committer(repository, union_default_graph=union, update_memory_bytes=update_bytes, texts=texts)
    committer.prepare()
    # Looking for garbage takes longer than many a step of a write, so it waits until many writes are answered.
    # What is here now is never garbage.
    gc.disable()
    gc.freeze()
    # What a version needs is known now; a write gets a bounded share on top of it.
    limit_memory(write_bytes)
    at_first = resident_memory()

    def carry_out(write: Write, commit: Commit) -> Outcome | DigitechError | Last:
        limit_memory(update_bytes if isinstance(write, SparqlUpdate) else write_bytes, for_good=False)
        before = resident_memory()
        result: Outcome | DigitechError
        try:
            result = committer.commit(write, commit)
        except DigitechError as error:
            result = error
        kept = resident_memory()
        is_refused = isinstance(result, DigitechError)
        is_worn = kept - at_first > update_bytes * _KEPT_PART or (is_refused and kept - before > _KEPT_OF_REFUSED)
        return Last(result) if is_worn else result

    return carry_out


class WriterProcess:
    """Writes to a data directory through a process that is started when it is first needed. Thread-safe."""

    def __init__(
        self, repository: SnapshotRepository, settings: Settings, texts: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`texts` are those of documents, by name."""
        self._repository = repository
        self._settings = settings
        self._process = Process(prepare_writer, repository, settings, dict(texts))
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(settings.queue_length + 1)

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
        if not self._places.acquire(blocking=False):
            most = self._settings.queue_length
            message = f"{most} writes are waiting already"
            hint = "Send it again in a moment, or put several changes into one update."
            raise Busy(message, limit="write_queue", value=most, unit="writes", hint=hint)
        try:
            with self._turn:
                return self._ask(write, commit)
        finally:
            self._places.release()

    def _ask(self, write: Write, commit: Commit) -> Outcome:
        before = self._repository.current_version() or ""
        try:
            outcome: Outcome = self._process.call(write, commit, timeout_s=self._settings.write_timeout)
        except (Overdue, Died) as failure:
            if found := self._find_outcome(commit, before):
                return found
            if isinstance(failure, Died):
                raise self._ended(write) from None
            hint = "Split the update into several, or raise --write-timeout. Nothing was changed."
            raise QueryTimeout.of("the write", self._settings.write_timeout, hint, limit="write_timeout") from None
        except Failed as failure:
            hint = "Nothing was changed. The server's log says more."
            raise EngineFailure(f"the write failed: {failure}", hint=hint) from None
        finally:
            # It may have made room for a new one, which is slow to get ready.
            with suppress(OSError):
                self._process.start()
        return outcome

    def _ended(self, write: Write) -> LimitExceeded:
        limit, most = "total_memory", self._settings.total_memory
        if isinstance(write, SparqlUpdate):
            # It has a pattern, which may have solutions without end; all else is as large as what was sent.
            limit, most = "query_memory", self._settings.query_memory
        message = (
            "the process that carried out the write ended: it needed too much memory, or the write nests too deeply"
        )
        hint = f"Nothing was changed. Split it into several, or raise --{limit.replace('_', '-')}."
        return LimitExceeded(message, limit=limit, value=most * MIB, unit="bytes", hint=hint)

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
