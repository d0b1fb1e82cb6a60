"""Keep what is computed for a unit of a dataset by the hash of its input, and run checks in threads.

Validation takes longest and works outside of Python, so other steps go on meanwhile.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.snapshot.changes import sorted_lines
from digitech_kg.sources.project import code_digest
from digitech_kg.validation.report import Result, Severity

#: How many bytes of results a data directory keeps. Each build uses those of all documents, one after the other: with
#: room for fewer, the oldest would go just before it is used.
_KEPT_BYTES: Final = 512_000_000
_Item = TypeVar("_Item")


def digest_of(*pieces: Iterable[Quad] | bytes | str) -> str:
    """Return the SHA-256 of quads, in whatever order, of bytes and of texts."""
    digest = hashlib.sha256(code_digest().encode())
    for piece in pieces:
        content = (
            piece.encode() if isinstance(piece, str) else piece if isinstance(piece, bytes) else sorted_lines(piece)
        )
        digest.update(f"{len(content)}\n".encode() + content)
    return digest.hexdigest()


class ResultStore:
    """Results in a directory; without one, or with one that cannot be written, nothing is kept."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory

    @classmethod
    def beside(cls, data_dir: Path) -> "ResultStore":
        """Return the results that are kept in a data directory, beside its versions."""
        return cls(data_dir / "results")

    def quads(self, key: str, compute: Callable[[], Iterable[Quad]]) -> tuple[Quad, ...]:
        """Return the quads that are kept under a key, or else compute and keep them."""
        return self._remembered(key, compute, sorted_lines, lambda text: parse(text, format=RdfFormat.N_QUADS))

    def found(self, key: str, check: Callable[[], Iterable[Result]]) -> tuple[Result, ...]:
        """Return what a check found, as it is kept under a key, or else have it look and keep that."""
        return self._remembered(key, check, _write_results, lambda text: map(_read_result, json.loads(text)))

    def _remembered(
        self,
        key: str,
        compute: Callable[[], Iterable[_Item]],
        write: Callable[[Iterable[_Item]], bytes],
        read: Callable[[bytes], Iterable[_Item]],
    ) -> tuple[_Item, ...]:
        if self._directory is None:
            return tuple(compute())
        path = self._directory / f"{key}.gz"
        with suppress(OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, SyntaxError):
            kept = tuple(read(gzip.decompress(path.read_bytes())))
            # Those that were not used for longest go first.
            with suppress(OSError):
                os.utime(path)
            return kept
        found = tuple(compute())
        # A full or read-only disk costs only the time to compute it again.
        with suppress(OSError):
            self._directory.mkdir(parents=True, exist_ok=True)
            pending = path.with_suffix(f".{os.getpid()}")
            pending.write_bytes(gzip.compress(write(found), 1))
            pending.replace(path)
            self._drop_oldest()
        return found

    def _drop_oldest(self) -> None:
        """Remove what was not used for longest, and what processes that were killed have left, beyond the room."""
        room = _KEPT_BYTES
        for path, status in sorted(self._files(), key=lambda file: -file[1].st_mtime):
            room -= status.st_size
            if room < 0:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._directory.iterdir() if self._directory else ():
            # Another process may have removed it.
            with suppress(FileNotFoundError):
                yield path, path.stat()


def _write_results(results: Iterable[Result]) -> bytes:
    return json.dumps([asdict(result) for result in results]).encode()


def _read_result(row: dict[str, object]) -> Result:
    return Result(**{**row, "severity": Severity(row["severity"])})  # type: ignore[arg-type]


#: The validator and what Python checks go on at the same time.
_THREADS: Final = 2
_KEY_LENGTH: Final = 12


class Checks(ThreadPoolExecutor):
    """Checks that run in threads of their own; none is left when the context ends."""

    def __init__(self) -> None:
        super().__init__(_THREADS)
        self._started: list[Future[tuple[Result, ...]]] = []
        self._units: dict[str, list[Future[tuple[Result, ...]]]] = {}
        self._counted = list[Future[tuple[Result, ...]]]()

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)

    def begin(self, unit: str) -> None:
        """Have what is started from here on count for a unit, which is checked anew."""
        self._counted = self._units.setdefault(unit, [])

    def start(self, check: Callable[[], Iterable[Result]], *, counts: bool = True) -> None:
        """Start a check; it does not count if it reads more than the data."""
        self._started.append(self.submit(lambda: tuple(check())))
        if counts:
            self._counted.append(self._started[-1])

    def results(self) -> tuple[Result, ...]:
        """Wait for all checks; return what they found, each result once."""
        return tuple(dict.fromkeys(result for future in self._started for result in future.result()))

    def by_unit(self) -> dict[str, list[str]]:
        """Return the units that were checked, each with names of its results, which begin with the severity."""
        found = {unit: [result for future in each for result in future.result()] for unit, each in self._units.items()}
        return {unit: sorted({key_of(result) for result in results}) for unit, results in found.items()}


def key_of(result: Result) -> str:
    """Return the name of a result, which begins with its severity; what reads otherwise has another."""
    digest = hashlib.sha256(_write_results((result,))).hexdigest()
    return f"{result.severity.name.lower()} {digest[:_KEY_LENGTH]}"
