"""Pages kept for whoever opens them again, for as long as the snapshot is current, with ETag and 304."""

from __future__ import annotations

import gzip
import hashlib
import threading
import uuid

from cachetools import LRUCache
from flask import Blueprint, Response, g, request

from digitech_kg.engine import QueryService
from digitech_kg.engine.moments import wanted_version
from digitech_kg.web.http.languages import current_language

_MOST_BYTES = 32 * 1024 * 1024
#: Bytes below which compressing gains nothing.
_WORTHWHILE = 1400
_KEPT = frozenset({"text/html", "application/json"})


class PageCache:
    """The compressed bytes of pages by snapshot, address and language; least recently used pages first out.

    The tag contains a number of this process: another version of the program may render another page.
    """

    def __init__(self, service: QueryService, *, max_bytes: int = _MOST_BYTES) -> None:
        self._service = service
        self._pages: LRUCache[str, tuple[str, bytes]] = LRUCache(max_bytes, getsizeof=lambda page: len(page[1]))
        self._lock = threading.Lock()
        self._process = uuid.uuid4().hex

    def attach(self, blueprint: Blueprint) -> None:
        """Keep the GET pages of a blueprint."""
        blueprint.before_request(self._find)
        blueprint.after_request(self._keep)

    def _find(self) -> Response | None:
        g.page_version = self._service.snapshot.version
        # A page of the past says so, also that of a version which is current still.
        moment = wanted_version() or ""
        parts = (self._process, g.page_version, moment, request.full_path, current_language(), request.url_root)
        g.page_tag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
        if request.if_none_match.contains_weak(g.page_tag):
            return Response(status=304)
        with self._lock:
            page = self._pages.get(g.page_tag)
        return _send(*page) if page is not None else None

    def _keep(self, response: Response) -> Response:
        if response.status_code not in (200, 304) or "page_tag" not in g:
            return response
        if self._service.snapshot.version != g.page_version:
            # A version was published while the page was made: it may be of both, so it is kept for nobody.
            response.headers["Cache-Control"] = "no-store"
            return response
        if response.status_code == 200 and response.mimetype in _KEPT and not response.content_encoding:
            body = gzip.compress(response.get_data(), compresslevel=6, mtime=0)
            if len(body) <= self._pages.maxsize // 8:
                with self._lock:
                    self._pages[g.page_tag] = (response.content_type, body)
            if _takes_gzip():
                response.set_data(body)
                response.content_encoding = "gzip"
        response.vary.update(("Accept-Encoding", "Accept-Language"))
        response.set_etag(g.page_tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response


def compress_page(response: Response) -> Response:
    """Compress a page that is not kept, if it is long and the client takes gzip."""
    if response.mimetype != "text/html" or response.content_encoding or response.status_code == 304:
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed or len(response.get_data()) < _WORTHWHILE or not _takes_gzip():
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
    response.content_encoding = "gzip"
    tag, _ = response.get_etag()
    if tag:
        # The bytes differ with the coding, the content does not.
        response.set_etag(tag, weak=True)
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def _send(content_type: str, body: bytes) -> Response:
    """Give a kept page, unpacked for the few clients that do not take gzip."""
    if not _takes_gzip():
        return Response(gzip.decompress(body), content_type=content_type)
    return Response(body, content_type=content_type, headers={"Content-Encoding": "gzip"})
