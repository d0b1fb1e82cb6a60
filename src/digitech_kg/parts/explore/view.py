"""What the explorer shows: the things that are asked for, what lies around them, and the claims that join them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import url_for
from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from digitech_kg.book import Book
from digitech_kg.claims.model import Claim
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import value_of
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, view_claims
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import reserve_marks

#: Neighbours shown of each thing unless more are asked for, and the most that can be.
USUAL, MOST = 24, 150
_MOST_THINGS: Final = 25
_LONGEST: Final = 200


@dataclass(frozen=True)
class Selection:
    """Things whose neighbours are shown; their names are those parts of IRIs that follow the prefix."""

    things: tuple[str, ...] = ()
    #: Whether what other sources say is shown too.
    outside: bool = False
    limit: int = USUAL

    def parameters(self) -> dict[str, Any]:
        """Return the selection as parameters of an address, without what is usual."""
        outside, limit = "1" if self.outside else None, self.limit if self.limit != USUAL else None
        return {"thing": list(self.things), "outside": outside, "limit": limit}

    def opening(self, thing: str) -> Selection:
        """Return the selection with the neighbours of one more thing; asked again, with more of them."""
        if thing in self.things:
            return replace(self, limit=min(self.limit * 2, MOST))
        return replace(self, things=(*self.things, thing)[-_MOST_THINGS:])

    def closing(self, thing: str) -> Selection:
        return replace(self, things=tuple(other for other in self.things if other != thing))

    def focusing(self, thing: str) -> Selection:
        return replace(self, things=(thing,), limit=USUAL)


def read_selection(book: Book, args: MultiDict[str, str]) -> tuple[Selection, str]:
    """Return what an address asks for, and the first name in it that nothing is called; "" if all are known.

    What cannot be meant is left out, so that old links go on working.
    """
    typed = [text for text in (*args.getlist("thing")[:_MOST_THINGS], *args.getlist("add")[:1]) if text.strip()]
    found = {text: _find(book, text[:_LONGEST]) for text in typed}
    limit = args.get("limit", "")
    selection = Selection(
        tuple(dict.fromkeys(filter(None, found.values()))),
        args.get("outside") == "1",
        min(max(int(limit), 1), MOST) if limit.isascii() and limit.isdigit() and len(limit) < 5 else USUAL,
    )
    return selection, next((text.strip() for text, thing in found.items() if not thing), "")


def _find(book: Book, text: str) -> str:
    try:
        return book.find_thing(text).removeprefix(book.names.prefixes["id"])
    except NotFound:
        return ""


#: Claims of one look-up; a thing with more claims is shown with those, and the page says so.
MOST_EDGES: Final = 1000
#: The claims between two things that have one of some things as either.
_AROUND: Final = """
WITH wanted(id) AS (
  SELECT term.id FROM json_each(:things) this JOIN term ON term.text = this.value AND term.kind = 0)
SELECT iri.text FROM (
  SELECT claim.* FROM wanted JOIN claim ON claim.subject = wanted.id
  UNION SELECT claim.* FROM wanted JOIN claim ON claim.object = wanted.id
) claim JOIN term iri ON iri.id = claim.id JOIN term subject ON subject.id = claim.subject
JOIN term object ON object.id = claim.object AND object.kind = 0
WHERE subject.text BETWEEN :first AND :last AND object.text BETWEEN :first AND :last
  AND (:outside OR claim.voice != 'outside')
ORDER BY iri.text LIMIT :limit
"""


@dataclass(frozen=True)
class Edge:
    """A claim that joins two different things, the ends."""

    ends: frozenset[str]
    claim: Claim


def edges_around(reader: GraphReader, things: Iterable[str], *, outside: bool) -> list[Edge]:
    """Return what joins the things to others or each other; what other sources say only if asked for."""
    root = reader.names.prefixes["id"]
    rows = reader.book.rows(
        _AROUND,
        things=json.dumps(sorted(set(things))),
        first=root,
        last=f"{root}\U0010ffff",
        outside=outside,
        limit=MOST_EDGES,
    )
    found = ((claim, claim.triple) for claim in reader.book.claims(iri for (iri,) in rows))
    return [
        Edge(frozenset((value_of(triple.subject), triple.object.value)), claim)
        for claim, triple in found
        if triple and isinstance(triple.object, NamedNode) and triple.subject != triple.object
    ]


def nearest(edges: Iterable[Edge], seeds: Iterable[str], limit: int) -> set[str]:
    """Return for each seed at most `limit` neighbours: first those joined to several seeds, or by several claims."""
    seeds, joined = set(seeds), defaultdict[str, dict[str, int]](lambda: defaultdict(int))
    for edge in edges:
        for seed in edge.ends & seeds:
            for other in edge.ends - seeds:
                joined[other][seed] += 1
    ranked = sorted(joined, key=lambda thing: (-len(joined[thing]), -sum(joined[thing].values()), thing))
    return {thing for seed in seeds for thing in [each for each in ranked if seed in joined[each]][:limit]}


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
    return url_for("explore.explore", **selection.parameters())
