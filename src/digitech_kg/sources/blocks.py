"""Quads that say the same, whatever the labels of nodes without a name are, and what such nodes hang on."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad

from digitech_kg.iteration import grouped
from digitech_kg.namespaces import GraphName

_Node = tuple[GraphName, Any]
#: Steps from a node in a circle that count for what it says.
_STEPS: Final = 20


def as_lines(quads: Iterable[Quad]) -> dict[Quad, str]:
    """Return each quad as a line in which a node without a name goes by what is said of it, and of those below it.

    That is made once for each, from the bottom up: a list is as deep as it is long, and a node may stand in several
    places.
    """
    quads = list(quads)
    said = grouped(((quad.graph_name, quad.subject), quad) for quad in quads if isinstance(quad.subject, BlankNode))
    digests: dict[_Node, str] = {}

    def shown(graph: GraphName, term: Any) -> str:
        return digests.get((graph, term), "_:") if isinstance(term, BlankNode) else str(term)

    def digest(node: _Node) -> str:
        content = sorted(f"{quad.predicate} {shown(node[0], quad.object)}" for quad in said[node])
        return "_:" + hashlib.sha256("\n".join(content).encode()).hexdigest()

    below = {node: {(node[0], q.object) for q in own if (node[0], q.object) in said} for node, own in said.items()}
    sorter = TopologicalSorter(below)
    with suppress(CycleError):
        sorter.prepare()
    while ready := sorter.get_ready():
        digests |= {node: digest(node) for node in ready}
        sorter.done(*ready)
    # Of what is in a circle, or leads to one, as much counts as is said within some steps.
    rest = [node for node in below if node not in digests]
    for _ in range(min(len(rest), _STEPS)):
        digests |= {node: digest(node) for node in rest}
    terms = ((quad, quad.graph_name) for quad in quads)
    return {q: f"{shown(g, q.subject)} {q.predicate} {shown(g, q.object)} {g}" for q, g in terms}


def find_owners(quads: Iterable[Quad]) -> dict[Any, Any]:
    """Return what refers to each node without a name."""
    return {q.object: q.subject for q in quads if isinstance(q.object, BlankNode)}


def root_of(node: Any, owners: Mapping[Any, Any]) -> NamedNode | BlankNode:
    """Return the thing that a node without a name hangs on, directly or not; the last such node if there is none."""
    passed = set[Any]()
    while isinstance(node, BlankNode) and node in owners and node not in passed:
        passed.add(node)
        node = owners[node]
    return node  # type: ignore[no-any-return]
