"""Claims as a graph: which things they join, what lies around a thing, and how two things hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.explore import queries as graph_queries
from digitech_kg.web.explore.state import Selection
from digitech_kg.web.reading.reader import GraphReader, Row, node, values

_DK = PREFIXES["dk"]
_ID = PREFIXES["id"]
#: Things that a search for a path looks at, and the claims that it may be long.
_MOST_VISITED, _LONGEST = 4000, 12
#: IRIs per look-up, far below the longest query.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Edge:
    """A claim between two things, or a relation that was inferred (then without a claim and a certainty)."""

    claim: str
    subject: str
    predicate: str
    object: str
    certainty: str = ""
    negated: bool = False
    disputed: bool = False
    outside: bool = False
    #: Whether it is somebody else's view than the author's.
    held: bool = False
    #: Whether it is said of a part of a group, or within limits only.
    limited: bool = False

    @property
    def style(self) -> str:
        """How it is drawn: as a plain fact only if nothing takes anything back."""
        marks = (
            ("inferred", not self.claim),
            ("denied", self.negated),
            ("disputed", self.disputed),
            ("outside", self.outside),
            ("held", self.held),
            ("limited", self.limited and self.certainty == _DK + "asserted"),
        )
        return next((name for name, holds in marks if holds), self.certainty.removeprefix(_DK))

    @property
    def ends(self) -> frozenset[str]:
        """The two things."""
        return frozenset((self.subject, self.object))

    def other(self, thing: str) -> str:
        """Give the end that is not `thing`."""
        return self.object if self.subject == thing else self.subject


def edges_around(reader: GraphReader, things: Iterable[str], selection: Selection) -> list[Edge]:
    """Give what joins the things to others or to each other, within the selection's filters but kind and certainty."""
    wanted, edges = sorted(set(things)), dict[Edge, None]()
    for start in range(0, len(wanted), _BATCH):
        edges |= dict.fromkeys(_look_up(reader, values(wanted[start : start + _BATCH]), selection))
    return [edge for edge in edges if edge.subject != edge.object]


def _look_up(reader: GraphReader, these: str, selection: Selection) -> list[Edge]:
    conditions, limit = _conditions(selection), graph_queries.MOST_EDGES
    query = graph_queries.EDGES.format(these=these, conditions=conditions, limit=limit)
    edges = [_edge(row) for row in reader.rows(query)]
    if selection.inferred and selection.denied != "only" and not selection.passage:
        rows = reader.rows(graph_queries.INFERRED_EDGES.format(these=these, limit=limit))
        edges += [Edge("", row["subject"].value, row["predicate"].value, row["object"].value) for row in rows]
    return edges


def edges_of_passage(reader: GraphReader, selection: Selection) -> list[Edge]:
    """Give what the selection's passage and its parts say of things."""
    query = graph_queries.EDGES_OF_PASSAGE.format(conditions=_conditions(selection), limit=graph_queries.MOST_EDGES)
    return [edge for edge in map(_edge, reader.rows(query)) if edge.subject != edge.object]


def _conditions(selection: Selection) -> str:
    found = [] if selection.outside else [graph_queries.NOT_OUTSIDE]
    if selection.denied:
        found.append(graph_queries.ONLY_DENIED if selection.denied == "only" else graph_queries.NOT_DENIED)
    if selection.passage:
        found.append(graph_queries.STATED_IN.format(this=node(PREFIXES["passage"] + selection.passage)))
    return "\n  ".join(found)


def _edge(row: Row) -> Edge:
    return Edge(
        claim=row["claim"].value,
        subject=row["subject"].value,
        predicate=row["predicate"].value,
        object=row["object"].value,
        certainty=row["certainty"].value,
        negated=_is(row, "negated", "true"),
        disputed=_is(row, "stance", _DK + "disputed"),
        outside=_is(row, "outside", "true"),
        held=_is(row, "held", "true"),
        limited=_is(row, "limited", "true"),
    )


def _is(row: Row, variable: str, value: str) -> bool:
    return variable in row and row[variable].value == value


def shortest_path(reader: GraphReader, start: str, end: str, selection: Selection) -> tuple[str, ...]:
    """Give the things on a shortest path, both ends included; nothing if there is none within reach.

    A claim that is denied, or that the author disputes, joins nothing. The search goes on from the end with fewer
    open ways, so a thing with many neighbours costs little.
    """
    came: tuple[dict[str, str], dict[str, str]] = ({start: ""}, {end: ""})
    fringes = [[start], [end]]
    for _ in range(_LONGEST):
        if start == end or not all(fringes) or sum(map(len, came)) > _MOST_VISITED:
            break
        side = 0 if len(fringes[0]) <= len(fringes[1]) else 1
        fringes[side] = _step(reader, fringes[side], came[side], selection)
        meeting = [thing for thing in fringes[side] if thing in came[1 - side]]
        if meeting:
            return _walk(min(meeting), came[0])[::-1] + _walk(min(meeting), came[1])[1:]
    return (start,) if start == end else ()


def _step(reader: GraphReader, fringe: list[str], came: dict[str, str], selection: Selection) -> list[str]:
    """Go one claim further from all of the fringe, and note where each new thing was reached from."""
    inside, found = set(fringe), []
    for edge in edges_around(reader, fringe, selection):
        if edge.negated or edge.disputed or not is_certain_enough(edge, selection):
            continue
        for here in sorted(edge.ends & inside):
            other = edge.other(here)
            if other not in came:
                came[other] = here
                found.append(other)
    return found


def _walk(thing: str, came: dict[str, str]) -> tuple[str, ...]:
    steps = [thing]
    while came[steps[-1]]:
        steps.append(came[steps[-1]])
    return tuple(steps)


def is_certain_enough(edge: Edge, selection: Selection) -> bool:
    """Whether the selection asks for claims of this certainty; what is inferred has none and is asked for apart."""
    return not selection.certainties or not edge.claim or edge.certainty.removeprefix(_DK) in selection.certainties


def nearest(edges: Iterable[Edge], seeds: Iterable[str], allowed: set[str] | None, limit: int) -> set[str]:
    """Give for each seed its neighbours, at most `limit`: first those joined to several seeds, or by several claims."""
    seeds, joined = set(seeds), defaultdict[str, dict[str, int]](lambda: defaultdict(int))
    for edge in edges:
        for seed in edge.ends & seeds:
            joined[edge.other(seed)][seed] += 1
    chosen: set[str] = set()
    candidates = [thing for thing in joined if thing not in seeds and (allowed is None or thing in allowed)]
    ranked = sorted(candidates, key=lambda thing: (-len(joined[thing]), -sum(joined[thing].values()), thing))
    for seed in seeds:
        chosen |= set([thing for thing in ranked if seed in joined[thing]][:limit])
    return chosen
