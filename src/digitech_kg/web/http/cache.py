"""Answers kept for repeated queries, bounded by bytes."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cachetools import LRUCache


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """The body of an answer as it was sent, and its headers."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class AnswerCache:
    """Least recently used answers first out. Keys contain the snapshot's version, so nothing is ever stale."""

    def __init__(self, max_bytes: int) -> None:
        self._answers: LRUCache[str, CachedAnswer] = LRUCache(max_bytes, getsizeof=lambda a: len(a.body) + 500)
        self._lock = threading.Lock()
        #: A single answer may take an eighth.
        self.largest = max_bytes // 8

    def find(self, key: str) -> CachedAnswer | None:
        """Return the answer kept under the key, if there is one."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: str, answer: CachedAnswer) -> None:
        """Keep an answer, unless it is too large."""
        if len(answer.body) <= self.largest:
            with self._lock:
                self._answers[key] = answer
