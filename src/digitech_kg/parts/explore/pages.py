"""`/explore`: the claims as a drawing of things and what joins them, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.parts.explore.selection import find_things, read_selection, resolve_names
from digitech_kg.parts.explore.view import ExploreView, GraphEdge, GraphNode, view_explore
from digitech_kg.web.http.assets import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.claim_views import ReserveView
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the explorer."""
    blueprint, service = Blueprint("explore", __name__, template_folder="templates"), site.service
    reader = GraphReader(service)
    site.pages.attach(blueprint)

    @blueprint.get("/explore")
    def explore() -> str | WerkzeugResponse:
        args, unknown = resolve_names(service, request.args, current_language())
        selection = read_selection(args)
        if args != request.args:
            # What was typed becomes part of an address that can be passed on; what is unknown is told on the page.
            target = url_for("explore.explore", **selection.parameters(), unknown=unknown or None)
            return redirect(target, code=303)
        view = view_explore(reader, selection, current_language())
        return render_template("explore.html", view=view, script=script_address("explore"), unknown=args.get("unknown"))

    @blueprint.get("/explore/graph.json")
    def graph() -> Response:
        args, _ = resolve_names(service, request.args, current_language())
        return jsonify(_graph_of(view_explore(reader, read_selection(args), current_language())))

    @blueprint.get("/explore/find.json")
    def find() -> Response:
        return jsonify(find_things(service, request.args.get("q", ""), current_language()))

    @blueprint.after_request
    def keep_crawlers_out(response: Response) -> Response:
        # Each selection has an address: there is no end of them.
        if request.query_string:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    yield blueprint


def _graph_of(view: ExploreView) -> dict[str, Any]:
    """Return the drawing of a view as JSON: nodes, edges by the nodes' keys, and the path by keys."""
    keys = {node.name.iri: node.key for node in view.nodes}
    return {
        "nodes": [_node_of(node) for node in view.nodes],
        "edges": [_edge_of(edge, keys) for edge in view.edges],
        "path": [keys[name.iri] for name in view.path if name.iri in keys],
    }


def _node_of(node: GraphNode) -> dict[str, Any]:
    return {
        "id": node.key,
        "label": node.name.text,
        "kind": node.kind.key if node.kind else "",
        "kindLabel": node.kind.text if node.kind else "",
        "opened": node.opened,
        "onPath": node.step,
        "hidden": node.hidden,
        "shade": node.shade,
        "href": node.name.href,
        "open": node.open_href,
        "close": node.close_href,
        "focus": node.focus_href,
    }


def _reserve_of(reserve: ReserveView) -> dict[str, str]:
    value = reserve.value.name.text if reserve.value.name else reserve.value.text
    return {"axis": reserve.axis.text, "value": value}


def _edge_of(edge: GraphEdge, keys: dict[str, str]) -> dict[str, Any]:
    return {
        "id": edge.key,
        "source": keys[edge.subject.iri],
        "target": keys[edge.object.iri],
        "label": edge.predicate.text,
        "sentence": edge.claim.sentence if edge.claim else "",
        "language": edge.claim.language if edge.claim else "",
        "manner": edge.manner,
        "negated": edge.negated,
        "reserves": [_reserve_of(reserve) for reserve in edge.claim.shown_reserves] if edge.claim else [],
        "href": edge.href,
    }
