"""Limits on how much clients ask: requests at the same time and per second."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from cachetools import LRUCache

from digitech_kg.errors import Busy

_MOST_CLIENTS = 10_000
_CLIENT, _QUERIES = "client", "queries"


class ClientLimits:
    """Concurrent requests and requests per second by client address or token; `what` names them in messages.

    Addresses of one IPv6 /64 count as one client. Loopback is not limited: behind a proxy that is not trusted to name
    its clients, all of them would look like one. A token is limited wherever it is used from.
    """

    def __init__(self, *, concurrent: int, per_second: float, who: str = _CLIENT, what: str = _QUERIES) -> None:
        self._concurrent, self._per_second = concurrent, per_second
        self._who, self._what = who, what
        self._running: dict[str, int] = {}
        #: Client → (queries it may send now, when that was computed): a token bucket of one second's worth.
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(_MOST_CLIENTS)
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, address: str) -> Iterator[str]:
        """Count a query of the client while it runs, and yield the client's name, empty if it has no limits.

        Raises `Busy` with the limit that is exceeded.
        """
        client = _client(address)
        if client is None:
            yield ""
            return
        with self.admit_name(client):
            yield client

    @contextmanager
    def admit_name(self, client: str) -> Iterator[None]:
        """Count a request under a name, such as that of a token, while it runs. Raises as `admit`."""
        with self._lock:
            self._take_token(client)
            if self._running.get(client, 0) >= self._concurrent:
                text = f"a {self._who} can send at most {self._concurrent:g} {self._what} at the same time"
                raise self._over(self._what, self._concurrent, text, f"{self._what} at the same time")
            self._running[client] = self._running.get(client, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._running[client] -= 1
                if not self._running[client]:
                    del self._running[client]

    def _take_token(self, client: str) -> None:
        now = time.monotonic()
        burst = max(1.0, self._per_second)
        tokens, then = self._buckets.get(client, (burst, now))
        tokens = min(burst, tokens + (now - then) * self._per_second)
        if tokens < 1:
            text = f"a {self._who} can send at most {self._per_second:g} {self._what} per second"
            raise self._over("rate", self._per_second, text, f"{self._what} per second")
        self._buckets[client] = (tokens - 1, now)

    def _over(self, limit: str, value: float, text: str, unit: str) -> Busy:
        hint = "Wait as long as Retry-After says, or download the whole dataset."
        if self._who != _CLIENT:
            hint = "Wait as long as Retry-After says, or send many changes as one request."
        return Busy(text, limit=f"{self._who}_{limit}", value=value, unit=unit, hint=hint)


@lru_cache(maxsize=4096)
def _client(address: str) -> str | None:
    """Return the name under which an address is counted; None for loopback and for what is not an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if parsed.is_loopback:
        return None
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
