"""OPTIONAL of a side with few triples: find them once and keep them, instead of looking up each solution's.

A subquery of all variables means the same. The engine evaluates it alone, and joins what it found by a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from digitech_kg.rewriting.edits import Edit, Span
from digitech_kg.rewriting.groups import (
    MOST_KEPT,
    Change,
    blocks,
    found_alone,
    is_all_of_query,
    is_within_exists,
    members,
    starts_with_patterns,
)
from digitech_kg.rewriting.patterns import Pattern, read_patterns
from digitech_kg.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import Syntax, child, enclosing_group


def iter_optional_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Change]:
    """Yield what is to be done with each OPTIONAL."""
    if syntax.stops_early:
        return
    for node in syntax.nodes("optional"):
        group, inner = enclosing_group(node), child(node, "group_graph_pattern")
        if group is None or inner is None or not is_all_of_query(group) or is_within_exists(group):
            continue
        pattern = _only_pattern(syntax, inner)
        patterns = read_patterns(syntax, blocks(group)) if starts_with_patterns(group) else None
        if pattern is None or not patterns or not _is_all_looked_up(syntax, group, node, pattern, patterns):
            continue
        # Measured at a million triples; joins of several patterns may have fewer solutions than each has triples.
        rows, kept = min(outer.size(statistics) for outer in patterns), pattern.size(statistics)
        if kept * len(patterns) <= rows and kept <= MOST_KEPT:
            edit = Edit(Span.of(inner), (f"{{ {found_alone(pattern)} }}",))
            yield Change("OPTIONAL of a small side: found once", (edit,), group)


def _only_pattern(syntax: Syntax, group: Node) -> Pattern | None:
    """Return the pattern that is all of a group, if it is one of triples."""
    found = read_patterns(syntax, blocks(group)) if len(members(group)) == 1 else None
    return found[0] if found and len(found) == 1 and not found[0].is_path else None


def _is_all_looked_up(syntax: Syntax, group: Node, optional: Node, pattern: Pattern, patterns: list[Pattern]) -> bool:
    """Whether an OPTIONAL is evaluated for each solution of a group's patterns, and bound by these alone."""
    bound = {name for outer in patterns for name in outer.variables if not outer.is_path}
    before = syntax.variables(group.start_byte, optional.start_byte)
    if not pattern.variables & bound or not pattern.variables & before <= bound:
        return False
    others = [node for node in members(group) if node.type not in ("triples_block", "optional_graph_pattern")]
    return all(
        node.type == "filter" and not syntax.variables(node.start_byte, node.end_byte) & bound for node in others
    )
