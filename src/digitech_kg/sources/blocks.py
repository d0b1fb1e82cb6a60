"""Quads as the blocks that a Turtle file has: one per subject and graph, with the nodes without a name inside it.

Two blocks with the same content say the same, whatever the labels of these nodes are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Quad

from digitech_kg.iteration import reachable

#: The graph, and the subject; nodes without a name that nothing refers to are told apart by their content.
Key = tuple[str, str]
_Node = tuple[str, object]
_Said = dict[_Node, list[Quad]]
#: Steps from a node in a circle that count for what it says.
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Block:
    """The quads of one subject in one graph, and what they say."""

    quads: frozenset[Quad] = frozenset()
    content: frozenset[str] = frozenset()


def split_blocks(quads: Iterable[Quad]) -> dict[Key, Block]:
    """Return all blocks of a dataset."""
    said: _Said = defaultdict(list)
    for quad in quads:
        said[str(quad.graph_name), quad.subject].append(quad)
    digests = _digests(said)
    inside = {below for node in said for below in _below(said, node)}
    blocks: dict[Key, Block] = {}
    placed: set[_Node] = set()
    # What only a circle of nodes without a name refers to comes last, and is a block of its own.
    for node in sorted(said, key=lambda node: digests[node] if node in inside else ""):
        if node in placed:
            continue
        reached = reachable([node], lambda each: _below(said, each))
        placed.update(reached)
        name = digests.get(node) or str(node[1])
        before = blocks.get((node[0], name), Block())
        found = frozenset(quad for each in reached for quad in said[each])
        blocks[node[0], name] = Block(before.quads | found, _content(said, node, digests))
    return blocks


def _below(said: _Said, node: _Node) -> set[_Node]:
    """Return the nodes without a name that a node refers to and that something is said of."""
    found = {(node[0], quad.object) for quad in said[node] if isinstance(quad.object, BlankNode)}
    return {each for each in found if each in said}


def _content(said: _Said, node: _Node, digests: Mapping[_Node, str]) -> frozenset[str]:
    def shown(value: object) -> str:
        return digests.get((node[0], value), "_:") if isinstance(value, BlankNode) else str(value)

    return frozenset(f"{quad.predicate} {shown(quad.object)}" for quad in said[node])


def _digests(said: _Said) -> dict[_Node, str]:
    """Return what tells each node without a name from others: a digest of what is said of it and of those below it.

    Each is made once, from the bottom up: a list is as deep as it is long, and a node may stand in several places.
    """
    digests: dict[_Node, str] = {}
    below = {node: _below(said, node) for node in said if isinstance(node[1], BlankNode)}
    sorter = TopologicalSorter(below)
    with suppress(CycleError):
        sorter.prepare()
    while ready := sorter.get_ready():
        digests |= {node: _digest(_content(said, node, digests)) for node in ready}
        sorter.done(*ready)
    # Of what is in a circle, or leads to one, as much counts as is said within some steps.
    rest = [node for node in below if node not in digests]
    for _ in range(min(len(rest), _STEPS)):
        digests |= {node: _digest(_content(said, node, digests)) for node in rest}
    return digests


def _digest(content: frozenset[str]) -> str:
    return "_:" + hashlib.sha256("\n".join(sorted(content)).encode()).hexdigest()
