"""A store on loopback that answers every query as it was told to, however wrong."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

#: Sends an answer over the connection; the event is set when the test is over.
Script = Callable[[socket.socket, threading.Event], None]


def http(
    body: bytes, *, status: str = "200 OK", media_type: str = "application/sparql-results+json", **extra: str
) -> bytes:
    """Give an answer as bytes; `length=""` leaves its length out."""
    length = extra.pop("length", str(len(body)))
    headers = {"Content-Type": media_type, "Content-Length": length, "Connection": "close"}
    headers |= {name.replace("_", "-"): value for name, value in extra.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(answer: bytes) -> Script:
    """Send these bytes and hang up."""
    return lambda connection, _: connection.sendall(answer)


def send_and_hold(answer: bytes) -> Script:
    """Send these bytes and then nothing, without hanging up."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(answer)
        over.wait(60)

    return script


def drip(answer: bytes, *, at_once: int = 0) -> Script:
    """Send the first bytes at once, and from there on one every tenth of a second."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(answer[:at_once])
        for byte in answer[at_once:]:
            connection.sendall(bytes([byte]))
            if over.wait(0.1):
                return

    return script


def flood(start: bytes, piece: bytes) -> Script:
    """Send `start`, then `piece` for as long as anybody reads."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        while not over.is_set():
            connection.sendall(piece)

    return script


class FaultyStore:
    """Listens on a free port; set `script`. `requests` has what came in, head and body."""

    def __init__(self) -> None:
        self.script: Script = send(b"")
        self.requests: list[tuple[bytes, bytes]] = []
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/sparql"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            while len(body) < length:
                body += connection.recv(65536)
            self.requests.append((head, body))
            self.script(connection, self._over)

    def close(self) -> None:
        self._over.set()
        self._listener.close()
