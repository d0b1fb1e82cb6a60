"""Give blank nodes in JSON results labels that the parser accepts.

The format lets a label be any string (SPARQL 1.1 Query Results JSON Format, section 3.2.2), and Virtuoso writes
`nodeID://b1`; the parser accepts only labels of Turtle.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO

_CHUNK = 256 * 1024
#: Quotation marks inside JSON strings are escaped, so this can only match the members of a term.
_BLANK_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")([^"{}\\]+)(")')
#: Labels that stay; those that look like ours do not, so that no two nodes become one.
_KEPT = re.compile(rb"(?!x[0-9a-f]+$)[A-Za-z0-9][A-Za-z0-9_]*$")


def relabel_blank_nodes(source: IO[bytes]) -> IO[bytes]:
    """Return a stream of the same JSON results in which every blank node has a plain label.

    >>> relabel_blank_nodes(io.BytesIO(b'{"x": {"type": "bnode", "value": "n:1"}}')).read()
    b'{"x": {"type": "bnode", "value": "x6e3a31"}}'
    """
    return io.BufferedReader(_Pieces(_iter_relabelled(source)), _CHUNK)


def _iter_relabelled(source: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := source.read(_CHUNK):
        # No term is cut in two: what follows the last bracket waits for the next chunk.
        whole, bracket, rest = (rest + chunk).rpartition(b"{")
        rest = bracket + rest
        yield _BLANK_NODE.sub(_relabel, whole)
    yield _BLANK_NODE.sub(_relabel, rest)


def _relabel(match: re.Match[bytes]) -> bytes:
    label = match[2] if _KEPT.match(match[2]) else b"x" + match[2].hex().encode()
    return match[1] + label + match[3]


class _Pieces(io.RawIOBase):
    """A readable file over an iterator of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        """Fill `target` as far as one piece goes; 0 at the end."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        size = min(len(target), len(self._left))
        target[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
