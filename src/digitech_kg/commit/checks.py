"""Validation beside what else is done: it takes longest, and works outside of Python."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from digitech_kg.validation import Result

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
        """Have something checked."""
        self._started.append(self.submit(check))

    def results(self) -> tuple[Result, ...]:
        """Wait for all checks; return what they found, each result once."""
        return tuple(dict.fromkeys(result for future in self._started for result in future.result()))
