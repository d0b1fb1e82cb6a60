"""The ways to `/sparql`: before Flask for programs, through Flask for browsers and updates; and `?asOf=` for all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from digitech_kg.engine import QueryService
from digitech_kg.errors import DigitechError, NotAcceptable
from digitech_kg.formats import FORMATS, PROBLEM
from digitech_kg.settings import Settings
from digitech_kg.sparql_text.checks import check_size
from digitech_kg.web.http.limits import is_unannounced, read_body, take_unannounced
from digitech_kg.web.http.middleware import HEADERS, check_host
from digitech_kg.web.http.negotiation import prefers_page
from digitech_kg.web.http.observation import OUTCOME, ROUTE
from digitech_kg.web.http.problems import incident, problem_document, problem_headers
from digitech_kg.web.pages.editor import render_editor
from digitech_kg.web.sparql.endpoint import SparqlEndpoint
from digitech_kg.web.sparql.protocol import Reply, parse_query_operation
from digitech_kg.web.sparql.writing import DIRECT as UPDATE
from digitech_kg.web.sparql.writing import (
    WriteService,
    holds_update,
    may_write_unannounced,
    media_type_of,
    outcome_response,
    parse_commit,
    parse_update,
)

_MIB: Final = 1024 * 1024
_ENDPOINT_METHODS = frozenset({"GET", "HEAD", "POST", "QUERY"})


#: Most characters that are read of Accept headers: results are cached by header, and a client may send any length
#: (RFC 9110, section 12.1, leaves it to the server).
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
        if prefers_page(accept):
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
        return reply.body if isinstance(reply.body, tuple) else ClosingIterator(reply.body, reply.close)


def _shorten_preferences(environ: dict[str, Any]) -> str:
    """Cut Accept headers to the length that is read, and return what is left of Accept."""
    for name in ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING"):
        if len(header := environ.get(name, "")) > _LONGEST_HEADER:
            environ[name] = header[:_LONGEST_HEADER].rpartition(",")[0]
    return str(environ.get("HTTP_ACCEPT", ""))


def problem_reply(error: DigitechError) -> Reply:
    """Return the problem document of an error as a reply."""
    body = json.dumps(problem_document(error), ensure_ascii=False).encode("utf-8", "replace")
    headers = [("Content-Type", PROBLEM.media_type), ("Content-Length", str(len(body))), ("Vary", "Accept")]
    headers += problem_headers(error).items()
    return Reply(error.status, headers, (body,), outcome={"outcome": error.title.lower(), "bytes": len(body)})


def sparql_blueprint(
    endpoint: SparqlEndpoint, service: QueryService, writes: WriteService, settings: Settings
) -> Blueprint:
    """Return the blueprint of `/sparql` over an endpoint; updates go to `writes`."""
    blueprint = Blueprint("sparql", __name__)

    limits = replace(service.limits, query_chars=settings.update_size * _MIB)

    def update() -> Response:
        environ = request.environ
        with writes.admit(environ) as token:
            if is_unannounced(environ):
                take_unannounced(environ)
            body = read_body(environ, limits.query_chars)
            operation = parse_update(environ, body)
            check_size(operation.text, limits)
            commit = parse_commit(environ, action="update", author=token.name, graphs=token.graphs, body=body)
            return outcome_response(writes.write(operation, commit))

    @blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
    def sparql() -> Response:
        if (
            request.method in ("GET", "HEAD")
            and "query" not in request.args
            and prefers_page(request.headers.get("Accept", ""))
        ):
            return _editor(service)
        if request.method == "POST" and media_type_of(request.environ) == UPDATE:
            return update()
        if request.method == "POST" and may_write_unannounced(request.environ):
            writes.receive_form(request.environ)
        reply = endpoint.respond(request.environ)
        if reply is None and request.method == "POST":
            body = request.environ["wsgi.input"].getvalue()
            if holds_update(request.environ, body):
                return update()
        return to_response(reply) if reply is not None else _page(service, request.environ)

    return blueprint


def to_response(reply: Reply) -> Response:
    """Return a reply as a Flask response."""
    response = Response(reply.body, status=reply.status, headers=reply.headers)
    response.call_on_close(reply.close)
    request.environ["digitech_kg.outcome"] = reply.outcome
    return response


def _page(service: QueryService, environ: dict[str, Any]) -> Response:
    """Send a browser to the page for its query, or to where it can write one.

    Raises `NotAcceptable` for a query on a dataset of its own, whose result no page shows.
    """
    body = environ["wsgi.input"].getvalue() if request.method in ("POST", "QUERY") else b""
    operation = parse_query_operation(
        request.method, environ.get("QUERY_STRING", ""), environ.get("CONTENT_TYPE", ""), body
    )
    if operation.dataset:
        available = [fmt.media_type for fmt in FORMATS]
        raise NotAcceptable("pages can't show results with default-graph-uri or named-graph-uri", available=available)
    if not operation.query:
        return _editor(service)
    kept: dict[str, Any] = {name: request.values[name] for name in ("view", "lang") if name in request.values}
    response = redirect(url_for("results.results", query=operation.query, **kept), code=303)
    response.vary.add("Accept")
    return response


def _editor(service: QueryService) -> Response:
    edited = request.args.get("edit", "").strip()
    return Response(
        render_editor(service, edited or None), content_type="text/html; charset=utf-8", headers={"Vary": "Accept"}
    )
