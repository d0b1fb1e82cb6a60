"""The reading side of the SPARQL 1.1 Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.engine import DatasetClause, QueryRequest, QueryService
from digitech_kg.errors import CallError, NotAcceptable, NotFound
from digitech_kg.formats import Format, Kind, by_name, of_kind
from digitech_kg.web.http.clients import ClientLimits
from digitech_kg.web.http.negotiation import choose, prefers_page
from digitech_kg.web.http.reply import Reply
from digitech_kg.web.http.urls import iri_of_path
from digitech_kg.web.sparql.endpoint import endpoint_url, matches
from digitech_kg.web.sparql.pages import to_response
from digitech_kg.web.sparql.protocol import absolute_iri, parse_parameters

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def graph_store_blueprint(service: QueryService, clients: ClientLimits) -> Blueprint:
    """Give the blueprint of `/graph-store` (indirect and direct) and `/graph/…` (direct, by a graph's own path).

    Asking for a graph counts to the client like a query.
    """
    blueprint = Blueprint("graph_store", __name__)

    def get(graph: str | None) -> Response:
        with clients.admit(request.remote_addr or "") as client:
            return _get(service, graph, client)

    @blueprint.get("/graph-store")
    def indirect() -> Response:
        return get(named_in_query())

    @blueprint.get("/graph-store/<path:_name>")
    def direct(_name: str) -> Response:
        return get(endpoint_url(request.environ))

    @blueprint.get("/graph/<path:_name>")
    def by_path(_name: str) -> Response:
        if prefers_page(request.headers.get("Accept", "")) and "format" not in request.args:
            response: Response = redirect(url_for("browse.page", path=request.path.lstrip("/")), code=303)
            response.vary.add("Accept")
            return response
        return get(iri_of_path(request.path))

    return blueprint


def named_in_query() -> str | None:
    """Give the graph that `?graph=` names, or None for `?default`. Raises `CallError` if it is not exactly one."""
    parameters = parse_parameters(request.query_string.decode("latin-1"), "the query string")
    graphs = [value for name, value in parameters if name == "graph"]
    defaults = [value for name, value in parameters if name == "default"]
    if len(graphs) + len(defaults) != 1:
        raise CallError("name one graph", hint="Ask for ?graph=IRI or for ?default.")
    return _as_named(absolute_iri(graphs[0])) if graphs else None


def _as_named(graph: str) -> str:
    """Give the IRI of a graph of ours that is named by its address on this server, as in an answer's Location."""
    path = graph.removeprefix(request.url_root.rstrip("/"))
    return iri_of_path(path) if path.startswith("/graph/") else graph


def _get(service: QueryService, graph: str | None, client: str) -> Response:
    choice = choose(request.headers.get("Accept", ""), request.args.get("format"))
    fmt = by_name("turtle") if choice.html else choice.graph
    if fmt is None:
        available = [f.media_type for f in of_kind(Kind.GRAPH, Kind.DATASET)]
        raise NotAcceptable("no accepted media type can carry a graph", available=available)
    if graph is not None and graph not in service.snapshot.manifest.graphs:
        hint = f"Graphs there are: {', '.join(sorted(service.snapshot.manifest.graphs))[:4000]}."
        raise NotFound(f"there is no graph <{graph[:500]}>", hint=hint)
    return to_response(_reply(service, graph, fmt, client))


def _reply(service: QueryService, graph: str | None, fmt: Format, client: str) -> Reply:
    """Give a graph with the tag of the version that it is taken from."""
    while True:
        reply, answered = _attempt(service, graph, fmt, client)
        if answered:
            return reply
        # A version was published between the tag and the answer: they have to be of the same.
        reply.close()


def _attempt(service: QueryService, graph: str | None, fmt: Format, client: str) -> tuple[Reply, bool]:
    """Give a reply, and whether the answer in it is of the version that its headers name."""
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
