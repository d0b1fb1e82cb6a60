"""Route requests: `/sparql` goes straight to the endpoint, all else to Flask, and both get the same headers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from digitech_kg.errors import DigitechError
from digitech_kg.formats import PROBLEM
from digitech_kg.web.http.negotiation import prefers_page
from digitech_kg.web.http.observation import OUTCOME, ROUTE
from digitech_kg.web.http.problem_documents import incident, problem_document, problem_headers
from digitech_kg.web.http.reply import Reply
from digitech_kg.web.sparql.endpoint import SparqlEndpoint, check_host

_ENDPOINT_METHODS = frozenset({"GET", "HEAD", "POST", "QUERY"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self' data:; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Everything can be read without credentials, so any page may read it (Fetch standard, CORS protocol).
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Dataset-Version, ETag, Link, Query-Advice, Retry-After, X-Request-Id",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}
#: Headers of preferences, of which so many characters are read: what was found for them is kept, and a header may be as
#: long as all that a client sends (RFC 9110, section 12.1, leaves it to the server).
_LONGEST_HEADER = 4096
_HEADER_LIST = list(HEADERS.items())
REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Front:
    """A WSGI application before another one: answers what programs ask of `/sparql` and passes the rest on."""

    def __init__(self, app: Callable[..., Iterable[bytes]], endpoint: SparqlEndpoint) -> None:
        self._app, self._endpoint = app, endpoint

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        accept = environ.get("HTTP_ACCEPT", "")
        if len(accept) > _LONGEST_HEADER or len(environ.get("HTTP_ACCEPT_ENCODING", "")) > _LONGEST_HEADER:
            accept = _shorten_preferences(environ)
        if environ.get("PATH_INFO") != "/sparql" or environ["REQUEST_METHOD"] not in _ENDPOINT_METHODS:
            return self._app(environ, start_response)
        # Whoever names a language is to be told in it what is wrong.
        if prefers_page(accept) or "lang=" in environ.get("QUERY_STRING", ""):
            return self._app(environ, start_response)
        environ[ROUTE] = "/sparql"
        try:
            check_host(environ)
            reply = self._endpoint.respond(environ)
        except DigitechError as error:
            reply = problem_reply(error)
        except Exception as error:
            reply = problem_reply(incident(error))
        if reply is None:
            return self._app(environ, start_response)
        environ[OUTCOME] = reply.outcome
        start_response(REASONS.get(reply.status, f"{reply.status} Error"), reply.headers + _HEADER_LIST)
        if environ["REQUEST_METHOD"] == "HEAD":
            reply.close()
            return ()
        return reply.body if isinstance(reply.body, tuple) else _Body(reply)


def _shorten_preferences(environ: dict[str, Any]) -> str:
    """Cut headers with preferences to the longest that is read; return what is left of Accept."""
    for name in ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING"):
        if len(header := environ.get(name, "")) > _LONGEST_HEADER:
            environ[name] = header[:_LONGEST_HEADER].rpartition(",")[0]
    return str(environ.get("HTTP_ACCEPT", ""))


class _Body:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._reply.body)

    def close(self) -> None:
        self._reply.close()


def problem_reply(error: DigitechError) -> Reply:
    """Return the problem document of an error as a reply."""
    body = json.dumps(problem_document(error), ensure_ascii=False).encode("utf-8", "replace")
    headers = [("Content-Type", PROBLEM.media_type), ("Content-Length", str(len(body))), ("Vary", "Accept")]
    headers += problem_headers(error).items()
    return Reply(error.status, headers, (body,), outcome={"outcome": error.title.lower(), "bytes": len(body)})
