"""The reading side of the SPARQL 1.1 Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.engine import DatasetClause, QueryRequest, QueryService
from digitech_kg.errors import CallError, NotFound
from digitech_kg.formats import Format
from digitech_kg.messages import Message
from digitech_kg.namespaces import Namespaces
from digitech_kg.web.http.clients import ClientLimits
from digitech_kg.web.http.negotiation import prefers_page, requested_graph_format
from digitech_kg.web.http.reply import Reply
from digitech_kg.web.http.urls import iri_of_path
from digitech_kg.web.sparql.endpoint import endpoint_url, matches
from digitech_kg.web.sparql.pages import to_response
from digitech_kg.web.sparql.protocol import absolute_iri, parse_parameters

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def graph_store_blueprint(service: QueryService, clients: ClientLimits) -> Blueprint:
    """Return the blueprint of `/graph-store` (indirect and direct) and `/graph/…` (direct, by a graph's own path).

    Asking for a graph counts to the client like a query.
    """
    blueprint = Blueprint("graph_store", __name__)

    def get(graph: str | None) -> Response:
        with clients.admit(request.remote_addr or "") as client:
            return _get(service, graph, client)

    @blueprint.get("/graph-store")
    def indirect() -> Response:
        return get(named_in_query(service.names))

    @blueprint.get("/graph-store/<path:_name>")
    def direct(_name: str) -> Response:
        return get(endpoint_url(request.environ))

    @blueprint.get("/graph/<path:_name>")
    def by_path(_name: str) -> Response:
        if prefers_page(request.headers.get("Accept", "")) and "format" not in request.args:
            response: Response = redirect(url_for("browse.page", path=request.path.lstrip("/")), code=303)
            response.vary.add("Accept")
            return response
        return get(iri_of_path(request.path, service.names))

    return blueprint


def named_in_query(names: Namespaces) -> str | None:
    """Return the graph that `?graph=` names, or None for `?default`. Raises `CallError` if it is not exactly one."""
    parameters = parse_parameters(request.query_string.decode("latin-1"), "the query string")
    graphs = [value for name, value in parameters if name == "graph"]
    defaults = [value for name, value in parameters if name == "default"]
    if len(graphs) + len(defaults) != 1:
        raise CallError("the request does not name exactly one graph", hint="Add ?graph=IRI or ?default.")
    return _as_named(absolute_iri(graphs[0]), names) if graphs else None


def _as_named(graph: str, names: Namespaces) -> str:
    """Return the IRI of a graph that is named by its address on this server."""
    path = graph.removeprefix(request.url_root.rstrip("/"))
    return iri_of_path(path, names) if path.startswith("/graph/") else graph


def _get(service: QueryService, graph: str | None, client: str) -> Response:
    fmt = requested_graph_format()
    if graph is not None and graph not in service.snapshot.manifest.graphs:
        hint = Message("The graphs are: {names}.", names=", ".join(sorted(service.snapshot.manifest.graphs))[:4000])
        raise NotFound(Message("there is no graph <{graph}>", graph=graph[:500]), hint=hint, code="unknown-graph")
    return to_response(_reply(service, graph, fmt, client))


def _reply(service: QueryService, graph: str | None, fmt: Format, client: str) -> Reply:
    """Return a graph with the tag of its version."""
    while True:
        reply, answered = _attempt(service, graph, fmt, client)
        if answered:
            return reply
        # A version was published between the tag and the answer: they have to be of the same.
        reply.close()


def _attempt(service: QueryService, graph: str | None, fmt: Format, client: str) -> tuple[Reply, bool]:
    """Return a reply, and whether the answer in it is of the version that its headers name."""
    manifest = service.snapshot.manifest
    version = manifest.version
    # A graph that did not change keeps its tag; the default graph is the union unless it is told otherwise.
    known = manifest.graph_versions.get(graph or "DEFAULT", version)
    etag = f'"{version if graph is None and service.union_default_graph else known}.{fmt.name}"'
    headers = [("ETag", etag), ("Dataset-Version", version), ("Vary", "Accept"), ("Cache-Control", "no-cache")]
    if matches(request.headers.get("If-None-Match", ""), etag):
        return Reply(304, headers), True
    clause = DatasetClause((graph,)) if graph else DatasetClause()
    answer = service.query(QueryRequest(_ALL, None, fmt, clause, client=client))
    headers += [("Content-Type", fmt.content_type), ("Content-Length", str(answer.length))]
    outcome: dict[str, object] = {"outcome": "answered", "bytes": answer.length}
    return Reply(200, headers, answer.chunks(), answer.close, outcome), answer.version == version
