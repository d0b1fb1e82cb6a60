"""Any address as it was: `?asOf=` for people and programs, `Accept-Datetime` for clients of Memento (RFC 7089)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.engine.moments import as_of
from digitech_kg.errors import CallError, DigitechError, NotFound
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.problems import REFUSED
from digitech_kg.web.sparql.endpoint import endpoint_url

_READING: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS"})
_PARAMETER: Final = "asOf"
_NAMED: Final = re.compile(rf"(?:^|&){_PARAMETER}=")


class Mementos:
    """A WSGI application before another one: has a request that names a moment answered from the version of then.

    `refuse` answers a request with the error that it finds in the environment under `REFUSED`.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        service: QueryService,
        *,
        refuse: Callable[..., Iterable[bytes]],
    ) -> None:
        self._app, self._service, self._refuse = app, service, refuse

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        query_string = environ.get("QUERY_STRING", "")
        named = "asOf=" in query_string and _NAMED.search(query_string) is not None
        if not named and "HTTP_ACCEPT_DATETIME" not in environ:
            return self._app(environ, start_response)
        try:
            snapshot = self._find(environ)
            links = _links(environ, snapshot)
        except DigitechError as error:
            environ[REFUSED] = error
            return self._refuse(environ, start_response)
        created = datetime.fromisoformat(snapshot.manifest.created)
        headers = [("Memento-Datetime", format_datetime(created, usegmt=True)), ("Link", links)]
        if not named:
            headers.append(("Vary", "Accept-Datetime"))

        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            if named:
                given = [(name, _then(value, snapshot) if name == "Location" else value) for name, value in given]
            return start_response(status, [*given, *headers], *rest)

        with as_of(snapshot.version):
            return self._app(environ, start)

    def _find(self, environ: dict[str, Any]) -> Snapshot:
        """Give the snapshot of the moment that a request names, and take the parameter out of its address."""
        if environ["REQUEST_METHOD"] not in _READING:
            raise CallError("the past cannot be written to", hint="Leave asOf and Accept-Datetime out.")
        if not isinstance(self._service, SnapshotService):
            hint = "Ask without a time; the store behind --engine keeps what it keeps."
            raise NotFound("earlier versions are not kept here", hint=hint)
        parameters = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        moments = [value for name, value in parameters if name == _PARAMETER]
        if not moments:
            return self._at(environ["HTTP_ACCEPT_DATETIME"])
        if len(moments) > 1:
            raise CallError("asOf is given more than once", hint="Give one version or one time.")
        # What an address says of its own past is in no page's parameters.
        environ["QUERY_STRING"] = urlencode([(n, v) for n, v in parameters if n != _PARAMETER], quote_via=quote)
        return self._service.repository.resolve(moments[0])

    def _at(self, header: str) -> Snapshot:
        """Give the snapshot that was current at an HTTP date, the first one for a time before it (RFC 7089, 4.5.3)."""
        assert isinstance(self._service, SnapshotService)  # noqa: S101
        try:
            when = parsedate_to_datetime(header)
        except ValueError:
            hint = "Give a date such as Wed, 25 Nov 2026 10:00:00 GMT."
            raise CallError(f"Accept-Datetime '{header[:80]}' is no HTTP date", hint=hint) from None
        repository = self._service.repository
        first = repository.history()[0]
        when = max(when.replace(tzinfo=when.tzinfo or UTC), datetime.fromisoformat(first.created))
        return repository.resolve(when.isoformat())


def _then(address: str, snapshot: Snapshot) -> str:
    """Give an address of this server, to which an answer leads on, as of the same version."""
    if not address.startswith("/"):
        return address
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{_PARAMETER}={snapshot.version}{mark}{fragment}"


def _links(environ: dict[str, Any], snapshot: Snapshot) -> str:
    address = endpoint_url(environ)
    query = environ.get("QUERY_STRING", "")
    original = f"{address}?{query}" if query else address
    memento = f"{original}{'&' if query else '?'}{_PARAMETER}={snapshot.version}"
    root = endpoint_url({**environ, "PATH_INFO": ""})
    times = f"{root}/history?format=link&of={quote(original.removeprefix(root), safe='/')}"
    return (
        f'<{original}>; rel="original timegate", <{memento}>; rel="memento", '
        f'<{times}>; rel="timemap"; type="application/link-format"'
    )
