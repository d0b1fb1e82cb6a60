"""Send requests to other servers, with a deadline and a limit on size. Only this module uses httpx.

Redirects are not followed. A request is cancelled at its deadline whatever it does: looking up the name, connecting, or
waiting for a header or body that drips. Answers are asked for uncompressed, so no short one stands for a long one.
"""

import asyncio
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx

#: Answers up to this size stay in memory, larger ones go to a file.
_SPOOL_THRESHOLD: Final = 512 * 1024
#: A server that takes longer to accept a connection counts as unreachable.
_CONNECT_TIMEOUT_S: Final = 5.0
#: How long a request waits for one of the connections to become free.
_POOL_TIMEOUT_S: Final = 5.0
#: How much is read of an answer with another status than 200, for messages.
_ERROR_BYTES: Final = 4096


class HttpError(Exception):
    """No whole answer came; the text says why."""


class BadAddress(HttpError):
    """The address is not one for HTTP."""


class Unreachable(HttpError):
    """No connection could be made."""


class TimedOut(HttpError):
    """The deadline passed before the answer was complete."""


class TooLong(HttpError):
    """The answer is longer than allowed."""


class NoConnection(HttpError):
    """All connections of the client are in use."""


@dataclass(frozen=True)
class Received:
    """A whole answer, or the beginning of one whose status is not 200. Close `body`."""

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

    def read(self) -> bytes:
        with self.body:
            return self.body.read()


class HttpClient:
    """A pool of connections. Thread-safe; `close` it in the end.

    Requests run in an event loop on a thread of its own: cancelling there is the only way to stop them at a deadline.
    """

    def __init__(self, *, connections: int = 4, keep_alive: bool = True, use_proxies: bool = False) -> None:
        """Make a client. `use_proxies` reads proxies and passwords from the environment."""
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=_CONNECT_TIMEOUT_S, pool=_POOL_TIMEOUT_S),
            limits=httpx.Limits(
                max_connections=connections, max_keepalive_connections=connections if keep_alive else 0
            ),
            follow_redirects=False,
            trust_env=use_proxies,
            headers={"Accept-Encoding": "identity", "User-Agent": "digitech-kg"},
        )
        #: Requests under way; changed in the event loop only.
        self.running = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="http-client", daemon=True)
        self._thread.start()

    def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes | Mapping[str, str | list[str]],
        *,
        timeout_s: float,
        max_bytes: int,
        server_name: str = "",
    ) -> Received:
        """Send content or a form and return the answer; `server_name` is the name for TLS if the address has none.

        Raises an `HttpError`.
        """
        what: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"data": dict(body)}
        what |= {"headers": dict(headers), "extensions": {"sni_hostname": server_name} if server_name else {}}
        return asyncio.run_coroutine_threadsafe(self._post(url, what, timeout_s, max_bytes), self._loop).result()

    async def _post(self, url: str, what: dict[str, Any], timeout_s: float, max_bytes: int) -> Received:
        self.running += 1
        try:
            async with asyncio.timeout(timeout_s), self._client.stream("POST", url, **what) as response:
                return await _receive(response, max_bytes)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise TimedOut("no whole answer in time") from None
        except httpx.PoolTimeout:
            raise NoConnection("all connections are in use") from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(str(error) or "no answer") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise BadAddress(str(error)) from None
        except httpx.HTTPError as error:
            raise HttpError(str(error) or type(error).__name__) from None
        finally:
            self.running -= 1

    def close(self) -> None:
        """Close the connections; requests that still run fail."""
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _receive(response: httpx.Response, max_bytes: int) -> Received:
    """Read an answer with status 200 to its end, any other to a bounded length."""
    body = tempfile.SpooledTemporaryFile(max_size=_SPOOL_THRESHOLD, prefix="digitech-kg-")  # noqa: SIM115
    try:
        if (coding := response.headers.get("content-encoding", "identity").strip().lower()) not in ("", "identity"):
            raise HttpError(f"the answer is encoded as '{coding[:100]}', which was not asked for")
        async for chunk in response.aiter_raw():
            if response.status_code != httpx.codes.OK and body.tell() + len(chunk) >= _ERROR_BYTES:
                body.write(chunk[: _ERROR_BYTES - body.tell()])
                break
            body.write(chunk)
            if body.tell() > max_bytes:
                raise TooLong(f"more than {max_bytes:,} bytes")
    except BaseException:
        body.close()
        raise
    length = body.tell()
    body.seek(0)
    return Received(response.status_code, response.headers, body, length)


def without_credentials(url: str) -> str:
    """Return an address without user name and password, as it may be shown.

    >>> without_credentials("https://reader:secret@store.example/sparql")
    'https://store.example/sparql'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
