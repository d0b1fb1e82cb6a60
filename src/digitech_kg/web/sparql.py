"""`/sparql` for people: the same endpoint, with pages for browsers."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.errors import EngineFailure
from digitech_kg.web.endpoint import SparqlEndpoint
from digitech_kg.web.reply import Reply


def sparql_blueprint(endpoint: SparqlEndpoint) -> Blueprint:
    """Give the blueprint of `/sparql` over an endpoint."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
    def sparql() -> Response:
        reply = endpoint.respond(request.environ)
        return to_response(reply) if reply is not None else _page()

    return blueprint


def to_response(reply: Reply) -> Response:
    """Give a reply as a Flask response."""
    response = Response(reply.body, status=reply.status, headers=reply.headers)
    response.call_on_close(reply.close)
    request.environ["digitech_kg.outcome"] = reply.outcome
    return response


def _page() -> Response:
    """Send a browser to the page for its query, or to where it can write one."""
    query = request.args.get("query") or request.form.get("query")
    if query is None and request.method in ("POST", "QUERY"):
        raise EngineFailure("a page can be given for form-encoded queries only")
    target = url_for("results.results", query=query) if query else url_for("pages.start", _anchor="endpoint")
    return redirect(target, code=303)
