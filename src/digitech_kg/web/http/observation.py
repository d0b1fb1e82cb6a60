"""What operators see of a request: its id, metrics, and a line in the log."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import os
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing.util import Finalize
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from werkzeug.wsgi import ClosingIterator

from digitech_kg.engine import QueryService

#: Characters that stand unescaped in a path (RFC 3986, section 3.3), besides letters and digits.
PATH: Final = "/:@!$&'()*+,;=~"
#: Seconds between two batches of lines.
_DELAY_S = 0.1
_LOG = logging.getLogger("digitech_kg.access")
REQUEST_ID = "digitech_kg.request_id"
ROUTE = "digitech_kg.route"
OUTCOME = "digitech_kg.outcome"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}$")
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class _Entry(NamedTuple):
    at: float
    request_id: str
    method: str
    path: str
    status: int
    seconds: float
    outcome: Mapping[str, Any]

    def fields(self) -> dict[str, object]:
        """Return what is logged of a request: never a header, a body or a query's text."""
        fields: dict[str, object] = {
            "request_id": self.request_id,
            "method": self.method,
            # As in the request line: unescaped characters could end the line or control a terminal.
            "path": quote(self.path.encode("latin-1", "replace"), safe=PATH),
            "status": self.status,
            "duration_ms": round(self.seconds * 1000, 2),
        }
        fields |= {name: self.outcome[name] for name in ("outcome", "bytes", "format") if name in self.outcome}
        if query := self.outcome.get("query"):
            fields["query_sha256"] = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return fields


class _AccessLog:
    """Collects requests and writes them to the log in a thread of its own, started with the first one. Thread-safe."""

    def __init__(self) -> None:
        self._pending: deque[_Entry] = deque()
        self._lock, self._started = threading.Lock(), False

    def note(self, entry: _Entry) -> None:
        """Have a line written about a request."""
        self._pending.append(entry)
        if not self._started:
            with self._lock:
                if not self._started:
                    self._started = True
                    threading.Thread(target=self._write_on, name="access log", daemon=True).start()
                    # Unlike `atexit`, this runs in the server's own process too, which is a child of the one started.
                    Finalize(None, self._flush, exitpriority=1)

    def _write_on(self) -> None:
        while True:
            time.sleep(_DELAY_S)
            self._flush()

    def _flush(self) -> None:
        with self._lock:
            while self._pending:
                entry = self._pending.popleft()
                record = _LOG.makeRecord(_LOG.name, logging.INFO, "", 0, entry.method, (), None)
                record.created, record.request = entry.at, entry.fields()
                _LOG.handle(record)


def configure_logging(style: str) -> None:
    """Send the log to stderr as `json` lines or `text`; `auto` is text in a terminal, else json; `off` logs nothing."""
    logger = logging.getLogger("digitech_kg")
    logger.handlers.clear()
    logger.propagate = False
    if style == "off":
        logger.setLevel(logging.CRITICAL)
        return
    as_text = style == "text" or (style == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(_TextFormatter() if as_text else _JsonFormatter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


class _JsonFormatter(logging.Formatter):
    _encode = json.JSONEncoder(ensure_ascii=False).encode

    def format(self, record: logging.LogRecord) -> str:
        fields = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        request = getattr(record, "request", None)
        return self._encode(fields | (request or {"message": super().format(record)}))


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        request: dict[str, object] | None = getattr(record, "request", None)
        if request is None:
            return super().format(record)
        rest = " ".join(f"{k}={v}" for k, v in request.items() if k in ("outcome", "bytes", "request_id"))
        return f"{request['method']} {request['path']} {request['status']} {request['duration_ms']} ms {rest}"


class Metrics:
    """Counters of one application, in a registry of its own."""

    def __init__(self, service: QueryService) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "digitech_kg_requests", "Requests by route, status and outcome.", ["route", "status", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "digitech_kg_request_seconds", "Time until the response was sent.", ["route"],
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.registry.register(_EngineCollector(service))
        #: Looking a labelled counter up costs more than counting.
        self._counters: dict[tuple[str, int, str], tuple[Counter, Histogram]] = {}

    def count(self, route: str, status: int, outcome: str, seconds: float) -> None:
        """Count one request."""
        key = (route, status, outcome)
        if key not in self._counters:
            self._counters[key] = (
                self.requests.labels(route, str(status), outcome),
                self.seconds.labels(route),
            )
        requests, times = self._counters[key]
        requests.inc()
        times.observe(seconds)


class _EngineCollector:
    """Gauges that are read when metrics are requested."""

    def __init__(self, service: QueryService) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, value in self._service.load().items():
            yield GaugeMetricFamily(f"digitech_kg_engine_{name}", f"Query engine: {name} now.", value=value)
        if (quads := self._service.known_quads()) is not None:
            yield GaugeMetricFamily("digitech_kg_quads", "Quads in the current snapshot.", value=quads)


class Observer:
    """A WSGI middleware that gives every request an id, counts it and logs it when its response was sent."""

    def __init__(self, app: Callable[..., Iterable[bytes]], metrics: Metrics) -> None:
        self._app, self._metrics, self._log = app, metrics, _AccessLog()
        #: What ids of requests begin with, and what tells them apart.
        self._process, self._numbers = os.urandom(8).hex(), itertools.count()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = environ[REQUEST_ID] = given if _GIVEN_ID.match(given) else self._new_id()
        statuses: list[int] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, [*headers, ("X-Request-Id", request_id)], *rest)

        body = self._app(environ, start)
        if isinstance(body, tuple):
            # A body that is already whole counts as sent.
            self._note(environ, statuses[-1], started)
            return body
        return ClosingIterator(body, lambda: self._note(environ, statuses[-1] if statuses else 500, started))

    def _new_id(self) -> str:
        return f"{self._process}{next(self._numbers):016x}"

    def _note(self, environ: Mapping[str, Any], status: int, started: float) -> None:
        seconds = time.perf_counter() - started
        route = environ.get(ROUTE, "other")
        outcome: dict[str, Any] = environ.get(OUTCOME, {})
        self._metrics.count(route, status, outcome.get("outcome", ""), seconds)
        if _LOG.isEnabledFor(logging.INFO):
            method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
            self._log.note(_Entry(time.time(), environ[REQUEST_ID], method, path, status, seconds, outcome))
