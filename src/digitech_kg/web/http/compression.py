"""Content codings of responses (RFC 9110, section 8.4): zstd and gzip.

Answers of `/sparql` do not pass through Flask, so its extensions for compression would cover only half of the server.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import zstandard
from flask import Response, request
from werkzeug.http import parse_accept_header

#: Shorter bodies fit into one packet anyway.
_WORTH_CODING: Final = 1400
_LEVELS: Final = {"gzip": 6, "zstd": 3}
_BEST_LEVELS: Final = {"gzip": 9, "zstd": 19}
#: Statuses of answers without a body, or with a part of one.
_NOT_WHOLE: Final = frozenset({204, 206, 304})
_COMPRESSIBLE: Final = ("text/", "image/svg+xml", "application/json", "application/manifest+json")


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str, length: int | None = None) -> str:
    """Return the content coding for a body: `zstd`, `gzip`, or "" for none (RFC 9110, section 12.5.3)."""
    if not accept_encoding or (length is not None and length < _WORTH_CODING):
        return ""
    accepted = parse_accept_header(accept_encoding)
    best = max(_LEVELS, key=lambda coding: (accepted.quality(coding), coding))
    return best if accepted.quality(best) > 0 else ""


def coding_of_request(media_type: str, length: int | None = None) -> str:
    """Return the content coding for a body of the current request."""
    accepted = request.headers.get("Accept-Encoding", "")
    return choose_coding(accepted, length) if media_type.startswith(_COMPRESSIBLE) else ""


def encode(body: bytes, coding: str, *, best: bool = False) -> bytes:
    """Return a body in a content coding of `choose_coding`; with `best` it takes longer and gets smaller."""
    level = (_BEST_LEVELS if best else _LEVELS).get(coding, 0)
    if coding == "zstd":
        return zstandard.ZstdCompressor(level).compress(body)
    return gzip.compress(body, level, mtime=0) if coding == "gzip" else body


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


def compress(response: Response) -> Response:
    """Compress the body of a page or document, if it is whole, long enough, and the client accepts it."""
    media_type = response.mimetype or ""
    whole = not (response.is_streamed or response.direct_passthrough) and response.status_code not in _NOT_WHOLE
    if not whole or response.content_encoding or not media_type.startswith(_COMPRESSIBLE):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if coding := coding_of_request(media_type, len(body)):
        response.set_data(encode(body, coding))
        response.content_encoding = coding
        tag, _ = response.get_etag()
        if tag:
            # The bytes differ with the coding, the content does not.
            response.set_etag(tag, weak=True)
    return response
