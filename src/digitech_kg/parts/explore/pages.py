"""`/explore`: the claims as a drawing of things and what joins them, and as a table.

What is shown for a selection: things, what joins them, and what is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.parts.explore.claim_graph import (
    MOST_EDGES,
    Edge,
    edges_around,
    nearest,
)
from digitech_kg.parts.explore.selection import MOST, Selection, read_selection
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, view_claims
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import reserve_marks
from digitech_kg.web.site import Site

#: Kinds with a colour of their own; all others share the last one.
SHADES: Final = 6


@dataclass(frozen=True)
class GraphNode:
    """A thing of the drawing; `hidden` neighbours of it are not shown."""

    name: Name
    key: str
    kind: Name | None
    opened: bool
    hidden: int
    #: The number of its colour, the same in every drawing of a version.
    shade: int
    open_href: str
    close_href: str
    focus_href: str


@dataclass(frozen=True)
class ExploreView:
    """Everything that the explorer's page shows."""

    selection: Selection
    nodes: tuple[GraphNode, ...]
    edges: tuple[ClaimView, ...]
    #: Whether a thing has more claims than were looked at, or more things than can be drawn were asked for.
    truncated: bool

    @staticmethod
    def reserves(claim: ClaimView) -> str:
        """Return how a claim is put if not plainly, in one line."""
        return " · ".join(mark.text for mark in reserve_marks(claim))


def view_explore(reader: GraphReader, selection: Selection) -> ExploreView:
    """Read what a selection shows; an empty one begins with what most documents speak of."""
    things = reader.names.prefixes["id"]
    if not selection.things:
        selection = replace(selection, things=_start(reader))
    seeds = [things + thing for thing in selection.things]
    near = edges_around(reader, seeds, outside=selection.outside)
    known = Labels(reader, {*seeds, *(end for edge in near for end in edge.ends)})
    visible = dict.fromkeys([*seeds, *sorted(nearest(near, seeds, selection.limit))])
    kept = set(list(visible)[:MOST])
    around = edges_around(reader, kept, outside=selection.outside)
    claims = [edge.claim for edge in around if edge.ends <= kept]
    return ExploreView(
        selection,
        _nodes(reader, kept, around, known, selection),
        view_claims(reader, claims, Labels(reader, iris_in(reader, claims))),
        len(near) >= MOST_EDGES or len(visible) > MOST,
    )


def _start(reader: GraphReader) -> tuple[str, ...]:
    """Return what a first look begins with: the thing that most documents speak of, never the whole graph."""
    told = reader.book.spoken_of()
    first = sorted(told, key=lambda thing: (-told[thing][0], -told[thing][1], thing))[:1]
    return tuple(thing.removeprefix(reader.names.prefixes["id"]) for thing in first)


def _nodes(
    reader: GraphReader,
    kept: set[str],
    around: list[Edge],
    known: Labels,
    selection: Selection,
) -> tuple[GraphNode, ...]:
    things, hidden = reader.names.prefixes["id"], defaultdict[str, set[str]](set)
    for edge in around:
        for here in edge.ends & kept:
            hidden[here] |= edge.ends - kept
    kinds = Labels(reader, {kind for iri in kept for kind in known.name(iri).kinds})
    counts = Counter(reader.book.class_counts(things)).most_common(SHADES)
    shades = {kind: number for number, (kind, _count) in enumerate(counts)}

    def node_of(iri: str) -> GraphNode:
        name, key = known.name(iri), iri.removeprefix(things)
        return GraphNode(
            name,
            key,
            kinds.name(name.kinds[0]) if name.kinds else None,
            opened=key in selection.things,
            hidden=len(hidden[iri]),
            shade=min((shades.get(kind, SHADES) for kind in name.kinds), default=SHADES),
            open_href=address_of(selection.opening(key)),
            close_href=address_of(selection.closing(key)),
            focus_href=address_of(selection.focusing(key)),
        )

    nodes = map(node_of, kept)
    return tuple(sorted(nodes, key=lambda node: (not node.opened, node.name.text.casefold(), node.key)))


def address_of(selection: Selection) -> str:
    """Return the address of the explorer with a selection."""
    return url_for("explore.explore", **selection.parameters())


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the explorer."""
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
