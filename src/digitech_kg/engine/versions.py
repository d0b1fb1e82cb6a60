"""The version that queries of the current thread, or task, are answered from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_VERSION: Final[ContextVar[str | None]] = ContextVar("version", default=None)


@contextmanager
def as_of(version: str) -> Iterator[None]:
    """Answer all queries inside the block from one version."""
    token = _VERSION.set(version)
    try:
        yield
    finally:
        _VERSION.reset(token)


def wanted_version() -> str | None:
    """Return the version that is asked for, or None for the current one."""
    return _VERSION.get()
