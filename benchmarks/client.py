"""A client that costs little: one thread, plain sockets kept open, so that only the server is measured."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


class Failed(Exception):
    """The server gave something other than the expected answer."""


class Closed(Failed):
    """The server closed the connection."""


@dataclass(frozen=True)
class Endpoint:
    """The URL of a SPARQL endpoint, and how a query becomes a request there."""

    url: str

    def address(self) -> tuple[str, int]:
        """Return host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 80

    def request(self, query: str, *, accept: str, etag: str = "") -> bytes:
        """Return the bytes of a GET request."""
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        path = f"{urlsplit(self.url).path}?query={quote(query, safe='')}"
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n{condition}\r\n".encode()


@dataclass
class Reply:
    """A reply as it comes in."""

    data: bytearray
    head_end: int = -1
    length: int | None = None

    def add(self, piece: bytes) -> bool:
        """Take more bytes, and return whether the reply is complete."""
        self.data += piece
        if self.head_end < 0:
            self.head_end = self.data.find(b"\r\n\r\n")
            if self.head_end < 0:
                return False
            length = self.header("content-length")
            self.length = int(length) if length else (0 if self.status == 304 else None)
        if self.length is not None:
            return len(self.data) >= self.head_end + 4 + self.length
        # Chunked; no result format used here contains this sequence.
        return self.data.endswith(b"\r\n0\r\n\r\n")

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.data[9:12])

    def header(self, name: str) -> str:
        """Return a header's value; empty if there is none."""
        for line in bytes(self.data[: self.head_end]).decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


class Connection:
    """One connection that stays open."""

    def __init__(self, endpoint: Endpoint, *, timeout_s: float = 120) -> None:
        self.socket = socket.create_connection(endpoint.address(), timeout=timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[Reply, float]:
        """Send a request, and return the whole reply and the seconds that it took. Raises `TimeoutError`."""
        reply = Reply(bytearray())
        started = time.perf_counter()
        self.socket.sendall(request)
        while not reply.add(_receive(self.socket)):
            pass
        seconds = time.perf_counter() - started
        if reply.status not in (200, 304):
            raise Failed(bytes(reply.data[:500]).decode("utf-8", "replace"))
        return reply, seconds

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()


def _receive(connection: socket.socket) -> bytes:
    piece = connection.recv(1 << 20)
    if not piece:
        raise Closed("the server closed the connection")
    return piece


def measure_throughput(
    endpoint: Endpoint, make_request: Callable[[int], bytes], *, clients: int, seconds: float
) -> float:
    """Return complete replies per second for a number of clients that ask again as soon as they have their reply."""
    selector = selectors.DefaultSelector()
    connections = [Connection(endpoint) for _ in range(clients)]
    replies: dict[socket.socket, Reply] = {}
    number = done = 0
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ)
        replies[connection.socket] = Reply(bytearray())
        connection.socket.sendall(make_request(number))
        number += 1
    started = now = time.perf_counter()
    while now - started < seconds:
        for key, _ in selector.select(timeout=1):
            current: socket.socket = key.fileobj  # type: ignore[assignment]
            if replies[current].add(_receive(current)):
                if replies[current].status not in (200, 304):
                    raise Failed(bytes(replies[current].data[:500]).decode("utf-8", "replace"))
                done += 1
                replies[current] = Reply(bytearray())
                current.sendall(make_request(number))
                number += 1
        now = time.perf_counter()
    selector.close()
    for connection in connections:
        connection.close()
    return done / (now - started)
