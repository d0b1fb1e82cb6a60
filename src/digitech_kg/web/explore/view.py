"""What the graph explorer shows for a selection: things, what joins them, what can be filtered, what is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.explore import queries as graph_queries
from digitech_kg.web.explore.claim_graph import (
    Edge,
    edges_around,
    edges_of_passage,
    is_certain_enough,
    nearest,
    shortest_path,
)
from digitech_kg.web.explore.state import MOST, Selection
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.reader import GraphReader

_DK, _ID = PREFIXES["dk"], PREFIXES["id"]
_MOST_SEEDS = 6


@dataclass(frozen=True)
class GraphNode:
    """A thing of the drawing; `hidden` neighbours of it are not shown."""

    name: Name
    key: str
    kind: Name | None
    opened: bool
    #: Its place on the path, from 1; 0 if it is not on it.
    step: int
    hidden: int
    open_href: str
    close_href: str
    focus_href: str


@dataclass(frozen=True)
class GraphEdge:
    """What joins two things: a claim, or a relation that was inferred (then `href` leads to the reasons)."""

    key: str
    subject: Name
    predicate: Name
    object: Name
    comment: str
    href: str
    #: How it is drawn: `Edge.style`.
    style: str
    certainty: Name | None
    negated: bool
    disputed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be filtered by, how often it occurs, and whether it is chosen."""

    name: Name
    key: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ExploreView:
    """Everything that the explorer's page shows."""

    selection: Selection
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    kinds: tuple[Choice, ...]
    certainties: tuple[Choice, ...]
    sections: tuple[Choice, ...]
    #: Names of the two ends of the path that is asked for.
    ends: tuple[Name, Name] | None
    path: tuple[Name, ...]
    #: Whether a thing has more claims than were looked at, or more things than can be drawn were asked for.
    truncated: bool


def view_explore(reader: GraphReader, selection: Selection, language: str) -> ExploreView:
    """Read what a selection shows; an empty one begins with the sectors, or the thing that most is claimed of."""
    if selection.is_start:
        selection = replace(selection, things=_start(reader))
    seeds = [_ID + thing for thing in selection.things]
    ends = tuple(_ID + thing for thing in selection.path) if selection.path else ()
    path = shortest_path(reader, ends[0], ends[1], selection) if ends else ()
    near = edges_around(reader, seeds, selection) if seeds else []
    if selection.passage and not seeds and not ends:
        near = edges_of_passage(reader, selection)
    sections = [row["section"].value for row in reader.rows(graph_queries.SECTIONS)]
    others = {end for edge in near for end in edge.ends} | {*seeds, *path, *ends}
    known = Names(reader, language, {*others, *sections, *(edge.certainty for edge in near)})
    chosen = _choose(near, seeds, known, selection)
    visible = dict.fromkeys([*seeds, *ends, *path, *sorted(chosen)])
    kept = set(list(visible)[:MOST])
    around = [edge for edge in edges_around(reader, kept, selection) if is_certain_enough(edge, selection)]
    shown = [edge for edge in around if edge.ends <= kept]
    names = Names(
        reader, language, {*kept, *_iris_of(shown), *(kind for iri in kept for kind in known.name(iri).kinds)}
    )
    return ExploreView(
        selection,
        _nodes(kept, path, around, names, selection),
        tuple(_view_edge(edge, names) for edge in shown),
        _kinds(near, seeds, known, reader, language, selection),
        _certainties(near, known, selection),
        _sections(sections, known, selection),
        (known.name(ends[0]), known.name(ends[1])) if ends else None,
        tuple(known.name(thing) for thing in path),
        len(near) >= graph_queries.MOST_EDGES or len(visible) > MOST,
    )


def _start(reader: GraphReader) -> tuple[str, ...]:
    """Give what a first look begins with, never the whole graph."""
    sectors = dict.fromkeys(row["sector"].value for row in reader.rows(browse_queries.SECTORS))
    found = list(sectors)[:_MOST_SEEDS] or [row["thing"].value for row in reader.rows(graph_queries.MOST_CLAIMED)]
    return tuple(iri.removeprefix(_ID) for iri in found if iri.startswith(_ID))


