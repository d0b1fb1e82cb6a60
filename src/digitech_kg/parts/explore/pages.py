"""`/explore`: the claims as a drawing of things and what joins them, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.parts.explore.view import ExploreView, GraphNode, read_selection, view_explore
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.site import Site


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint = site.blueprint("explore", __name__, templates="templates")

    @blueprint.get("/explore")
    def explore() -> str | WerkzeugResponse:
        selection, unknown = read_selection(site.reader.book, request.args)
        if request.args.getlist("thing") != list(selection.things) or "add" in request.args:
            # What was typed becomes part of an address that can be passed on; what is unknown is told on the page.
            target = url_for("explore.explore", **selection.parameters(), unknown=unknown or None)
            return redirect(target, code=303)
        view = view_explore(site.reader, selection)
        return render_template("explore.html", view=view, unknown=request.args.get("unknown"))

    @blueprint.get("/explore/graph.json")
    def graph() -> Response:
        selection, _unknown = read_selection(site.reader.book, request.args)
        return jsonify(_graph_of(view_explore(site.reader, selection)))

    @blueprint.after_request
    def keep_crawlers_out(response: Response) -> Response:
        # Each selection has an address: there is no end of them.
        if request.query_string:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    yield blueprint


def _graph_of(view: ExploreView) -> dict[str, Any]:
    """Return the drawing of a view as JSON: nodes, and edges by the nodes' keys."""
    keys = {node.name.iri: node.key for node in view.nodes}
    return {
        "nodes": [_node_of(node) for node in view.nodes],
        "edges": [_edge_of(edge, keys) for edge in view.edges],
    }


def _node_of(node: GraphNode) -> dict[str, Any]:
    return {
        "id": node.key,
        "label": node.name.text,
        "kind": node.kind.key if node.kind else "",
        "kindLabel": node.kind.text if node.kind else "",
        "opened": node.opened,
        "hidden": node.hidden,
        "shade": node.shade,
        "href": node.name.href,
        "open": node.open_href,
        "close": node.close_href,
        "focus": node.focus_href,
    }


def _edge_of(claim: ClaimView, keys: dict[str, str]) -> dict[str, Any]:
    return {
        "id": claim.iri,
        "source": keys[claim.subject.iri],
        "target": keys[claim.object.name.iri] if claim.object.name else "",
        "label": claim.predicate.text,
        "sentence": claim.sentence,
        "language": claim.language,
        "manner": claim.manner,
        "negated": claim.negated,
        "reserves": [{"axis": r.axis.text, "value": r.value.words} for r in claim.shown_reserves],
        "href": claim.href,
    }
