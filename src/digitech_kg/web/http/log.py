"""A line in the log for each request."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from multiprocessing.util import Finalize
from typing import Any, Final, NamedTuple
from urllib.parse import quote

#: Characters that stand unescaped in a path (RFC 3986, section 3.3), besides letters and digits.
PATH: Final = "/:@!$&'()*+,;=~"
#: Seconds between two batches of lines.
_DELAY_S = 0.1
LOG: Final = logging.getLogger("digitech_kg.access")


class Entry(NamedTuple):
    """What is kept of a request until its line is written."""

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


class AccessLog:
    """Collects requests and writes them to the log in a thread of its own, started with the first one. Thread-safe."""

    def __init__(self) -> None:
        self._pending: deque[Entry] = deque()
        self._lock, self._started = threading.Lock(), False

    def note(self, entry: Entry) -> None:
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
                record = LOG.makeRecord(LOG.name, logging.INFO, "", 0, entry.method, (), None)
                record.created, record.request = entry.at, entry.fields()
                LOG.handle(record)


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
