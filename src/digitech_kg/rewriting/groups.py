"""What the rules have to know of a group in braces before they may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from digitech_kg.rewriting.edits import Edit, Span
from digitech_kg.rewriting.patterns import Pattern, in_order
from digitech_kg.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import ancestors, child, without

#: Solutions that may be kept for a join: so many take about 125 MB.
MOST_KEPT: Final = 500_000
_EXISTS: Final = ("exists_func", "not_exists_func")


@dataclass(frozen=True)
class Change:
    """What a rule does: its name, the edits, and the node that shows best what was done."""

    rule: str
    edits: tuple[Edit, ...]
    shown: Node


def members(group: Node) -> list[Node]:
    """Return what a group consists of, without punctuation."""
    return without(group.children, "{", "}", ".")


def blocks(group: Node) -> list[Node]:
    """Return the blocks of triple patterns directly in a group."""
    return [node for node in group.children if node.type == "triples_block"]


def is_plain(group: Node) -> bool:
    """Whether a group has only triple patterns and filters."""
    return all(node.type in ("triples_block", "filter") for node in members(group))


def starts_with_patterns(group: Node) -> bool:
    """Whether no triple pattern of a group comes after anything but patterns and filters."""
    kinds = [node.type for node in members(group)]
    others = [place for place, kind in enumerate(kinds) if kind not in ("triples_block", "filter")]
    return "triples_block" not in kinds[others[0] :] if others else True


def is_within_exists(node: Node) -> bool:
    """Whether a node is evaluated anew for each solution of what is around it."""
    return any(around.type in _EXISTS for around in ancestors(node))


def is_all_of_query(group: Node) -> bool:
    """Whether a group is the whole pattern of a query or subquery, so that nothing outside binds its variables."""
    where, *others = ancestors(group)
    # VALUES after a query stands beside it in the tree, that after a subquery in it.
    return where.type == "where_clause" and all(child(node, "values_clause") is None for node in others[:2])


def has_open_graph(node: Node) -> bool:
    """Whether the graph in which a node is evaluated is a variable."""
    graphs = (around for around in ancestors(node) if around.type == "graph_graph_pattern")
    return any(graph.children[1].type == "var" for graph in graphs)


def chain(patterns: Sequence[Pattern]) -> str:
    """Return patterns as text, where each is looked up for every solution of those before it.

    LATERAL is an extension of the engine: https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md
    """
    return f"{patterns[0].text} {looked_up(patterns[1:])}"


def looked_up(patterns: Sequence[Pattern]) -> str:
    """Return patterns as text, each looked up for every solution of what is before it."""
    return " ".join(f"LATERAL {{ {pattern.text} }}" for pattern in patterns)


def found_alone(pattern: Pattern) -> str:
    """Return a pattern as a subquery of the same solutions, which the engine evaluates before it joins them."""
    names = " ".join(f"?{name}" for name in sorted(pattern.variables))
    return f"{{ SELECT {names} WHERE {{ {pattern.text} }} }}"


def chained(group: Node, patterns: list[Pattern], bound: set[str], statistics: Statistics | None) -> tuple[Edit, ...]:
    """Return the edits that put a group's patterns in order from what is bound, one after the other; none if unsafe."""
    order = in_order(patterns, bound, statistics)
    if not can_be_chained(order):
        return ()
    first, *others = blocks(group)
    return Edit(Span.of(first), (chain(order) + " ",)), *(Edit(Span.of(block)) for block in others)


def can_be_chained(order: Sequence[Pattern]) -> bool:
    """Whether patterns find the same one after the other as they do joined.

    A path that may stay where it is finds any node that it starts from; joined, only nodes of the graph.
    """
    certain: set[str] = set()
    loose: set[str] = set()
    for pattern in order:
        if pattern.may_stay and pattern.ends & loose - certain:
            return False
        if pattern.is_path:
            loose |= pattern.ends
        else:
            certain |= pattern.variables
    return True
