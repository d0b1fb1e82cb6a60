"""Limits on what a client sends: the number of requests, the length of bodies, and the parameters."""

import io
import ipaddress
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import IO, Any, Final

from cachetools import LRUCache

from digitech_kg.errors import Busy, CallError, LengthRequired, TooLarge, UnsupportedMediaType

_MOST_CLIENTS = 10_000
_CLIENT, _QUERIES = "client", "queries"
_PIECE, _MOST_DISCARDED = 64 * 1024, 32 * 1024 * 1024


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

    def admit(self, address: str) -> AbstractContextManager[None]:
        """Count a query of the client with an address while it runs. Raises `Busy` with the limit that is exceeded."""
        client = _client(address)
        return self.admit_name(client) if client else nullcontext()

    @contextmanager
    def admit_name(self, client: str) -> Iterator[None]:
        """Count a request under a name, for example a token's, while it runs. Raises as `admit`."""
        with self._lock:
            self._take_token(client)
            if self._running.get(client, 0) >= self._concurrent:
                raise self._over(self._what, self._concurrent, "at the same time")
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
            raise self._over("rate", self._per_second, "per second")
        self._buckets[client] = (tokens - 1, now)

    def _over(self, limit: str, value: float, when: str) -> Busy:
        unit = f"{self._what} {when}"
        instead = "download the whole dataset" if self._who == _CLIENT else "send many changes as one request"
        return Busy(
            f"a {self._who} can send at most {value:g} {unit}",
            limit=f"{self._who}_{limit}",
            value=value,
            unit=unit,
            hint=f"Wait as long as Retry-After says, or {instead}.",
        )


@lru_cache(maxsize=4096)
def _client(address: str) -> str | None:
    """Return the name under which an address is counted; None for loopback and for anything that isn't an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if parsed.is_loopback:
        return None
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def is_unannounced(environ: Mapping[str, Any]) -> bool:
    """Whether a request may have a body whose length it doesn't announce, as in chunked transfer coding."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return True
    return not environ.get("CONTENT_LENGTH") and environ.get("SERVER_PROTOCOL", "").startswith(("HTTP/2", "HTTP/3"))


def take_unannounced(environ: dict[str, Any]) -> None:
    """Read a body of unannounced length at once, and announce its length in the environment.

    Only for somebody who may write, since all of it is held in memory: read in pieces, a body that ended early looks
    like a whole one to the server's applications; read at once, it is empty. Raises `CallError` if it is.
    """
    body: bytes = environ["wsgi.input"].read()
    if not body:
        hint = "Nothing was done. Send it again. A body that is meant to be empty needs Content-Length: 0."
        raise CallError("the body is empty or ended early", hint=hint)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def require_length(environ: Mapping[str, Any]) -> None:
    """Raise `LengthRequired` for a body of unannounced length: it may have ended early, and nobody is told."""
    if is_unannounced(environ):
        raise LengthRequired(
            "the length of the body is not announced", hint="Send Content-Length, not Transfer-Encoding: chunked."
        )


def read_body(environ: dict[str, Any], max_bytes: int) -> bytes:
    """Read a request's body and leave it to be read again. Raises `TooLarge`, or for its length as `require_length`."""
    check_uncoded(environ.get("HTTP_CONTENT_ENCODING", ""))
    require_length(environ)
    stream: IO[bytes] = environ["wsgi.input"]
    declared = environ.get("CONTENT_LENGTH") or "0"
    if not declared.isdigit():
        raise CallError("Content-Length is not a number", hint="Send the length of the body in bytes.")
    length = int(declared)
    body = b"".join(iter(lambda: stream.read(length), b"")) if length <= max_bytes else None
    if body is None:
        discard(stream)
        raise TooLarge(f"the body is larger than {max_bytes:,} bytes", hint="Send less at a time.")
    environ["wsgi.input"] = io.BytesIO(body)
    return body


#: Parameters of the page for people, which programs may find in an address that they were given.
OF_PAGES: Final = frozenset({"view", "lang"})


def check_names(given: Iterable[str], known: frozenset[str], others: frozenset[str] = frozenset()) -> None:
    """Raise `CallError` for a parameter that is neither known nor one of others, which are known and not told."""
    if unknown := sorted(set(given) - known - others):
        # The middleware takes `asOf` out of the address of what is read.
        hint = f"Known parameters: {', '.join(sorted(known | ({'asOf'} if others else set())))}."
        raise CallError(f"unknown parameter '{unknown[0]}'", hint=hint, code="unknown-parameter")


def check_uncoded(coding: str) -> None:
    """Raise `UnsupportedMediaType` for a body in a content coding."""
    if coding.lower() not in ("", "identity"):
        raise UnsupportedMediaType("compressed request bodies are not accepted", hint="Send the body uncompressed.")


def discard(stream: IO[bytes]) -> None:
    """Read and drop a bounded part of a body, since a client that is still sending would miss the answer."""
    for _ in range(_MOST_DISCARDED // _PIECE):
        if not stream.read(_PIECE):
            return
