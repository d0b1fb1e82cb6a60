"""A response that no framework knows yet: status, headers and body."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Reply:
    """The answer to a request; `close` is called when the body was sent or the client is gone."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    close: Callable[[], None] = lambda: None
    #: For the log: outcome, bytes, rows and so on.
    outcome: dict[str, object] = field(default_factory=dict)
