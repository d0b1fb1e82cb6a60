"""Answers to queries and rendered pages that are kept, bounded by bytes."""

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

_PAGES_BYTES = 32 * 1024 * 1024
_KEPT = frozenset({"text/html", "application/json"})


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """The body of an answer as it was sent, and its headers."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class AnswerCache:
    """Least recently used answers first out. Keys contain the snapshot's version, so nothing is ever stale."""

    def __init__(self, max_bytes: int) -> None:
        self._answers: LRUCache[str, CachedAnswer] = LRUCache(max_bytes, getsizeof=lambda a: len(a.body) + 500)
        self._lock = threading.Lock()
        #: A single answer may take an eighth.
        self.largest = max_bytes // 8

    def find(self, key: str) -> CachedAnswer | None:
        """Return the answer kept under the key, if there is one."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: str, answer: CachedAnswer) -> None:
        """Keep an answer, unless it is too large."""
        if len(answer.body) <= self.largest:
            with self._lock:
                self._answers[key] = answer


class PageCache:
    """The compressed bytes of pages by snapshot, address, language and coding; the least recently used go first.

    The tag contains a number of this process: another version of the program may render another page.
    """

    def __init__(self, service: QueryService) -> None:
        self._service, self._pages, self._process = service, AnswerCache(_PAGES_BYTES), uuid.uuid4().hex

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
        page = self._pages.find(g.page_tag)
        return Response(page.body, headers=list(page.headers)) if page is not None else None

    def _keep(self, response: Response) -> Response:
        if response.status_code not in (200, 304) or "page_tag" not in g:
            return response
        if self._service.snapshot.version != g.page_version:
            # A version was published while the page was made: it may be of both, so it is kept for nobody.
            response.headers["Cache-Control"] = "no-store"
            return response
        if response.status_code == 200 and response.mimetype in _KEPT and not response.content_encoding:
            headers = compress(response).headers
            kept = tuple((name, headers[name]) for name in ("Content-Type", "Content-Encoding") if name in headers)
            self._pages.keep(g.page_tag, CachedAnswer(response.get_data(), kept))
        response.vary.update(("Accept-Encoding", "Accept-Language"))
        response.set_etag(g.page_tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response
