"""Limit the requests whose body is still to come, so that slow senders do not take all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from digitech_kg.errors import Busy
from digitech_kg.messages import Message
from digitech_kg.web.http.problem_documents import REFUSED

_WITH_BODY: Final = frozenset({"POST", "PUT", "QUERY"})


class BodyLimit:
    """A WSGI application before another one: at most `most` requests with a body are under way at the same time.

    The server has no deadline for a body, and a thread that waits for one cannot be called back. `refuse` answers a
    request with the error that it finds in the environment.
    """

    def __init__(
        self, app: Callable[..., Iterable[bytes]], most: int, *, refuse: Callable[..., Iterable[bytes]]
    ) -> None:
        self._app, self._most, self._refuse = app, most, refuse
        self._free = threading.BoundedSemaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _WITH_BODY:
            return self._app(environ, start_response)
        if not self._free.acquire(blocking=False):
            hint = "Wait as long as Retry-After says and ask again."
            message = Message("{number} requests with a body are already running", number=self._most)
            environ[REFUSED] = Busy(message, limit="bodies", value=self._most, unit="requests", hint=hint)
            return self._refuse(environ, start_response)
        try:
            return self._app(environ, start_response)
        finally:
            self._free.release()
