"""`/sparql` for people: the same endpoint, with pages for browsers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.engine import QueryService
from digitech_kg.errors import EngineFailure
from digitech_kg.web.editor import render_editor
from digitech_kg.web.endpoint import SparqlEndpoint
from digitech_kg.web.negotiation import prefers_page
from digitech_kg.web.reply import Reply


def sparql_blueprint(endpoint: SparqlEndpoint, service: QueryService) -> Blueprint:
    """Give the blueprint of `/sparql` over an endpoint."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
    def sparql() -> Response:
        if (
            request.method in ("GET", "HEAD")
            and "query" not in request.args
            and prefers_page(request.headers.get("Accept", ""))
        ):
            return _page(service)
        reply = endpoint.respond(request.environ)
        return to_response(reply) if reply is not None else _page(service)

    return blueprint


def to_response(reply: Reply) -> Response:
    """Give a reply as a Flask response."""
    response = Response(reply.body, status=reply.status, headers=reply.headers)
    response.call_on_close(reply.close)
    request.environ["digitech_kg.outcome"] = reply.outcome
    return response


def _page(service: QueryService) -> Response:
    """Send a browser to the page for its query, or to where it can write one."""
    query = request.args.get("query") or request.form.get("query")
    if query is None and request.method in ("POST", "QUERY"):
        raise EngineFailure("a page can be given for form-encoded queries only")
    if query:
        kept: dict[str, Any] = {name: request.values[name] for name in ("view", "lang") if name in request.values}
        return redirect(url_for("results.results", query=query, **kept), code=303)
    edited = request.args.get("edit", "").strip()
    return Response(
        render_editor(service, edited or None), content_type="text/html; charset=utf-8", headers={"Vary": "Accept"}
    )
