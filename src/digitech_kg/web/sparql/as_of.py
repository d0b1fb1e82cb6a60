"""Any address as it was at an earlier version: `?asOf=` with a version or a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.engine.versions import as_of
from digitech_kg.errors import CallError, DigitechError, NotFound
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.problem_documents import REFUSED

_READING: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS"})
_PARAMETER: Final = "asOf"
_NAMED: Final = re.compile(rf"(?:^|&){_PARAMETER}=")


class AsOf:
    """A WSGI application before another one: a request with `?asOf=` is answered from that version.

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
        if "asOf=" not in query_string or _NAMED.search(query_string) is None:
            return self._app(environ, start_response)
        try:
            snapshot = self._find(environ)
        except DigitechError as error:
            environ[REFUSED] = error
            return self._refuse(environ, start_response)

        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            headers = [(name, _as_of(value, snapshot) if name == "Location" else value) for name, value in given]
            if not any(name == "Dataset-Version" for name, _ in headers):
                headers.append(("Dataset-Version", snapshot.version))
            return start_response(status, headers, *rest)

        with as_of(snapshot.version):
            return self._app(environ, start)

    def _find(self, environ: dict[str, Any]) -> Snapshot:
        """Return the snapshot that a request names, and remove the parameter from its address."""
        if environ["REQUEST_METHOD"] not in _READING:
            raise CallError("the past can't be written to", hint="Leave out asOf.")
        if not isinstance(self._service, SnapshotService):
            raise NotFound("this server keeps no earlier versions", hint="Leave out asOf, or ask the store itself.")
        parameters = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        wanted = [value for name, value in parameters if name == _PARAMETER]
        if len(wanted) > 1:
            raise CallError("asOf is given more than once", hint="Give one version or one time.")
        # The rest of the program finds the version in `wanted_version`, never in the parameters.
        environ["QUERY_STRING"] = urlencode([(n, v) for n, v in parameters if n != _PARAMETER], quote_via=quote)
        return self._service.repository.resolve(wanted[0])


def _as_of(address: str, snapshot: Snapshot) -> str:
    """Return an address of this server as of the same version."""
    if not address.startswith("/"):
        return address
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{_PARAMETER}={snapshot.version}{mark}{fragment}"
