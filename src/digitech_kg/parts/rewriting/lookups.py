"""Filters by IRI and OPTIONAL: find what there is little of first.

A filter that lets only some IRIs pass becomes VALUES, so that triples are looked up by them. The side of OPTIONAL that
has few triples becomes a subquery of all its variables: the engine evaluates it alone, and joins what it found by a
table, instead of looking up each solution's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.groups import (
    FEW,
    MANY,
    MOST_KEPT,
    Change,
    Edit,
    Pattern,
    Span,
    blocks,
    found_alone,
    has_open_graph,
    is_all_of_query,
    is_within_exists,
    members,
    read_patterns,
    starts_with_patterns,
)
from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, child, enclosing_group

#: How many times fewer triples there need to be with one of the values than another pattern has.
_UNTIL_VALUES: Final = 2
_IRIS: Final = ("iri_reference", "prefixed_name")


def iter_filter_changes(syntax: Syntax, statistics: Statistics | None) -> Iterator[Change]:
    """Yield what is to be done with filters by IRIs."""
    for node in syntax.nodes("filter"):
        inner, group = child(node, "bracketted_expression"), enclosing_group(node)
        if inner is None or group is None or is_within_exists(node) or has_open_graph(node):
            continue
        for part in _conjuncts(inner.children[1]):
            wanted = _wanted(syntax, part)
            edit = wanted and _values(syntax, group, *wanted, statistics)
            if edit:
                # The rest of the filter stays, and is as true as it was.
                yield Change("FILTER by IRI: VALUES", (Edit(Span.of(part), ("true",)), edit))


def _conjuncts(node: Node) -> Iterator[Node]:
    """Yield the parts of a condition that must all be true."""
    if node.type == "binary_expression" and node.children[1].type == "&&":
        yield from _conjuncts(node.children[0])
        yield from _conjuncts(node.children[2])
    elif node.type == "bracketted_expression":
        yield from _conjuncts(node.children[1])
    else:
        yield node


def _wanted(syntax: Syntax, part: Node) -> tuple[str, dict[str, None]] | None:
    """Return the variable and IRIs of `?v = iri`, `iri = ?v` or `?v IN (iri, …)`."""
    if part.type != "binary_expression" or len(part.children) != 3:
        return None
    left, operator, right = part.children
    if operator.type == "=" and right.type == "var":
        left, right = right, left
    if left.type != "var" or operator.type not in ("=", "IN"):
        return None
    if operator.type == "=":
        nodes = [right]
    elif right.type == "expression_list":
        nodes = [node for node in right.children if node.type not in ("(", ")", ",")]
    else:
        return None
    iris = [syntax.iri(node) if node.type in _IRIS else None for node in nodes]
    if not iris or None in iris:
        return None
    return syntax.text(left)[1:], dict.fromkeys(iri for iri in iris if iri)


def _values(
    syntax: Syntax, group: Node, name: str, iris: dict[str, None], statistics: Statistics | None
) -> Edit | None:
    """Return the edit that puts VALUES after the first block that binds the variable.

    None if the engine would do better to start with another pattern: it starts where there are constants.
    """
    patterns = read_patterns(syntax, blocks(group))
    if patterns is None or not _is_best_start(patterns, name, iris, statistics):
        return None
    for block in blocks(group):
        if any(name in pattern.variables and not pattern.is_path for pattern in read_patterns(syntax, [block]) or ()):
            listed = " ".join(f"<{iri}>" for iri in iris)
            return Edit(Span(block.end_byte, block.end_byte), (f" VALUES ?{name} {{ {listed} }} ",))
    return None


def _is_best_start(patterns: list[Pattern], name: str, iris: dict[str, None], statistics: Statistics | None) -> bool:
    """Whether no other pattern has fewer triples than there are with one of these values."""
    if statistics is None:
        return len(patterns) == 1
    starts = [pattern for pattern in patterns if name in pattern.variables and not pattern.is_narrow]
    found = [_size_with(pattern, name, iris, statistics) for pattern in starts]
    others = [pattern.size(statistics) for pattern in patterns if pattern not in starts]
    return bool(found) and min(found) * _UNTIL_VALUES <= min(others, default=MANY)


def _size_with(pattern: Pattern, name: str, iris: dict[str, None], statistics: Statistics) -> int:
    """Return about how many triples a pattern fits with one of these IRIs for a variable."""
    if pattern.predicate[1:] == name:
        return sum(statistics.properties.get(iri, 0) for iri in iris)
    if pattern.property_iri == RDF_TYPE and pattern.object[1:] == name:
        return sum(statistics.classes.get(iri, 0) for iri in iris)
    share = FEW if pattern.subject[1:] == name else max(FEW, pattern.size(statistics) // 20)
    return min(pattern.size(statistics), share * len(iris))


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
            yield Change("OPTIONAL of a small side: found once", (edit,))


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
