"""Handle a request before Flask does: its id, log and metrics, its body, `?asOf=`, and calls of `/sparql`."""

import hashlib
import itertools
import json
import logging
import os
import re
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl, quote, urlencode

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from werkzeug.wsgi import ClosingIterator, LimitedStream

from digitech_kg.engine.request import QueryService, as_of
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import Busy, CallError, DigitechError, NotFound
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.limits import is_unannounced
from digitech_kg.web.http.negotiation import prefers_page
from digitech_kg.web.http.problems import REFUSED, Reply, incident, problem_reply

#: Seconds between two batches of lines of the log.
_LOG_DELAY_S: Final = 0.1
_LOG: Final = logging.getLogger("digitech_kg.access")
#: A WSGI application.
Application = Callable[..., Iterable[bytes]]

#: Characters that stand unescaped in a path (RFC 3986, section 3.3), besides letters and digits.
PATH: Final = "/:@!$&'()*+,;=~"
_HOST: Final = re.compile(r"([A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE", "QUERY"})
_READING: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS"})
_PARAMETER: Final = "asOf"
_NAMED: Final = re.compile(rf"(?:^|&){_PARAMETER}=")
_TABLES: Final = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))
#: The headers of every answer, and of those to a preflight request.
HEADERS: Final[dict[str, str]] = _TABLES["always"]
PREFLIGHT: Final[dict[str, str]] = _TABLES["preflight"]
_ENDPOINT_METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY"})
_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,64}$")
_BUCKETS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
#: What the environment of a request holds for these applications.
REQUEST_ID: Final = "digitech_kg.request_id"
ROUTE: Final = "digitech_kg.route"
OUTCOME: Final = "digitech_kg.outcome"
#: Most characters that are read of Accept headers: results are cached by header, and a client may send any length
#: (RFC 9110, section 12.1, leaves it to the server).
_LONGEST_HEADER: Final = 4096
#: The length from which an answer is sent in several pieces.
_LONG: Final = 64 * 1024
#: The statuses of answers without a body, whose length isn't told.
_BODILESS: Final = ("204", "304")
_HEADER_LIST: Final = list(HEADERS.items())
_REASONS: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Metrics:
    """Counters and gauges of one application, in a registry of its own."""

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
        self._service = service
        self.registry.register(self)

    def count(self, route: str, status: int, outcome: str, seconds: float) -> None:
        self.requests.labels(route, str(status), outcome).inc()
        self.seconds.labels(route).observe(seconds)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges of the engine, which are read when metrics are requested."""
        for name, value in self._service.load().items():
            yield GaugeMetricFamily(f"digitech_kg_engine_{name}", f"Query engine: {name} now.", value=value)
        if (quads := self._service.known_quads()) is not None:
            yield GaugeMetricFamily("digitech_kg_quads", "Quads in the current snapshot.", value=quads)


class Middleware:
    """A WSGI application before Flask's: what each request passes, in the order of its methods.

    A request that is refused goes to Flask with the error in its environment, under `REFUSED`.
    """

    def __init__(
        self,
        app: Application,
        service: QueryService,
        respond: Callable[[dict[str, Any]], Reply | None],
        metrics: Metrics,
        most_bodies: int,
    ) -> None:
        self._app, self._service, self._metrics = app, service, metrics
        #: Answers what programs ask of `/sparql`; returns None for what it passes on.
        self._respond = respond
        # The server has no deadline for a body, and a thread that waits for one can't be called back.
        self._most_bodies, self._bodies = most_bodies, threading.BoundedSemaphore(most_bodies)
        # Nor has it one for clients that don't read, and a thread sends each long answer.
        self._sending = threading.BoundedSemaphore(most_bodies)
        self._log, self._process, self._numbers = _AccessLog(), os.urandom(8).hex(), itertools.count()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Give a request an id; count it and log it when its response was sent."""
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        made = f"{self._process}{next(self._numbers):016x}"
        request_id = environ[REQUEST_ID] = given if _GIVEN_ID.match(given) else made
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
            told[:] = status, headers, *rest

        body, is_long = self._with_body(environ, start), False
        if not isinstance(body, tuple) and _is_long(*told[:2]):
            is_long = self._sending.acquire(blocking=False)
            body = body if is_long else self._refuse(environ, start, body)
        status, headers, *rest = told
        start_response(status, [*headers, ("X-Request-Id", request_id)], *rest)
        number = int(status[:3])
        if isinstance(body, tuple):
            # A body that is already whole counts as sent.
            self._note(environ, number, started)
            return body

        def finish() -> None:
            if is_long:
                self._sending.release()
            self._note(environ, number, started)

        return ClosingIterator(body, finish)

    def _refuse(self, environ: dict[str, Any], start: Callable[..., Any], body: Iterable[bytes]) -> Iterable[bytes]:
        """Refuse to send a long answer while many others are being sent: clients may read as slowly as they like."""
        ClosingIterator(body).close()
        hint, most = "Wait as long as Retry-After says and ask again.", self._most_bodies
        message = f"{most} long answers are already being sent"
        environ[REFUSED] = Busy(message, limit="answers", value=most, unit="answers", hint=hint)
        return self._app(environ, start)

    def _note(self, environ: Mapping[str, Any], status: int, started: float) -> None:
        seconds = time.perf_counter() - started
        outcome = environ.get(OUTCOME, {}).get("outcome", "")
        self._metrics.count(environ.get(ROUTE, "other"), status, outcome, seconds)
        # Monitoring asks every few seconds, which would hide the requests of people.
        if environ.get("PATH_INFO") != "/healthz" and _LOG.isEnabledFor(logging.INFO):
            self._log.note(environ, status, seconds)

    def _with_body(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Raise an error unless a body is as long as announced; limit how many requests have one at a time."""
        if environ["REQUEST_METHOD"] not in _WITH_BODY:
            return self._at_version(environ, start)
        if not self._bodies.acquire(blocking=False):
            hint, most = "Wait as long as Retry-After says and ask again.", self._most_bodies
            message = f"{most} requests with a body are already running"
            environ[REFUSED] = Busy(message, limit="bodies", value=most, unit="requests", hint=hint)
            return self._app(environ, start)
        try:
            if not is_unannounced(environ) and (length := environ.get("CONTENT_LENGTH") or "").isdigit():
                environ["wsgi.input"] = _Announced(environ["wsgi.input"], int(length))
            return self._at_version(environ, start)
        finally:
            self._bodies.release()

    def _at_version(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request with `?asOf=` from that version."""
        query_string = environ.get("QUERY_STRING", "")
        if "asOf=" not in query_string or _NAMED.search(query_string) is None:
            return self._answer(environ, start_response)
        try:
            snapshot = _find_past(environ, self._service)
        except DigitechError as error:
            environ[REFUSED] = error
            return self._app(environ, start_response)

        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            headers = [(name, _as_of(value, snapshot) if name == "Location" else value) for name, value in given]
            if not any(name == "Dataset-Version" for name, _ in headers):
                headers.append(("Dataset-Version", snapshot.version))
            return start_response(status, headers, *rest)

        with as_of(snapshot.version):
            return self._answer(environ, start)

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer what programs ask of `/sparql`, and leave the rest to Flask."""
        for name in ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING"):
            environ[name] = environ.get(name, "")[:_LONGEST_HEADER]
        is_query = environ.get("PATH_INFO") == "/sparql" and environ["REQUEST_METHOD"] in _ENDPOINT_METHODS
        if not is_query or prefers_page(environ["HTTP_ACCEPT"]):
            return self._app(environ, start)
        environ[ROUTE] = "/sparql"
        try:
            check_host(environ)
            reply = self._respond(environ)
        except DigitechError as error:
            reply = problem_reply(error)
        except Exception as error:
            reply = problem_reply(incident(error))
        if reply is None:
            return self._app(environ, start)
        environ[OUTCOME] = reply.outcome
        start(_REASONS.get(reply.status, f"{reply.status} Error"), reply.headers + _HEADER_LIST)
        if environ["REQUEST_METHOD"] == "HEAD":
            reply.close()
            return ()
        return reply.body if isinstance(reply.body, tuple) else ClosingIterator(reply.body, reply.close)


def _is_long(status: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer may need more than one piece, so that a thread waits until the client has read it."""
    if status.startswith(_BODILESS):
        return False
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    return not length.isdigit() or int(length) > _LONG


class _AccessLog:
    """Collects requests and writes them to the log in batches, beside the requests. Thread-safe."""

    def __init__(self) -> None:
        self._pending, self._lock = list[tuple[float, Mapping[str, Any], int, float]](), threading.Lock()
        # Unlike `atexit`, this runs in the server's own process too, which is a child of the one started.
        Finalize(None, self._flush, exitpriority=1)

    def note(self, environ: Mapping[str, Any], status: int, seconds: float) -> None:
        """Have a line written about a request that was answered after some seconds."""
        with self._lock:
            if not self._pending:
                threading.Timer(_LOG_DELAY_S, self._flush).start()
            self._pending.append((time.time(), environ, status, seconds))

    def _flush(self) -> None:
        with self._lock:
            noted, self._pending = self._pending, []
        for at, environ, status, seconds in noted:
            told = _logged(environ, status, seconds)
            text = " ".join(f"{name}={value}" for name, value in told.items())
            record = _LOG.makeRecord(_LOG.name, logging.INFO, "", 0, text, (), None)
            record.created, record.request = at, told
            _LOG.handle(record)


def _logged(environ: Mapping[str, Any], status: int, seconds: float) -> dict[str, object]:
    """Return what is logged of a request: never a header, a body or a query's text."""
    outcome: Mapping[str, Any] = environ.get(OUTCOME, {})
    fields: dict[str, object] = {
        "request_id": environ[REQUEST_ID],
        "method": environ["REQUEST_METHOD"],
        # As in the request line: unescaped characters could end the line or control a terminal.
        "path": quote(environ.get("PATH_INFO", "").encode("latin-1", "replace"), safe=PATH),
        "status": status,
        "duration_ms": round(seconds * 1000, 2),
    }
    fields |= {name: outcome[name] for name in ("outcome", "bytes", "format") if name in outcome}
    if query := outcome.get("query"):
        fields["query_sha256"] = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return fields


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
    handler.setFormatter(logging.Formatter() if as_text else _JsonFormatter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


class _JsonFormatter(logging.Formatter):
    _encode = json.JSONEncoder(ensure_ascii=False).encode

    def format(self, record: logging.LogRecord) -> str:
        fields = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        request = getattr(record, "request", None)
        return self._encode(fields | (request or {"message": super().format(record)}))


class _Announced(LimitedStream):
    """A body whose length the client announced. Reading raises `CallError` if it ends early: no server says so."""

    def on_disconnect(self, error: Exception | None = None) -> NoReturn:
        raise CallError(
            "the body is shorter than its Content-Length", hint="Nothing was done. Send it again."
        ) from error


def _find_past(environ: dict[str, Any], service: QueryService) -> Snapshot:
    """Return the snapshot that a request names, and remove the parameter from its address."""
    if environ["REQUEST_METHOD"] not in _READING:
        raise CallError("the past can't be written to", hint="Leave out asOf.")
    if not isinstance(service, SnapshotService):
        raise NotFound("this server keeps no earlier versions", hint="Leave out asOf, or ask the store itself.")
    parameters = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    wanted = [value for name, value in parameters if name == _PARAMETER]
    if len(wanted) > 1:
        raise CallError("asOf is given more than once", hint="Give one version or one time.")
    # The rest of the program finds the version in `wanted_version`, never in the parameters.
    environ["QUERY_STRING"] = urlencode([(n, v) for n, v in parameters if n != _PARAMETER], quote_via=quote)
    return service.repository.resolve(wanted[0])


def _as_of(address: str, snapshot: Snapshot) -> str:
    """Return an address of this server as of the same version."""
    if not address.startswith("/"):
        return address
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{_PARAMETER}={snapshot.version}{mark}{fragment}"


def check_host(environ: Mapping[str, Any]) -> None:
    """Raise `CallError` unless the Host header names one (RFC 9112, section 3.2): it gets into addresses."""
    host = environ.get("HTTP_HOST", "")
    is_missing = not host and environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
    if is_missing or (host and not _HOST.fullmatch(host)):
        hint = "Send the name of the server, and its port if it has one."
        raise CallError(f"the Host header is {'missing' if is_missing else 'not a host name'}", hint=hint)
