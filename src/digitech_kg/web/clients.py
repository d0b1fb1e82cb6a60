"""How much one client may ask for at a time and per second."""

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


class ClientLimits:
    """Concurrent queries and queries per second by client address.

    Addresses of one IPv6 /64 count as one client. Loopback is not limited: behind a proxy that is not trusted to name
    its clients, all of them would look like one.
    """

    def __init__(self, *, concurrent: int, per_second: float) -> None:
        self._concurrent, self._per_second = concurrent, per_second
        self._running: dict[str, int] = {}
        #: Client → (queries it may send now, when that was computed): a token bucket of one second's worth.
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(_MOST_CLIENTS)
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, address: str) -> Iterator[str]:
        """Count a query of the client while it runs, and give the client's name, empty if it is not limited.

        Raises `Busy` that says which limit it is over.
        """
        client = _client(address)
        if client is None:
            yield ""
            return
        with self._lock:
            self._take_token(client)
            if self._running.get(client, 0) >= self._concurrent:
                raise _over("client_queries", self._concurrent, "queries at the same time")
            self._running[client] = self._running.get(client, 0) + 1
        try:
            yield client
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
            raise _over("client_rate", self._per_second, "queries per second")
        self._buckets[client] = (tokens - 1, now)


@lru_cache(maxsize=4096)
def _client(address: str) -> str | None:
    """Give the name under which an address is counted; None for loopback and for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if parsed.is_loopback:
        return None
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _over(limit: str, value: float, unit: str) -> Busy:
    hint = "Wait as long as Retry-After says, or download the whole dataset."
    return Busy(f"a client may send at most {value:g} {unit}", limit=limit, value=value, unit=unit, hint=hint)
