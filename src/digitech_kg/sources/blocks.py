"""Compare quads whatever the labels of their blank nodes are, and find the things that blank nodes belong to."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad

from digitech_kg.iteration import grouped
from digitech_kg.namespaces import GraphName

_Node = tuple[GraphName, Any]
#: How many steps from a node in a cycle are followed to describe it.
_STEPS: Final = 20


def as_lines(quads: Iterable[Quad]) -> dict[Quad, str]:
    """Return each quad as a line in which a hash of what is said about a blank node and those below it stands for it.

    Each hash is made once, from the bottom up: a list is as deep as it is long, and a node may appear in several
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
    # For a node in a cycle, or that leads to one, what is said within a few steps counts.
    rest = [node for node in below if node not in digests]
    for _ in range(min(len(rest), _STEPS)):
        digests |= {node: digest(node) for node in rest}
    terms = ((quad, quad.graph_name) for quad in quads)
    return {q: f"{shown(g, q.subject)} {q.predicate} {shown(g, q.object)} {g}" for q, g in terms}


def find_owners(quads: Iterable[Quad]) -> dict[Any, Any]:
    """Return the node that refers to each blank node."""
    return {q.object: q.subject for q in quads if isinstance(q.object, BlankNode)}


def root_of(node: Any, owners: Mapping[Any, Any]) -> NamedNode | BlankNode:
    """Return the thing that a blank node belongs to, directly or not; the last blank node if there is none."""
    passed = set[Any]()
    while isinstance(node, BlankNode) and node in owners and node not in passed:
        passed.add(node)
        node = owners[node]
    return node  # type: ignore[no-any-return]
