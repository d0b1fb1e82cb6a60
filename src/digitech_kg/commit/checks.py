"""Validation beside what else is done: it takes longest, and works outside of Python."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from digitech_kg.validation import Result

#: The validator and what Python checks go on at the same time.
_THREADS: Final = 2


class Checks:
    """Checks that run in threads of their own; none is left when the context ends."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS)
        self._started: list[Future[tuple[Result, ...]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(self, check: Callable[[], tuple[Result, ...]]) -> None:
        """Have something checked."""
        self._started.append(self._pool.submit(check))

    def results(self) -> tuple[Result, ...]:
        """Wait for all checks; return what they found, each result once."""
        return tuple(dict.fromkeys(result for future in self._started for result in future.result()))
