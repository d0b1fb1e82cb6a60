"""Messages between the pool and a worker over a socket: lengths, a JSON header, and a body, sent in one piece."""

from __future__ import annotations

import json
import select
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!II")
#: Most messages fit into one piece. The memory for a larger one is mapped and unmapped each time, which takes longer
#: than all the rest of receiving it.
_PIECE = 64 * 1024


class Wire:
    """One end of a connection. A message is its header's and body's lengths, the header, and the body."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._poller = select.poll()
        self._poller.register(end, select.POLLIN)

    def send(self, header: dict[str, Any], body: bytes = b"") -> None:
        """Send a message. Raises `OSError` if the other end is gone."""
        text = json.dumps(header).encode()
        self._socket.sendall(b"".join((_LENGTHS.pack(len(text), len(body)), text, body)))

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """Wait for a message and return its header and body. Raises `EOFError` if the other end is gone."""
        data = bytearray(self._read())
        while len(data) < _LENGTHS.size:
            data += self._read()
        of_header, of_body = _LENGTHS.unpack_from(data)
        end = _LENGTHS.size + of_header
        while len(data) < end + of_body:
            data += self._read()
        return json.loads(data[_LENGTHS.size : end]), bytes(memoryview(data)[end : end + of_body])

    def _read(self) -> bytes:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise EOFError
        return piece

    def wait(self, seconds: float) -> bool:
        """Return whether a message, or the end, comes within the time."""
        return bool(self._poller.poll(max(0.0, seconds) * 1000))

    def send_file(self, handle: int) -> None:
        """Hand over an open file."""
        socket.send_fds(self._socket, [b"f"], [handle])

    def receive_file(self) -> int:
        """Take over an open file. Raises `EOFError` if none came."""
        _, handles, _, _ = socket.recv_fds(self._socket, 1, 1)
        if not handles:
            raise EOFError
        return handles[0]

    def close(self) -> None:
        """Close this end."""
        self._socket.close()
