"""The way out for queries with an allowed `SERVICE`: a small HTTP server on loopback that the engine is pointed at.

The engine's own HTTP client cannot be told what to refuse, so the query names this gateway instead of the endpoint.
The gateway resolves the endpoint's name once, refuses private addresses unless the endpoint was allowed by such an
address, connects to the address that it checked, follows no redirect, and bounds time and size.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx

_MAX_QUERY_BYTES = 1024 * 1024
_CHUNK = 64 * 1024
_USER_AGENT = "digitech-kg (federated query)"
_PASSED_ON = ("accept", "content-type")


class EndpointError(Exception):
    """An endpoint gave no usable answer; the text says why."""


class Gateway:
    """Forwards the engine's requests to allowed endpoints. Thread-safe; `close` it at the end."""

    def __init__(self, allowed: frozenset[str], *, max_bytes: int) -> None:
        self.allowed = allowed
        self._max_bytes = max_bytes
        self._targets: dict[str, tuple[str, float]] = {}
        self._failures: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="service gateway", daemon=True).start()

    def open_path(self, endpoint: str, timeout_s: float) -> tuple[str, str]:
        """Give a secret key and the address at which the engine reaches `endpoint` for the next `timeout_s` seconds."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._targets[key] = (endpoint, time.monotonic() + timeout_s)
        return key, f"http://127.0.0.1:{self._server.server_address[1]}/{key}"

    def close_path(self, key: str) -> str | None:
        """Forget a key; give what went wrong on it, if anything did."""
        with self._lock:
            self._targets.pop(key, None)
            return self._failures.pop(key, None)

    def forward(self, key: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Ask the endpoint behind a key; give its status, media type and body. Raises `EndpointError`."""
        with self._lock:
            target = self._targets.get(key)
        if target is None:
            raise EndpointError("no such path")
        endpoint, deadline = target
        try:
            return self._ask(endpoint, deadline, body, headers)
        except EndpointError as error:
            with self._lock:
                # Nobody asks any more about a path that was closed meanwhile.
                if key in self._targets:
                    self._failures[key] = f"{endpoint}: {error}"
            raise

    def _ask(self, endpoint: str, deadline: float, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        url, host, extensions = _pinned(endpoint)
        left = deadline - time.monotonic()
        if left <= 0:
            raise EndpointError("no time is left to ask it")
        send = {name: value for name, value in headers.items() if name.lower() in _PASSED_ON}
        send |= {"Host": host, "User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        received = bytearray()
        try:
            with (
                httpx.Client(timeout=left, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", url, content=body, headers=send, extensions=extensions) as response,
            ):
                for chunk in response.iter_raw(_CHUNK):
                    received += chunk
                    if len(received) > self._max_bytes:
                        raise EndpointError(f"answered with more than {self._max_bytes:,} bytes")
                    if time.monotonic() > deadline:
                        raise EndpointError("did not finish its answer in time")
        except httpx.TimeoutException:
            raise EndpointError("did not answer in time") from None
        except httpx.HTTPError as error:
            raise EndpointError(f"cannot be reached ({type(error).__name__})") from None
        if response.is_redirect:
            raise EndpointError("answered with a redirect, which is not followed")
        if response.status_code != 200:
            raise EndpointError(f"answered with status {response.status_code}")
        return 200, response.headers.get("content-type", ""), bytes(received)

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()


def _pinned(endpoint: str) -> tuple[str, str, dict[str, Any]]:
    """Give an address with the endpoint's host name resolved, the Host header, and the name for TLS.

    Raises `EndpointError` if the name has no address, or a private one that the endpoint's IRI does not spell out.
    """
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise EndpointError("its host name has no address") from None
    address = str(found[0][4][0])
    spelt_out = host == "localhost" or _is_address(host)
    if not spelt_out and not all(ipaddress.ip_address(str(entry[4][0])).is_global for entry in found):
        raise EndpointError("its host name leads to a private address")
    literal = f"[{address}]" if ":" in address else address
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return f"{parts.scheme}://{literal}:{port}{path}", parts.netloc.rpartition("@")[2], {"sni_hostname": host}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(min(length, _MAX_QUERY_BYTES))
            try:
                status, content_type, answer = gateway.forward(self.path.lstrip("/"), body, dict(self.headers))
            except EndpointError as error:
                status, content_type, answer = 502, "text/plain", str(error).encode()
            with suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing: the request log tells of the query that led here."""

    return Handler
