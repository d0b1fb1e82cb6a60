"""Quads as the blocks that a Turtle file has: one per subject and graph, with the nodes without a name inside it.

Two blocks with the same content say the same, whatever the labels of these nodes are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Quad

#: The graph, and the subject; nodes without a name that nothing refers to are told apart by their content.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """The quads of one subject in one graph, and what they say."""

    quads: frozenset[Quad] = frozenset()
    content: frozenset[str] = frozenset()


def split_blocks(quads: Iterable[Quad]) -> dict[Key, Block]:
    """Give all blocks of a dataset."""
    said: dict[tuple[str, object], list[Quad]] = defaultdict(list)
    for quad in quads:
        said[str(quad.graph_name), quad.subject].append(quad)
    inside = {(g, q.object) for (g, _), quads in said.items() for q in quads if isinstance(q.object, BlankNode)}
    roots = [root for root in said if not isinstance(root[1], BlankNode) or root not in inside]
    blocks: dict[Key, Block] = {}
    for graph, subject in roots:
        block = _block(said, graph, subject)
        name = str(subject) if not isinstance(subject, BlankNode) else _digest(block.content)
        before = blocks.get((graph, name), Block())
        blocks[graph, name] = Block(before.quads | block.quads, block.content)
    return blocks


def _block(said: dict[tuple[str, object], list[Quad]], graph: str, subject: object) -> Block:
    found: set[Quad] = set()

    def content(node: object, passed: frozenset[object]) -> frozenset[str]:
        facts = set()
        for quad in said.get((graph, node), ()):
            found.add(quad)
            value = quad.object
            if not isinstance(value, BlankNode):
                facts.add(f"{quad.predicate} {value}")
            elif value in passed:
                facts.add(f"{quad.predicate} _:")
            else:
                facts.add(f"{quad.predicate} {_digest(content(value, passed | {value}))}")
        return frozenset(facts)

    facts = content(subject, frozenset({subject}))
    return Block(frozenset(found), facts)


def _digest(content: frozenset[str]) -> str:
    return "_:" + hashlib.sha256("\n".join(sorted(content)).encode()).hexdigest()
