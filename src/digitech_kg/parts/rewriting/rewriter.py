"""Say a query in words that the engine evaluates faster, with the same answer; whatever is not understood stays.

Inside EXISTS the engine reads all triples of one pattern for every solution outside: there patterns are looked up one
after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.patterns import (
    blocks,
    can_be_chained,
    chain,
    has_open_graph,
    in_order,
    read_patterns,
    starts_with_patterns,
)
from digitech_kg.sparql_text.tree import Syntax, enclosing_group, read

_EXISTS: Final = ("exists_func", "not_exists_func")
#: Where old text begins and ends, by byte offsets, and what takes its place.
Edit = tuple[int, int, str]


def rewrite(text: str) -> str:
    """Return a query in faster words; the same text if it has no EXISTS, or one that is not understood."""
    if "EXISTS" not in text.upper():
        return text
    # Longer ones are hardly asked twice.
    return (_rewrite_once if len(text) <= 10_000 else _rewrite)(text)


def _rewrite(text: str) -> str:
    try:
        syntax = read(text)
        if syntax is None or syntax.nodes("service"):
            return text
        edits = sorted(_iter_edits(syntax), reverse=True)
    except RecursionError:
        # A chain of a thousand conditions is as deep a tree.
        return text
    source = syntax.source
    for start, end, new in edits:
        source = source[:start] + new.encode() + source[end:]
    return source.decode() if edits else text


_rewrite_once = lru_cache(256)(_rewrite)


def _iter_edits(syntax: Syntax) -> Iterator[Edit]:
    """Yield the edits that put the patterns in each EXISTS and NOT EXISTS one after the other."""
    fresh = syntax.fresh_names()
    for node in syntax.nodes("exists"):
        if has_open_graph(node):
            continue
        outside = _bound_outside(syntax, node)
        for group in _groups(node):
            patterns = read_patterns(syntax, blocks(group), fresh) if starts_with_patterns(group) else None
            if patterns is None or len(patterns) < 2:
                continue
            # Patterns that are all bound outside are looked up as they stand; if none is, nothing can be.
            are_bound = {bool(pattern.ends & outside) for pattern in patterns}
            order = in_order(patterns, outside)
            if len(are_bound) == 2 and can_be_chained(order):
                for place, block in enumerate(blocks(group)):
                    yield block.start_byte, block.end_byte, "" if place else f"{chain(order)} "


def _bound_outside(syntax: Syntax, exists: Node) -> set[str]:
    """Return the variables that may be bound when EXISTS is evaluated: only the order of patterns depends on it."""
    group = enclosing_group(exists)
    start, end = (group.start_byte, group.end_byte) if group is not None else (0, len(syntax.source))
    found = syntax.variables(start, exists.start_byte) | syntax.variables(exists.end_byte, end)
    around = group.parent if group is not None else None
    return found | _bound_outside(syntax, around) if around is not None and around.type in _EXISTS else found


def _groups(exists: Node) -> Iterator[Node]:
    """Yield the group of EXISTS and the branches of a UNION in it."""
    waiting = [group for group in exists.children if group.type == "group_graph_pattern"]
    while waiting:
        group = waiting.pop()
        yield group
        for member in group.children:
            if member.type == "group_or_union_graph_pattern":
                waiting += [part for part in member.children if part.type == "group_graph_pattern"]
