"""What a request passes before the application: its host, a body that is whole, and the version that `?asOf=` names."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.engine.request import as_of
from digitech_kg.errors import Busy, CallError, DigitechError, NotFound
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.limits import is_unannounced
from digitech_kg.web.http.problems import REFUSED

_HOST: Final = re.compile(r"([A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE", "QUERY"})
_READING: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS"})
_PARAMETER: Final = "asOf"
_NAMED: Final = re.compile(rf"(?:^|&){_PARAMETER}=")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self' data:; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Everything can be read without credentials, so any page may read it (Fetch standard, CORS protocol).
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Dataset-Version, ETag, Link, Query-Advice, Retry-After, X-Request-Id",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}


class _Announced(io.RawIOBase):
    """A body whose length the client announced. Reading raises `CallError` if it ends early: no server says so."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream, self._left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._left)
        piece = self._stream.read(wanted) if wanted else b""
        if wanted and not piece:
            raise CallError("the body is shorter than its Content-Length", hint="Nothing was done. Send it again.")
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


class BodyLimit:
    """A WSGI application before another one, which gets bodies that are as long as announced or raise an error.

    At most `most` requests with a body are under way at the same time: the server has no deadline for a body, and a
    thread that waits for one can't be called back. `refuse` answers a request with the error in its environment.
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
            message = f"{self._most} requests with a body are already running"
            environ[REFUSED] = Busy(message, limit="bodies", value=self._most, unit="requests", hint=hint)
            return self._refuse(environ, start_response)
        try:
            if not is_unannounced(environ) and (length := environ.get("CONTENT_LENGTH") or "").isdigit():
                environ["wsgi.input"] = _Announced(environ["wsgi.input"], int(length))
            return self._app(environ, start_response)
        finally:
            self._free.release()


class AsOf:
    """A WSGI application before another one: a request with `?asOf=` is answered from that version.

    `refuse` answers a request with the error that it finds in the environment under `REFUSED`.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        service: QueryService,
        *,
        refuse: Callable[..., Iterable[bytes]],
    ) -> None:
        self._app, self._service, self._refuse = app, service, refuse

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        query_string = environ.get("QUERY_STRING", "")
        if "asOf=" not in query_string or _NAMED.search(query_string) is None:
            return self._app(environ, start_response)
        try:
            snapshot = self._find(environ)
        except DigitechError as error:
            environ[REFUSED] = error
            return self._refuse(environ, start_response)

        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            headers = [(name, _as_of(value, snapshot) if name == "Location" else value) for name, value in given]
            if not any(name == "Dataset-Version" for name, _ in headers):
                headers.append(("Dataset-Version", snapshot.version))
            return start_response(status, headers, *rest)

        with as_of(snapshot.version):
            return self._app(environ, start)

    def _find(self, environ: dict[str, Any]) -> Snapshot:
        """Return the snapshot that a request names, and remove the parameter from its address."""
        if environ["REQUEST_METHOD"] not in _READING:
            raise CallError("the past can't be written to", hint="Leave out asOf.")
        if not isinstance(self._service, SnapshotService):
            raise NotFound("this server keeps no earlier versions", hint="Leave out asOf, or ask the store itself.")
        parameters = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        wanted = [value for name, value in parameters if name == _PARAMETER]
        if len(wanted) > 1:
            raise CallError("asOf is given more than once", hint="Give one version or one time.")
        # The rest of the program finds the version in `wanted_version`, never in the parameters.
        environ["QUERY_STRING"] = urlencode([(n, v) for n, v in parameters if n != _PARAMETER], quote_via=quote)
        return self._service.repository.resolve(wanted[0])


def _as_of(address: str, snapshot: Snapshot) -> str:
    """Return an address of this server as of the same version."""
    if not address.startswith("/"):
        return address
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{_PARAMETER}={snapshot.version}{mark}{fragment}"


def check_host(environ: Mapping[str, Any]) -> None:
    """Raise `CallError` for a Host header that names none (RFC 9112, section 3.2): it gets into addresses."""
    host = environ.get("HTTP_HOST", "")
    if host and not _HOST.fullmatch(host):
        raise CallError(
            "the Host header is not a host name", hint="Send the name of the server, and its port if it has one."
        )
