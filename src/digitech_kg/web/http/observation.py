"""What operators see of a request: its id, metrics, and a line in the log."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

from digitech_kg.engine import QueryService
from digitech_kg.web.http.access_log import AccessLog

REQUEST_ID = "digitech_kg.request_id"
ROUTE = "digitech_kg.route"
OUTCOME = "digitech_kg.outcome"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}$")
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


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
        self._app, self._metrics, self._log = app, metrics, AccessLog()

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
        self._log.note(environ, status, seconds, outcome, request_id=environ[REQUEST_ID])


class _Observed:
    """A response body that reports when the server has sent it (PEP 3333, `close`)."""

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
