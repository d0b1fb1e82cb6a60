"""Tell one dataset from another by a number that a change can bring up to date without reading the rest.

The digest is the sum, modulo 2^256, of the SHA-256 of each N-Quads line: the order of the quads does not matter, and a
quad is added or taken away by adding or subtracting its own hash. It names datasets; it is no proof against forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

_MODULUS: Final = 1 << 256


def content_digest(added: Iterable[bytes], *, removed: Iterable[bytes] = (), before: str = f"{0:064x}") -> str:
    """Return the digest, 64 hexadecimal digits, after adding and removing N-Quads lines, with or without their ends.

    `before` is the digest of the dataset that they are added to and removed from; by default that of the empty one.
    """
    total = int(before, 16) + sum(map(_hash, added)) - sum(map(_hash, removed))
    return f"{total % _MODULUS:064x}"


def _hash(line: bytes) -> int:
    return int.from_bytes(hashlib.sha256(line.rstrip(b"\n")).digest())
