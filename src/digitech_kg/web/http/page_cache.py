"""Rendered pages kept while their snapshot is current, with ETag and 304."""

from __future__ import annotations

import hashlib
import threading
import uuid
from dataclasses import dataclass

from cachetools import LRUCache
from flask import Blueprint, Response, g, request

from digitech_kg.engine import QueryService
from digitech_kg.engine.versions import wanted_version
from digitech_kg.web.http.compression import coding_of_request, compress
from digitech_kg.web.http.languages import current_language

_MOST_BYTES = 32 * 1024 * 1024
_KEPT = frozenset({"text/html", "application/json"})


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    content_type: str | None
    coding: str | None

    @classmethod
    def of(cls, response: Response) -> _Page:
        return cls(response.get_data(), response.content_type, response.content_encoding)

    def response(self) -> Response:
        headers = {"Content-Encoding": self.coding} if self.coding else {}
        return Response(self.body, content_type=self.content_type, headers=headers)


class PageCache:
    """The compressed bytes of pages by snapshot, address, language and coding; the least recently used go first.

    The tag contains a number of this process: another version of the program may render another page.
    """

    def __init__(self, service: QueryService, *, max_bytes: int = _MOST_BYTES) -> None:
        self._service = service
        self._pages: LRUCache[str, _Page] = LRUCache(max_bytes, getsizeof=lambda page: len(page.body))
        self._lock = threading.Lock()
        self._process = uuid.uuid4().hex

    def attach(self, blueprint: Blueprint) -> None:
        """Keep the GET pages of a blueprint."""
        blueprint.before_request(self._find)
        blueprint.after_request(self._keep)

    def _find(self) -> Response | None:
        g.page_version = self._service.snapshot.version
        # A page of the past says so, also that of a version which is current still.
        version = wanted_version() or ""
        language, coding = current_language(), coding_of_request("text/html")
        parts = (self._process, g.page_version, version, request.full_path, language, request.url_root, coding)
        g.page_tag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
        if request.if_none_match.contains_weak(g.page_tag):
            return Response(status=304)
        with self._lock:
            page = self._pages.get(g.page_tag)
        return page.response() if page is not None else None

    def _keep(self, response: Response) -> Response:
        if response.status_code not in (200, 304) or "page_tag" not in g:
            return response
        if self._service.snapshot.version != g.page_version:
            # A version was published while the page was made: it may be of both, so it is kept for nobody.
            response.headers["Cache-Control"] = "no-store"
            return response
        if response.status_code == 200 and response.mimetype in _KEPT and not response.content_encoding:
            page = _Page.of(compress(response))
            if len(page.body) <= self._pages.maxsize // 8:
                with self._lock:
                    self._pages[g.page_tag] = page
        response.vary.update(("Accept-Encoding", "Accept-Language"))
        response.set_etag(g.page_tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response
