"""A response before it is anybody's: status, headers and body, with content coding."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import zstandard
from werkzeug.http import parse_accept_header

#: Shorter bodies fit into one packet anyway.
_WORTH_CODING = 1400
_LEVELS = {"gzip": 6, "zstd": 3}


@dataclass
class Reply:
    """What a request is answered with; `close` is called when the body was sent or the client is gone."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    close: Callable[[], None] = lambda: None
    #: For the log: outcome, bytes, rows and so on.
    outcome: dict[str, object] = field(default_factory=dict)


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str, length: int | None = None) -> str:
    """Give the content coding for a body: `zstd`, `gzip`, or "" for none (RFC 9110, section 12.5.3)."""
    if not accept_encoding or (length is not None and length < _WORTH_CODING):
        return ""
    accepted = parse_accept_header(accept_encoding)
    best = max(_LEVELS, key=lambda coding: (accepted.quality(coding), coding))
    return best if accepted.quality(best) > 0 else ""


def encode(body: bytes, coding: str) -> bytes:
    """Give a body in a content coding of `choose_coding`."""
    return b"".join(encode_chunks([body], coding))


def encode_chunks(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield chunks in a content coding, holding little of the body at a time."""
    if not coding:
        yield from chunks
        return
    coder = (
        zlib.compressobj(_LEVELS["gzip"], zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        if coding == "gzip"
        else zstandard.ZstdCompressor(_LEVELS["zstd"]).compressobj()
    )
    for chunk in chunks:
        if piece := coder.compress(chunk):
            yield piece
    yield coder.flush()
