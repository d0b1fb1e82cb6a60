"""Validate what a change could have changed, and nothing else, with the same verdict as validating everything.

    affected = affected_focus_nodes(footprint, before, changed)
    report = validate(before…) if affected is None else validate_affected(shapes, after, affected)

The new report of the whole is the old one without the results of the affected focus nodes, and these results in their
place. Proven equal to validating everything by `make gate-check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from digitech_kg.namespaces import RDFS
from digitech_kg.triple_store import store_of
from digitech_kg.validation.footprint import Footprint, read_footprint
from digitech_kg.validation.gate import validate
from digitech_kg.validation.readings import Chain, Reading, Role, Step
from digitech_kg.validation.report import Report, keep_focus_nodes

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
#: More than these are validated faster all together.
MOST_AFFECTED, MOST_CHANGED = 1500, 5000
_MOST_ON_THE_WAY = 20 * MOST_AFFECTED


class DataGraph:
    """The triples that shapes see of one or more stores: one graph, or all graphs but one, each triple once or more."""

    def __init__(self, *stores: Store, graph: NamedNode | None = None, without: NamedNode | None = None) -> None:
        self._stores, self._graph, self._without = stores, graph, without

    def triples(self, subject: Term | None, predicate: NamedNode | None, value: Term | None) -> Iterator[Quad]:
        """Yield the triples that have these terms; None is any term."""
        if isinstance(subject, Literal | Triple):
            return
        for store in self._stores:
            for quad in store.quads_for_pattern(subject, predicate, value, self._graph):
                if quad.graph_name != self._without:
                    yield quad

    def holds(self, quad: Quad) -> bool:
        """Whether a quad is in a graph that the shapes see."""
        return quad.graph_name != self._without and self._graph in (None, quad.graph_name)

    def with_quads(self, quads: Iterable[Quad]) -> DataGraph:
        """Give this graph and these quads."""
        return DataGraph(*self._stores, store_of(quads), graph=self._graph, without=self._without)

    def after(self, nodes: Iterable[Term], step: Step, *, most: int | None = None) -> set[Term]:
        """Give where a step leads from these nodes. Raises `OverflowError` for more than `most`."""
        found: set[Term] = set(nodes) if step.repeated else set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            for reached in self._once(node, step):
                if reached not in found:
                    found.add(reached)
                    if step.repeated:
                        waiting.append(reached)
            if most is not None and len(found) > most:
                raise OverflowError
        return found

    def _once(self, node: Term, step: Step) -> Iterator[Term]:
        for predicate in step.predicates or (None,):
            if step.forward:
                yield from (quad.object for quad in self.triples(node, predicate, None))
            else:
                yield from (quad.subject for quad in self.triples(None, predicate, node))


def affected_focus_nodes(footprint: Footprint, data: DataGraph, changed: Collection[Quad]) -> frozenset[Term] | None:
    """Give all nodes whose validation results can differ after a change; None if everything is to be validated.

    `data` is the graph before the change or after it; `changed` has all quads that were added or removed.
    """
    seen = [quad for quad in changed if data.holds(quad)]
    if footprint.why_unbounded or len(seen) > MOST_CHANGED:
        return None
    if any(quad.predicate == RDFS.subClassOf for quad in seen):
        # The class tree has a say in every target and every sh:class.
        return None
    walk = _WayBack(data.with_quads(seen))
    found: set[Term] = set()
    try:
        for quad in seen:
            for reading in footprint.readings_of(quad.predicate):
                found |= walk.focus_nodes(reading, quad)
                if len(found) > MOST_AFFECTED:
                    return None
    except OverflowError:
        return None
    return frozenset(found)


class _WayBack:
    """Follows chains from changed triples back to focus nodes, each once."""

    def __init__(self, data: DataGraph) -> None:
        self._data = data
        self._known: dict[tuple[Term, Chain], set[Term]] = {}

    def focus_nodes(self, reading: Reading, quad: Quad) -> set[Term]:
        """Give the nodes from which all chains of a reading lead to the terms of a triple."""
        terms = {"subject": quad.subject, "predicate": quad.predicate, "object": quad.object}
        found: set[Term] | None = None
        for role, chain in reading.ends:
            nodes = self._back(terms[role], chain)
            found = nodes if found is None else found & nodes
            if not found:
                break
        return found or set()

    def _back(self, node: Term, chain: Chain) -> set[Term]:
        if not chain:
            return {node}
        if (node, chain) not in self._known:
            before = self._data.after([node], chain[-1].reversed(), most=_MOST_ON_THE_WAY)
            found: set[Term] = set()
            for each in before:
                found |= self._back(each, chain[:-1])
            self._known[node, chain] = found
        return self._known[node, chain]


def extract(footprint: Footprint, data: DataGraph, focus_nodes: Iterable[Term]) -> bytes:
    """Give as N-Triples all that the shapes can see from these focus nodes, and the class tree."""
    reached: dict[Chain, set[Term]] = {(): set(focus_nodes)}
    found = {quad.triple for quad in data.triples(None, RDFS.subClassOf, None)}
    wanted: dict[tuple[Role, Chain], set[NamedNode | None]] = {}
    for reading in footprint.readings:
        role, chain = reading.ends[0]
        wanted.setdefault((role, chain), set()).update(reading.predicates or {None})
    for (role, chain), predicates in wanted.items():
        for node in _reach(data, reached, chain):
            quads = _at(data, node, role, predicates)
            found.update(quad.triple for quad in quads if not isinstance(quad.object, Triple))
    return serialize(found, format=RdfFormat.N_TRIPLES) or b""


def validate_affected(shapes: bytes, data: DataGraph, focus_nodes: Collection[Term]) -> Report:
    """Give what validating all of `data` reports on these focus nodes.

    `shapes` are those whose footprint told the focus nodes apart, `data` is the graph before or after the change.
    """
    extracted = extract(read_footprint(shapes), data, focus_nodes)
    # Other nodes of the extract are there by halves, so what is reported on them means nothing.
    return keep_focus_nodes(validate(extracted, shapes), {_text(node) for node in focus_nodes})


def _reach(data: DataGraph, reached: dict[Chain, set[Term]], chain: Chain) -> set[Term]:
    if chain not in reached:
        reached[chain] = data.after(_reach(data, reached, chain[:-1]), chain[-1])
    return reached[chain]


def _at(data: DataGraph, node: Term, role: Role, predicates: set[NamedNode | None]) -> Iterator[Quad]:
    """Yield the triples of these predicates (None: of any) that have a node in a role."""
    for predicate in {None} if None in predicates else predicates:
        yield from data.triples(node, predicate, None) if role == "subject" else data.triples(None, predicate, node)


def _text(node: Term) -> str:
    return str(node) if isinstance(node, Triple) else node.value
