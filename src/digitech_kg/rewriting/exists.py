"""EXISTS with several patterns: look up each pattern from the one before, not all of them for each solution.

The engine joins the patterns inside EXISTS by reading all triples of one of them for every solution outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from digitech_kg.rewriting.groups import Change, blocks, chained, has_open_graph, starts_with_patterns
from digitech_kg.rewriting.patterns import read_patterns
from digitech_kg.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import Syntax, child, enclosing_group


def iter_exists_changes(syntax: Syntax, statistics: Statistics | None) -> Iterator[Change]:
    """Yield what is to be done with the patterns in each EXISTS and NOT EXISTS."""
    fresh = syntax.fresh_names()
    for node in syntax.nodes("exists"):
        if has_open_graph(node):
            continue
        outside = _bound_outside(syntax, node)
        for group in _groups(node):
            if not starts_with_patterns(group):
                continue
            patterns = read_patterns(syntax, blocks(group), fresh)
            if patterns is None or len(patterns) < 2:
                continue
            # Patterns that are all bound outside are looked up as they stand; if none is, nothing can be.
            if all(pattern.ends & outside for pattern in patterns) or not any(p.ends & outside for p in patterns):
                continue
            edits = chained(group, patterns, outside, statistics)
            if edits:
                yield Change("EXISTS: one pattern after the other", edits, node)


def _bound_outside(syntax: Syntax, exists: Node) -> set[str]:
    """Return the variables that may be bound when EXISTS is evaluated: only the order of patterns depends on it."""
    group = enclosing_group(exists)
    if group is None:
        return syntax.variables_outside(exists.start_byte, exists.end_byte)
    found = syntax.variables(group.start_byte, exists.start_byte) | syntax.variables(exists.end_byte, group.end_byte)
    around = group.parent
    if around is not None and around.type in ("exists_func", "not_exists_func"):
        found |= _bound_outside(syntax, around)
    return found


def _groups(exists: Node) -> Iterator[Node]:
    """Yield the group of EXISTS and the branches of a UNION in it."""
    group = child(exists, "group_graph_pattern")
    waiting = [group] if group is not None else []
    while waiting:
        group = waiting.pop()
        yield group
        for member in group.children:
            if member.type == "group_or_union_graph_pattern":
                waiting += [part for part in member.children if part.type == "group_graph_pattern"]
