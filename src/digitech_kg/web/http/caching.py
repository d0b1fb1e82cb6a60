"""Compress answers and files, and cache them up to a number of bytes.

Answers of `/sparql` do not pass through Flask, so its extensions for compression would cover only half of the server.
"""

import gzip
import hashlib
import threading
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import zstandard
from cachetools import LRUCache
from flask import Blueprint, Response, g, request
from werkzeug.http import parse_accept_header

from digitech_kg.engine.request import QueryService, wanted_version
from digitech_kg.web.http.languages import current_language

#: Shorter bodies fit into one packet anyway.
_WORTH_CODING: Final = 1400
_LEVELS: Final = {"gzip": 6, "zstd": 3}
#: Pages are long and much alike inside, and some are kept: a few milliseconds make them a seventh shorter.
_PAGE_LEVELS: Final = {"gzip": 9, "zstd": 17}
BEST_LEVELS: Final = {"gzip": 9, "zstd": 19}
#: Statuses of answers without a body, or with a part of one.
_NOT_WHOLE: Final = frozenset({204, 206, 304})
_COMPRESSIBLE: Final = (
    *("text/", "image/svg+xml", "application/json", "application/manifest+json", "application/rdf+xml"),
    *("application/ld+json", "application/n-triples", "application/n-quads", "application/trig"),
)
_PAGES_BYTES = 32 * 1024 * 1024
_KEPT = frozenset({"text/html", "application/json"})


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str, length: int | None = None) -> str:
    """Return the content coding for a body: `zstd`, `gzip`, or "" for none (RFC 9110, section 12.5.3)."""
    if not accept_encoding or (length is not None and length < _WORTH_CODING):
        return ""
    accepted = parse_accept_header(accept_encoding)
    best = max(_LEVELS, key=lambda coding: (accepted.quality(coding), coding))
    return best if accepted.quality(best) > 0 else ""


def coding_of_request(media_type: str, length: int | None = None) -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    return choose_coding(accepted, length) if media_type.startswith(_COMPRESSIBLE) else ""


def encode(body: bytes, coding: str, levels: Mapping[str, int] = _LEVELS) -> bytes:
    """Return a body in a content coding of `choose_coding`; at higher levels it takes longer and comes out smaller."""
    level = levels.get(coding, 0)
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
    yield from filter(None, map(coder.compress, chunks))
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
        response.set_data(encode(body, coding, _PAGE_LEVELS if media_type == "text/html" else _LEVELS))
        response.content_encoding = coding
    return response


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    body: bytes
    headers: tuple[tuple[str, str], ...]


class AnswerCache:
    """Drops the least recently used answers first. Keys contain the snapshot's version, so nothing is ever stale."""

    def __init__(self, max_bytes: int) -> None:
        self._answers: LRUCache[str, CachedAnswer] = LRUCache(max_bytes, getsizeof=lambda a: len(a.body) + 500)
        self._lock = threading.Lock()

    def find(self, key: str) -> CachedAnswer | None:
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: str, answer: CachedAnswer) -> None:
        """Keep an answer, unless it would take more than an eighth of the room."""
        if len(answer.body) <= self._answers.maxsize // 8:
            with self._lock:
                self._answers[key] = answer


class PageCache:
    """The compressed bytes of pages by snapshot, address, language and coding; the least recently used go first.

    The tag contains a number of this process: another version of the program may render another page.
    """

    def __init__(self, service: QueryService) -> None:
        self._service, self._pages, self._process = service, AnswerCache(_PAGES_BYTES), uuid.uuid4().hex

    def attach(self, blueprint: Blueprint, *, is_negotiated: bool = False) -> None:
        blueprint.before_request(partial(self._find, is_negotiated=is_negotiated))
        blueprint.after_request(self._keep)

    def _find(self, *, is_negotiated: bool) -> Response | None:
        g.page_version = self._service.snapshot.version
        # A page of the past says so, even if its version is still current.
        version = wanted_version() or ""
        language, coding = current_language(), coding_of_request("text/html")
        accept = request.headers.get("Accept", "") if is_negotiated else ""
        parts = (self._process, g.page_version, version, request.full_path, language, request.url_root, coding, accept)
        g.page_tag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
        if request.if_none_match.contains_weak(g.page_tag):
            return Response(status=304)
        page = self._pages.find(g.page_tag)
        return Response(page.body, headers=list(page.headers)) if page is not None else None

    def _keep(self, response: Response) -> Response:
        if response.status_code not in (200, 304) or "page_tag" not in g:
            return response
        if self._service.snapshot.version != g.page_version:
            # A version was published while the page was made. It may mix both, so it isn't kept.
            response.headers["Cache-Control"] = "no-store"
            return response
        if response.status_code == 200 and response.mimetype in _KEPT and not response.content_encoding:
            headers = compress(response).headers
            kept = tuple(
                (name, headers[name]) for name in ("Content-Type", "Content-Encoding", "Link") if name in headers
            )
            self._pages.keep(g.page_tag, CachedAnswer(response.get_data(), kept))
        response.vary.update(("Accept-Encoding", "Accept-Language"))
        response.set_etag(g.page_tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response
