"""What operators see: a request id, metrics and a structured log line for every request."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

from digitech_kg.engine import QueryService

REQUEST_ID = "digitech_kg.request_id"
ROUTE = "digitech_kg.route"
OUTCOME = "digitech_kg.outcome"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}$")
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LOG = logging.getLogger("digitech_kg.access")


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
    """Gauges that are read when somebody asks."""

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
        self._app, self._metrics = app, metrics

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = environ[REQUEST_ID] = given if _GIVEN_ID.match(given) else os.urandom(16).hex()
        statuses: list[int] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, [*headers, ("X-Request-Id", request_id)], *rest)

        body = self._app(environ, start)
        if isinstance(body, tuple):
            # A body that is whole already is as good as sent.
            self._note(environ, statuses[-1], started)
            return body
        return _Observed(body, lambda: self._note(environ, statuses[-1] if statuses else 500, started))

    def _note(self, environ: Mapping[str, Any], status: int, started: float) -> None:
        seconds = time.perf_counter() - started
        route = environ.get(ROUTE, "other")
        outcome: dict[str, Any] = environ.get(OUTCOME, {})
        self._metrics.count(route, status, outcome.get("outcome", ""), seconds)
        if _LOG.isEnabledFor(logging.INFO):
            _LOG.info(environ["REQUEST_METHOD"], extra={"request": _log_record(environ, status, seconds, outcome)})


class _Observed:
    """A response body that says when the server is done with it (PEP 3333, `close`)."""

    def __init__(self, body: Iterable[bytes], done: Callable[[], None]) -> None:
        self._body, self._done = body, done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            self._done()


def _log_record(
    environ: Mapping[str, Any], status: int, seconds: float, outcome: Mapping[str, Any]
) -> dict[str, object]:
    """Give what is logged of a request: never a header, a body or a query's text."""
    record: dict[str, object] = {
        "request_id": environ[REQUEST_ID],
        "method": environ["REQUEST_METHOD"],
        "path": environ.get("PATH_INFO", ""),
        "status": status,
        "duration_ms": round(seconds * 1000, 2),
    }
    for name in ("outcome", "bytes", "format"):
        if name in outcome:
            record[name] = outcome[name]
    if query := outcome.get("query"):
        record["query_sha256"] = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if count := outcome.get("count_rows"):
        record["rows"] = count()
    return record


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
    def format(self, record: logging.LogRecord) -> str:
        fields = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        request: dict[str, object] | None = getattr(record, "request", None)
        if request is None:
            request = {"message": super().format(record)}
        return json.dumps({**fields, **request}, ensure_ascii=False)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        request: dict[str, object] | None = getattr(record, "request", None)
        if request is None:
            return super().format(record)
        rest = " ".join(f"{k}={v}" for k, v in request.items() if k in ("outcome", "rows", "bytes", "request_id"))
        return f"{request['method']} {request['path']} {request['status']} {request['duration_ms']} ms {rest}"
