"""`/explore`: claims drawn as a graph of things, and as a table."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import Book
from digitech_kg.claims.model import Claim
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import value_of
from digitech_kg.web.reading.claim_views import ClaimView, axis_words, load_claims
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import tell
from digitech_kg.web.site import Site

#: Neighbours shown of each thing, things drawn, and things whose neighbours are shown.
_NEIGHBOURS, _MOST, _MOST_THINGS = 24, 150, 25
_LONGEST: Final = 200
#: Kinds with a colour of their own; all others share the last one.
_SHADES: Final = 6
#: Claims of one look-up; a thing with more claims is shown with those, and the page says so.
_MOST_EDGES: Final = 1000
_AROUND: Final = Path(__file__).with_name("claims_around.sql").read_text(encoding="utf-8")
#: A claim and the two things that it joins.
_Edge = tuple[Claim, frozenset[str]]


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint = site.blueprint("explore", __name__, templates="templates")

    @blueprint.get("/explore")
    def explore() -> str | WerkzeugResponse:
        things, unknown = _read_things(site.reader.book)
        if request.args.getlist("thing") != things or "add" in request.args:
            # Typed names become an address that can be passed on; the page says which names are unknown.
            return redirect(url_for("explore.explore", thing=things, unknown=unknown or None), code=303)
        view = _view(site.reader, things)
        return render_template(
            "explore.html", **view, manner=_manner, how=_how_put, unknown=request.args.get("unknown")
        )

    @blueprint.get("/explore/graph.json")
    def graph() -> Response:
        things, _unknown = _read_things(site.reader.book)
        view = _view(site.reader, things)
        keys = {node["iri"]: node["id"] for node in view["nodes"]}
        return jsonify(nodes=view["nodes"], edges=[_edge_of(edge, keys) for edge in view["edges"]])

    yield blueprint


def _read_things(book: Book) -> tuple[list[str], str]:
    """Return the things that an address asks for, and the first name in it that nothing is called, if any.

    Things go by those parts of their IRIs that follow the prefix.
    """
    args = request.args
    typed = [text for text in (*args.getlist("thing")[-_MOST_THINGS:], *args.getlist("add")[:1]) if text.strip()]
    found = {text: _find(book, text[:_LONGEST]) for text in typed}
    unknown = (text.strip() for text, thing in found.items() if not thing)
    return list(dict.fromkeys(filter(None, found.values()))), next(unknown, "")


def _find(book: Book, text: str) -> str:
    try:
        return book.find_thing(text).removeprefix(book.names.prefixes["id"])
    except NotFound:
        return ""


def _view(reader: GraphReader, chosen: list[str]) -> dict[str, Any]:
    """Return what is shown of some things; without any, of the one that most documents speak of."""
    root = reader.names.prefixes["id"]
    if not chosen:
        chosen = [thing.removeprefix(root) for thing in list(reader.book.spoken_of())[:1]]
    seeds = {root + thing: None for thing in chosen}
    near = _edges(reader, seeds)
    visible = [*seeds, *sorted(_nearest(near, set(seeds)))]
    kept = set(visible[:_MOST])
    around = _edges(reader, kept)
    hidden = defaultdict[str, set[str]](set)
    for _claim, ends in around:
        for here in ends & kept:
            hidden[here] |= ends - kept
    claims = [claim for claim, ends in around if ends <= kept]
    is_cut = len(near) >= _MOST_EDGES or len(visible) > _MOST or any(hidden[seed] for seed in seeds)
    views, _labels = load_claims(reader, [claim.iri.value for claim in claims])
    edges = [views[claim.iri.value] for claim in claims if claim.iri.value in views]
    return {"chosen": chosen, "nodes": _nodes(reader, kept, chosen, hidden), "edges": edges, "is_cut": is_cut}


def _edges(reader: GraphReader, things: Iterable[str]) -> list[_Edge]:
    """Return what documents say that joins things to others or each other."""
    root = reader.names.prefixes["id"]
    wanted = {"things": json.dumps(sorted(things)), "first": root, "last": f"{root}\U0010ffff"}
    rows = reader.book.rows(_AROUND, **wanted, limit=_MOST_EDGES)
    found = ((claim, claim.triple) for claim in reader.book.claims(iri for (iri,) in rows))
    return [
        (claim, frozenset((value_of(triple.subject), triple.object.value)))
        for claim, triple in found
        if triple and isinstance(triple.object, NamedNode) and triple.subject != triple.object
    ]


def _nearest(edges: Iterable[_Edge], seeds: set[str]) -> set[str]:
    """Return some neighbours of each seed: first those joined to several seeds, or by several claims."""
    joined = defaultdict[str, Counter[str]](Counter)
    for _claim, ends in edges:
        for other in ends - seeds:
            joined[other].update(ends & seeds)
    ranked = sorted(joined, key=lambda thing: (-len(joined[thing]), -joined[thing].total(), thing))
    return {thing for seed in seeds for thing in [each for each in ranked if seed in joined[each]][:_NEIGHBOURS]}


def _nodes(reader: GraphReader, kept: set[str], chosen: list[str], hidden: dict[str, set[str]]) -> list[dict[str, Any]]:
    """Return the things of the drawing; `shade` is the number of a colour, the same in every drawing of a version."""
    root, labels = reader.names.prefixes["id"], Labels(reader, kept)
    kinds = Labels(reader, {kind for iri in kept for kind in labels.name(iri).kinds})
    counts = Counter(reader.book.class_counts(root)).most_common(_SHADES)
    shades = {kind: number for number, (kind, _count) in enumerate(counts)}

    def node_of(iri: str) -> dict[str, Any]:
        name, key = labels.name(iri), iri.removeprefix(root)
        kind = kinds.name(name.kinds[0]) if name.kinds else None
        others = [thing for thing in chosen if thing != key]
        return {
            "id": key,
            "iri": iri,
            "label": name.text,
            "language": name.language,
            "kind": kind.key if kind else "",
            "kindLabel": kind.text if kind else "",
            "opened": key in chosen,
            "hidden": len(hidden[iri]),
            "shade": min((shades.get(kind, _SHADES) for kind in name.kinds), default=_SHADES),
            "href": name.href,
            "open": url_for("explore.explore", thing=[*others, key]),
            "close": url_for("explore.explore", thing=others),
            "focus": url_for("explore.explore", thing=key),
        }

    return sorted(map(node_of, kept), key=lambda node: (not node["opened"], node["label"].casefold(), node["id"]))


def _manner(claim: ClaimView) -> str:
    """Return by which line a claim is drawn: "plain" and "denied" are only for those that take nothing back."""
    if claim.claim.is_plain:
        return "denied" if claim.negated else "plain"
    if claim.stance == "disputed":
        return "disputed"
    if claim.firm.voice == "other":
        return "held"
    return "advised" if claim.firm.kind in ("recommendation", "norm") else "reserved"


def _how_put(claim: ClaimView) -> list[str]:
    """Return how a claim is put if not plainly; where no mark says it, the reserves: "When: 2021"."""
    weakening = {reserve.axis.property.value for reserve in claim.claim.weakening}
    reserves = (f"{axis_words(axis)}: {value.text}" for axis, value in claim.reserves if axis.iri in weakening)
    return [mark.text for mark in tell(claim, {}).marks] or list(reserves)


def _edge_of(claim: ClaimView, keys: dict[str, str]) -> dict[str, Any]:
    return {
        "id": claim.iri,
        "source": keys[claim.subject.iri],
        "target": keys[claim.object.iri] if claim.object.iri else "",
        "label": claim.predicate.text,
        "sentence": claim.sentence,
        "language": claim.language,
        "manner": _manner(claim),
        "negated": claim.negated,
        "reserves": _how_put(claim),
        "href": claim.href,
    }
