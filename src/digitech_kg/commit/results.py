"""What is computed for one part of a dataset, kept by the hash of what it was computed from; checks that run beside.

Validation takes longest and works outside of Python, so other steps go on meanwhile.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.snapshot.changes import sorted_lines
from digitech_kg.validation.report import Result, Severity

_PACKAGE: Final = Path(__file__).resolve().parent.parent
#: The packages whose code decides what is computed.
_DECIDING: Final = ("claims", "reasoning", "validation", "comparison", "commit")
#: Results kept per data directory.
_KEPT: Final = 256


@dataclass(frozen=True)
class PartResult:
    """The derived quads of one part of a dataset, and what the shapes say of it."""

    quads: tuple[Quad, ...] = ()
    results: tuple[Result, ...] = ()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the SHA-256 of the code that decides what is computed."""
    digest = hashlib.sha256()
    for package in _DECIDING:
        for path in sorted((_PACKAGE / package).rglob("*.*")):
            if path.suffix in (".py", ".toml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


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

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def find(self, key: str) -> PartResult | None:
        if self._directory is None:
            return None
        try:
            with gzip.open(self._directory / f"{key}.json.gz", "rt", encoding="utf-8") as file:
                kept = json.load(file)
            quads = tuple(parse(kept["quads"], format=RdfFormat.N_QUADS))
            return PartResult(quads, tuple(_read_result(row) for row in kept["results"]))
        except (OSError, EOFError, ValueError, KeyError, TypeError, SyntaxError):
            return None

    def keep(self, key: str, result: PartResult) -> None:
        """Keep a result; a full or read-only disk costs only the time to compute it again."""
        if self._directory is None:
            return
        kept = {"quads": sorted_lines(result.quads).decode(), "results": [asdict(r) for r in result.results]}
        with suppress(OSError):
            self._directory.mkdir(parents=True, exist_ok=True)
            pending = self._directory / f"{key}.{os.getpid()}"
            with gzip.open(pending, "wt", compresslevel=1, encoding="utf-8") as file:
                json.dump(kept, file)
            pending.replace(self._directory / f"{key}.json.gz")
            for old in sorted(self._directory.glob("*.json.gz"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
                old.unlink(missing_ok=True)


def _read_result(row: dict[str, object]) -> Result:
    return Result(**{**row, "severity": Severity(row["severity"])})  # type: ignore[arg-type]


#: The validator and what Python checks go on at the same time.
_THREADS: Final = 2


class Checks(ThreadPoolExecutor):
    """Checks that run in threads of their own; none is left when the context ends."""

    def __init__(self) -> None:
        super().__init__(_THREADS)
        self._started: list[Future[tuple[Result, ...]]] = []

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)

    def start(self, check: Callable[[], tuple[Result, ...]]) -> None:
        self._started.append(self.submit(check))

    def results(self) -> tuple[Result, ...]:
        """Wait for all checks; return what they found, each result once."""
        return tuple(dict.fromkeys(result for future in self._started for result in future.result()))
