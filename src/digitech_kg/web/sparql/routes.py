"""`/sparql` through Flask: the editor and pages for browsers, updates, and what programs ask in unusual ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotAcceptable
from digitech_kg.formats import FORMATS
from digitech_kg.settings import Settings
from digitech_kg.sparql_text.checks import check_size
from digitech_kg.web.http.limits import is_unannounced, read_body, take_unannounced
from digitech_kg.web.http.middleware import OUTCOME
from digitech_kg.web.http.negotiation import prefers_page
from digitech_kg.web.http.problems import Reply
from digitech_kg.web.pages.editor import render_editor
from digitech_kg.web.sparql.endpoint import SparqlEndpoint
from digitech_kg.web.sparql.protocol import parse_query_operation
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
    request.environ[OUTCOME] = reply.outcome
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
