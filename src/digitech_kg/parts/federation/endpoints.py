"""The endpoints that queries may call with `SERVICE`, reached through a small HTTP server on loopback.

The engine's own HTTP client can't be told what to refuse, so the query names this gateway instead of the endpoint.
The gateway resolves the endpoint's name once, refuses private addresses unless the endpoint was allowed by such an
address, connects to the address that it checked, follows no redirect, and bounds time and size.
"""

import ipaddress
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from digitech_kg.errors import CallError, EngineFailure, EngineStopped, RemoteFailure
from digitech_kg.http_client import HttpClient, HttpError, TimedOut, TooLong
from digitech_kg.settings import MIB, Settings

_MAX_QUERY_BYTES = 1024 * 1024
_USER_AGENT = "digitech-kg (federated query)"
_MOST_CONNECTIONS = 100
#: How often the gateway looks whether it should stop.
_LOOK_S = 0.05
_PASSED_ON = ("accept", "content-type")


class EndpointError(Exception):
    """An endpoint gave no usable answer; the text says why."""


@dataclass
class _Path:
    """The way to an endpoint until a deadline, and what went wrong on it, if anything did."""

    endpoint: str
    deadline: float
    failure: str = ""


class Gateway:
    """Forwards the engine's requests to the endpoints that the operator allows. Thread-safe; `close` it at the end."""

    def __init__(self, allowed: frozenset[str], *, max_bytes: int) -> None:
        self.allowed = allowed
        self._max_bytes = max_bytes
        # No connection is kept: the next request to the same address may be for another name.
        self._client = HttpClient(connections=_MOST_CONNECTIONS, keep_alive=False)
        #: By a secret key, which is the path of the address that the engine asks.
        self._paths: dict[str, _Path] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        serve = partial(self._server.serve_forever, _LOOK_S)
        threading.Thread(target=serve, name="service gateway", daemon=True).start()

    @contextmanager
    def reach(self, endpoints: Iterable[str], timeout_s: float) -> Iterator[Mapping[str, str]]:
        """Yield the address where the engine reaches each endpoint, until the end of the block.

        An `EngineFailure` of the block becomes a `RemoteFailure` that says which endpoint failed.
        """
        deadline = time.monotonic() + timeout_s
        paths = {secrets.token_urlsafe(16): _Path(endpoint, deadline) for endpoint in set(endpoints)}
        self._paths.update(paths)
        try:
            yield {path.endpoint: f"http://127.0.0.1:{self._server.server_port}/{key}" for key, path in paths.items()}
        except EngineStopped:
            raise
        except EngineFailure as error:
            hint = "Ask again later. Until then write SERVICE SILENT, or run only the part without SERVICE."
            said = "; ".join(path.failure for path in paths.values() if path.failure) or error
            raise RemoteFailure(f"an endpoint that the query calls failed: {said}", hint=hint) from None
        finally:
            for key in paths:
                del self._paths[key]

    def forward(self, key: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Ask the endpoint behind a key; return a status, a media type and a body. Status 502 has what is wrong."""
        path = self._paths.get(key)
        if path is None:
            return 502, "text/plain", b"no such path"
        try:
            return 200, *self._ask(path, body, headers)
        except EndpointError as error:
            path.failure = f"{path.endpoint}: {error}"
            return 502, "text/plain", str(error).encode()

    def _ask(self, path: _Path, body: bytes, headers: dict[str, str]) -> tuple[str, bytes]:
        url, host, server_name = _pinned(path.endpoint)
        left = path.deadline - time.monotonic()
        if left <= 0:
            raise EndpointError("no time is left to ask it")
        send = {name: value for name, value in headers.items() if name.lower() in _PASSED_ON}
        send |= {"Host": host, "User-Agent": _USER_AGENT}
        try:
            received = self._client.post(
                url, send, body, timeout_s=left, max_bytes=self._max_bytes, server_name=server_name
            )
        except HttpError as error:
            told = {TimedOut: "did not answer in time", TooLong: f"answered with {error}"}
            raise EndpointError(told.get(type(error), f"can't be reached: {error}")) from None
        answer = received.read()
        if 300 <= received.status < 400:
            raise EndpointError("answered with a redirect, which is not followed")
        if received.status != 200:
            raise EndpointError(f"answered with status {received.status}")
        return received.headers.get("content-type", ""), answer

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()


def _pinned(endpoint: str) -> tuple[str, str, str]:
    """Return an address with the endpoint's host name resolved, the Host header, and the name for TLS.

    Raises `EndpointError` if the name has no address, or a private one that the endpoint's IRI does not spell out.
    """
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise EndpointError("its host name has no address") from None
    address = str(found[0][4][0])
    spelt_out = host in ("localhost", address)
    if not spelt_out and not all(ipaddress.ip_address(str(entry[4][0])).is_global for entry in found):
        raise EndpointError("its host name leads to a private address")
    literal = f"[{address}]" if ":" in address else address
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return f"{parts.scheme}://{literal}:{port}{path}", parts.netloc.rpartition("@")[2], host


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, gateway: Gateway, *given: Any) -> None:
        self._gateway = gateway
        super().__init__(*given)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _MAX_QUERY_BYTES))
        status, content_type, answer = self._gateway.forward(self.path.lstrip("/"), body, dict(self.headers))
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Log nothing: the access log has the query that led here."""


#: Public endpoints that `--service-allow` knows by name.
WELL_KNOWN: dict[str, str] = {
    "dbpedia": "https://dbpedia.org/sparql",
    "eu-publications": "https://publications.europa.eu/webapi/rdf/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}


def open_federation(settings: Settings) -> Gateway | None:
    """Return the way to the endpoints that settings allow, by IRIs and well-known names; None if they allow none.

    Raises `CallError` for anything else.
    """
    allowed = frozenset(WELL_KNOWN.get(name, name) for name in settings.service_allow)
    for iri in allowed:
        if not iri.startswith(("http://", "https://")):
            known = ", ".join(sorted(WELL_KNOWN))
            raise CallError(f"'{iri}' is not an endpoint", hint=f"Give an http(s) IRI or one of: {known}.")
    return Gateway(allowed, max_bytes=settings.result_size * MIB) if allowed else None