def _choose(near: list[Edge], seeds: list[str], names: Names, selection: Selection) -> set[str]:
    """Choose the things to show beside the seeds."""
    edges = [edge for edge in near if is_certain_enough(edge, selection)]
    ends = {end for edge in edges for end in edge.ends}
    allowed = {end for end in ends if _is_of_kind(end, names, selection)}
    if not seeds:
        return {end for edge in edges if edge.ends <= allowed for end in edge.ends}
    return nearest(edges, seeds, allowed, selection.limit)


def _is_of_kind(iri: str, names: Names, selection: Selection) -> bool:
    return not selection.kinds or any(kind.removeprefix(_DK) in selection.kinds for kind in names.name(iri).kinds)


def _iris_of(edges: Iterable[Edge]) -> set[str]:
    return {iri for e in edges for iri in (e.claim, e.subject, e.predicate, e.object, e.certainty) if iri}


def _nodes(
    kept: set[str], path: tuple[str, ...], around: list[Edge], names: Names, selection: Selection
) -> tuple[GraphNode, ...]:
    hidden: dict[str, set[str]] = defaultdict(set)
    for edge in around:
        for here in edge.ends & kept:
            other = edge.other(here)
            opened = here.removeprefix(_ID) in selection.things
            if other not in kept and not (opened and not _is_of_kind(other, names, selection)):
                hidden[here].add(other)
    steps = {iri: number for number, iri in enumerate(path, start=1)}
    nodes = (_node(iri, len(hidden[iri]), steps.get(iri, 0), names, selection) for iri in kept)
    return tuple(sorted(nodes, key=lambda node: (not node.opened, node.name.text.casefold(), node.key)))


def _node(iri: str, hidden: int, step: int, names: Names, selection: Selection) -> GraphNode:
    name, key = names.name(iri), iri.removeprefix(_ID)
    return GraphNode(
        name,
        key,
        names.name(name.kinds[0]) if name.kinds else None,
        key in selection.things,
        step,
        hidden,
        address_of(selection.opening(key)),
        address_of(selection.closing(key)),
        address_of(selection.focusing(key)),
    )


def address_of(selection: Selection) -> str:
    """Give the address of the explorer with a selection."""
    return url_for("explore.explore", **selection.parameters())


def _view_edge(edge: Edge, names: Names) -> GraphEdge:
    subject, predicate, end = names.name(edge.subject), names.name(edge.predicate), names.name(edge.object)
    if not edge.claim:
        why = url_for("why.why", subject=edge.subject, predicate=edge.predicate, object=edge.object)
        key = " ".join((edge.subject, edge.predicate, edge.object))
        return GraphEdge(key, subject, predicate, end, "", why, edge.style, None, negated=False, disputed=False)
    claim, certainty = names.name(edge.claim), names.name(edge.certainty)
    return GraphEdge(
        edge.claim,
        subject,
        predicate,
        end,
        claim.text,
        claim.href or "",
        edge.style,
        certainty,
        edge.negated,
        edge.disputed,
    )


def _kinds(
    near: list[Edge], seeds: list[str], names: Names, reader: GraphReader, language: str, selection: Selection
) -> tuple[Choice, ...]:
    """Give the kinds of the neighbours, those that occur most first."""
    others = {end for edge in near for end in edge.ends}.difference(seeds)
    counts = Counter(kind for iri in others for kind in names.name(iri).kinds)
    counts.update({_DK + kind: 0 for kind in selection.kinds})
    named = Names(reader, language, counts)
    choices = [_choice(named.name(kind), n, selection.kinds) for kind, n in counts.items()]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.name.text)))


def _certainties(near: list[Edge], names: Names, selection: Selection) -> tuple[Choice, ...]:
    counts = Counter(edge.certainty for edge in near if edge.claim)
    choices = [_choice(names.name(iri), n, selection.certainties) for iri, n in counts.items()]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.name.text)))


def _choice(name: Name, count: int, chosen: tuple[str, ...]) -> Choice:
    return Choice(name, name.key, count, name.key in chosen)


def _sections(sections: list[str], names: Names, selection: Selection) -> tuple[Choice, ...]:
    """Give the sections to choose from, and the passage that is chosen if it is none of them."""
    keys = {iri: iri.removeprefix(PREFIXES["passage"]) for iri in sections}
    if selection.passage and selection.passage not in keys.values():
        keys[PREFIXES["passage"] + selection.passage] = selection.passage
    return tuple(Choice(names.name(iri), key, 0, key == selection.passage) for iri, key in keys.items())
