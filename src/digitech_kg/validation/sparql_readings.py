"""What a SPARQL constraint reads: its triple patterns, each with the ways that lead from `$this` to it.

A way to a pattern may use only patterns that hold whenever that pattern matters: those of its own group and of the
groups around it, not those of an OPTIONAL, a UNION's other branch or an EXISTS beside it.
https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from pyoxigraph import NamedNode
from rdflib import BNode, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from digitech_kg.validation.readings import Chain, Reading, Role, Step, Unbounded, chains_of, cost_of

_THIS = "this"


@dataclass(frozen=True, eq=False)
class _Edge:
    """A triple pattern between variables; an end or predicate that is a constant has no name."""

    subject: str | None
    object: str | None
    step: Step
    predicate: str | None = None


@dataclass
class _Group:
    """Patterns that hold together; `outer` is the group around them that holds as well, if any."""

    outer: _Group | None = None
    edges: list[_Edge] = field(default_factory=list)
    #: Whether its filters know the values of the variables of `outer`, as those of an OPTIONAL or EXISTS do.
    filters_see_outer: bool = True
    #: Whether it is an EXISTS, which knows only what the filter that it stands in knows.
    in_filter: bool = False

    def visible(self) -> list[_Edge]:
        """Give the patterns that hold whenever one of the group does."""
        if self.outer is None:
            return self.edges
        return [*self.edges, *(self.outer.known_to_filters() if self.in_filter else self.outer.visible())]

    def known_to_filters(self) -> list[_Edge]:
        outer = self.outer.known_to_filters() if self.outer and self.filters_see_outer else []
        return [*self.edges, *outer]


def readings_of_query(text: str, prefixes: dict[str, str]) -> list[Reading]:
    """Give what a SELECT or ASK with a pre-bound `$this` reads.

    Raises `Unbounded` if it has a pattern that nothing connects with `$this`, or a form that is not analysed.
    """
    try:
        query = prepareQuery(text, initNs=prefixes)
    except Exception as error:  # rdflib has no common base for what its parser raises.
        raise Unbounded(f"its query cannot be read: {error}") from error
    walker = _Walker()
    walker.pattern(query.algebra, walker.group(None))
    return [_reading(edge, group) for group in walker.groups for edge in group.edges]


def _reading(edge: _Edge, group: _Group) -> Reading:
    """Give the pattern with a way to each of its ends that has one besides the pattern itself."""
    ways = _ways([other for other in group.visible() if other is not edge])
    once = (edge.step,) if edge.step.repeated else ()
    back = (edge.step.reversed(),) if edge.step.repeated else ()
    ends: list[tuple[Role, Chain]] = []
    for role, name, rest in (("subject", edge.subject, once), ("object", edge.object, back)):
        if name in ways:
            ends.append((role, (*ways[name], *rest)))  # type: ignore[arg-type]
    ends.sort(key=lambda end: cost_of(end[0], end[1], edge.step.predicates))
    if not ends:
        raise Unbounded("it has a pattern that nothing connects with $this")
    if edge.predicate is None:
        return Reading(edge.step.predicates, tuple(ends[:1]))
    if edge.predicate in ways:
        ends.append(("predicate", ways[edge.predicate]))
    return Reading(frozenset(), tuple(ends))


def _ways(edges: list[_Edge]) -> dict[str | None, Chain]:
    """Give the cheapest chain from `$this` to each variable that the patterns connect with it."""
    steps = [(edge.subject, edge.object, edge.step) for edge in edges]
    steps += [(edge.object, edge.subject, edge.step.reversed()) for edge in edges]
    found: dict[str | None, Chain] = {}
    ticket = count()
    waiting: list[tuple[int, int, str, Chain]] = [(0, 0, _THIS, ())]
    while waiting:
        cost, _, name, chain = heappop(waiting)
        if name in found:
            continue
        found[name] = chain
        for start, end, step in steps:
            if start == name and end is not None and end not in found:
                heappush(waiting, (cost + step.cost, next(ticket), end, (*chain, step)))
    return found


class _Walker:
    """Sorts the patterns of rdflib's algebra into groups."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self._fresh = count()

    def group(self, outer: _Group | None, *, filters_see_outer: bool = True, in_filter: bool = False) -> _Group:
        self.groups.append(_Group(outer, [], filters_see_outer, in_filter))
        return self.groups[-1]

    def pattern(self, node: Any, group: _Group, names: dict[str, str] | None = None) -> None:
        """Put the patterns of an algebra node into a group and into those inside it; `names` renames variables."""
        visit = getattr(self, f"_{node.name.lower()}", None)
        if visit is None:
            raise Unbounded(f"its query has a part that is not analysed: {node.name}")
        visit(node, group, names if names is not None else {})

    def _bgp(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        for subject, predicate, value in node.triples:
            self._triple(self._name(subject, names), predicate, self._name(value, names), group, names)

    def _triple(
        self, subject: str | None, predicate: Any, value: str | None, group: _Group, names: dict[str, str]
    ) -> None:
        if not isinstance(predicate, URIRef | Path):
            variable = self._name(predicate, names)
            group.edges.append(_Edge(subject, value, Step(frozenset[NamedNode]()), variable))
            return
        chains = chains_of(predicate)
        for chain in chains:
            # Alternatives are branches: none of them holds for sure.
            own = group if len(chains) == 1 else self.group(group, filters_see_outer=False)
            nodes = [subject, *(f" {next(self._fresh)}" for _ in chain[1:]), value]
            for step, start, end in zip(chain, nodes, nodes[1:], strict=False):
                ends = (start, end) if step.forward else (end, start)
                own.edges.append(_Edge(*ends, Step(step.predicates, True, step.repeated)))

    def _name(self, term: Any, names: dict[str, str]) -> str | None:
        """Give the name under which a term connects patterns; None for a constant."""
        if not isinstance(term, Variable | BNode):
            return None
        name = f"_:{term}" if isinstance(term, BNode) else str(term)
        if name in ("PATH", "shapesGraph", "currentShape"):
            raise Unbounded(f"its query uses ${name}")
        return names.get(name, name) if not names or name in names else self._local(name, names)

    def _local(self, name: str, names: dict[str, str]) -> str:
        """A variable that a subquery does not give out is another one than that of the same name outside."""
        names[name] = f"{name} {next(self._fresh)}"
        return names[name]

    def _join(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        for part in (node.p1, node.p2):
            inner = group if part.name in ("BGP", "Join") else self.group(group, filters_see_outer=False)
            self.pattern(part, inner, names)

    def _leftjoin(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p1, group, names)
        optional = self.group(group)
        self.pattern(node.p2, optional, names)
        self._expression(node.expr, optional, names)

    def _union(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        for part in (node.p1, node.p2):
            self.pattern(part, self.group(group, filters_see_outer=False), names)

    def _minus(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p1, group, names)
        self.pattern(node.p2, self.group(group, filters_see_outer=False), names)

    def _filter(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p, group, names)
        self._expression(node.expr, group, names)

    _extend = _filter

    def _project(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p, group, {str(variable): names.get(str(variable), str(variable)) for variable in node.PV})

    def _tomultiset(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p, self.group(group, filters_see_outer=False), names)

    def _values(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        """Inline data reads nothing."""

    def _inside(self, node: CompValue, group: _Group, names: dict[str, str]) -> None:
        self.pattern(node.p, group, names)

    _selectquery = _askquery = _distinct = _reduced = _orderby = _aggregatejoin = _group = _inside

    def _expression(self, expression: Any, group: _Group, names: dict[str, str]) -> None:
        """Put the patterns of each EXISTS of an expression into groups of their own."""
        for inner in _exists(expression):
            self.pattern(inner, self.group(group, in_filter=True), names)


def _exists(expression: Any) -> Iterator[CompValue]:
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield expression.graph
            return
        expression = list(expression.values())
    if isinstance(expression, list):
        for part in expression:
            yield from _exists(part)
