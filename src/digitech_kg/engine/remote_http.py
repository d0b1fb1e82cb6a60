"""Send a request to a remote store and take its whole answer in time. The one module that knows the HTTP client."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import httpx

from digitech_kg.errors import Busy, LimitExceeded, QueryTimeout, RemoteFailure

#: Answers up to this size stay in memory, larger ones go to a file.
_SPOOL_THRESHOLD = 512 * 1024
#: A store that takes longer to accept a connection counts as unreachable.
_CONNECT_TIMEOUT_S = 5.0
#: How long a request waits for one of the connections to become free.
_POOL_TIMEOUT_S = 5.0
#: So much of an answer that is no result is read, for the message.
_ERROR_BYTES = 4096


@dataclass(frozen=True)
class Received:
    """A remote store's answer: all of it, or of an error the beginning. Close `body`."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]
    length: int

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty if none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def framed(self) -> bool:
        """Whether HTTP itself shows where the answer ends, so that a broken connection is noticed (RFC 9112, 6.3)."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


class RemoteClient:
    """A pool of connections to one address. Thread-safe; `close` it in the end.

    Requests run in an event loop on a thread of its own: cancelling there is the one way to stop at the deadline in
    whatever phase a request is (looking up the name, connecting, a header or body that drips).
    """

    def __init__(self, url: str, *, connections: int) -> None:
        self._url = url
        self.shown_url = without_credentials(url)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=_CONNECT_TIMEOUT_S, pool=_POOL_TIMEOUT_S),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            # Proxies and passwords come from the address alone, never from the environment.
            trust_env=False,
        )
        self._connections = connections
        #: Requests under way; changed in the event loop only.
        self.running = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="remote-store", daemon=True)
        self._thread.start()

    def post(self, parameters: Sequence[tuple[str, str]], *, accept: str, timeout_s: float, ceiling: int) -> Received:
        """Send form parameters and give the answer.

        Raises `QueryTimeout`, `LimitExceeded` above `ceiling` bytes, `Busy` if no connection is free, `RemoteFailure`.
        """
        fields: dict[str, list[str]] = {}
        for name, value in parameters:
            fields.setdefault(name, []).append(value)
        return asyncio.run_coroutine_threadsafe(self._post(fields, accept, timeout_s, ceiling), self._loop).result()

    async def _post(self, fields: dict[str, list[str]], accept: str, timeout_s: float, ceiling: int) -> Received:
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": "digitech-kg"}
        self.running += 1
        try:
            async with asyncio.timeout(timeout_s):
                async with self._client.stream("POST", self._url, data=fields, headers=headers) as response:
                    return await _receive(response, ceiling)
        except TimeoutError:
            raise _timeout(timeout_s) from None
        except httpx.PoolTimeout:
            raise _busy(self._connections) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            hint = "Ask again later; whoever runs this server should see whether the store runs there."
            reason = str(error) or "no answer"
            raise RemoteFailure(f"the store at {self.shown_url} cannot be reached: {reason}", hint=hint) from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise RemoteFailure(f"the store at {self.shown_url} broke its answer off: {reason}") from None
        finally:
            self.running -= 1

    def close(self) -> None:
        """Close the connections; requests that still run fail."""
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _receive(response: httpx.Response, ceiling: int) -> Received:
    """Read a result to its end, an answer with another status to a bounded length."""
    body = tempfile.SpooledTemporaryFile(max_size=_SPOOL_THRESHOLD, prefix="digitech-kg-")  # noqa: SIM115
    try:
        decoder = _decoder(response.headers.get("content-encoding", ""))
        async for chunk in response.aiter_raw():
            data = decoder.decode(chunk, ceiling + 1 - body.tell())
            if response.status_code != httpx.codes.OK and body.tell() + len(data) >= _ERROR_BYTES:
                body.write(data[: _ERROR_BYTES - body.tell()])
                break
            body.write(data)
            if body.tell() > ceiling:
                raise too_large(ceiling)
        else:
            decoder.finish()
    except BaseException:
        body.close()
        raise
    length = body.tell()
    body.seek(0)
    return Received(response.status_code, response.headers, body, length)


class _Plain:
    """Hands bytes through; the caller counts them."""

    def decode(self, data: bytes, most: int) -> bytes:
        return data[: max(most, 0)]

    def finish(self) -> None:
        """Plain data may end anywhere."""


class _Gunzip(_Plain):
    """Decompresses without ever making more bytes than are wanted, and notices a missing end."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    def decode(self, data: bytes, most: int) -> bytes:
        try:
            return self._inflate.decompress(data, max(most, 1))
        except zlib.error as error:
            raise RemoteFailure(f"the remote store's answer is not the gzip that it says: {error}") from None

    def finish(self) -> None:
        if not self._inflate.eof:
            raise RemoteFailure("the remote store's compressed answer has no end")


def _decoder(coding: str) -> _Plain:
    if coding.strip().lower() in ("", "identity"):
        return _Plain()
    if coding.strip().lower() in ("gzip", "x-gzip"):
        return _Gunzip()
    raise RemoteFailure(f"the remote store's answer is coded as '{coding[:100]}', which was not asked for")


def without_credentials(url: str) -> str:
    """Give an address without user name and password, as it may be shown.

    >>> without_credentials("https://reader:secret@store.example/sparql")
    'https://store.example/sparql'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _timeout(timeout_s: float) -> QueryTimeout:
    return QueryTimeout(
        f"the remote store did not finish its answer within {timeout_s:.3g} seconds",
        limit="timeout_s",
        value=timeout_s,
        unit="seconds",
        hint="Name more of the things you look for, drop unbounded paths, or add a LIMIT in a subquery.",
    )


def too_large(ceiling: int) -> LimitExceeded:
    """Give the error for a result above `ceiling` bytes."""
    return LimitExceeded(
        f"the result is larger than {ceiling:,} bytes",
        limit="result_bytes",
        value=ceiling,
        unit="bytes",
        hint="Add a LIMIT, select fewer columns, or take the rows in pages.",
    )


def _busy(connections: int) -> Busy:
    return Busy(
        f"all {connections} connections to the remote store are taken",
        limit="workers",
        value=connections,
        unit="connections",
        hint="Ask again in a moment.",
    )
