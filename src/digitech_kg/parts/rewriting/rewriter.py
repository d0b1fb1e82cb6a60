"""Say a query in words that the engine evaluates faster, with the same answer; whatever is not understood stays.

Inside EXISTS the engine reads all triples of one pattern for every solution outside: there patterns are looked up one
after the other. The engine starts with a constant, so IRIs that a filter asks for are given to it as values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.patterns import (
    Pattern,
    blocks,
    can_be_chained,
    chain,
    has_open_graph,
    in_order,
    read_patterns,
    starts_with_patterns,
)
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, ancestors, child, enclosing_group, read, without

#: In capitals. A variable beside what may be an IRI: only such a filter can be a rule's.
_BY_IRI: Final = re.compile(r"[?$]\w+\s*=\s*[<A-Z_:]|[>\w:]\s*=\s*[?$]|\bIN\s*\(")
_EXISTS: Final = ("exists_func", "not_exists_func")
_IRIS: Final = ("iri_reference", "prefixed_name")
#: Where old text begins and ends, by byte offsets, and what takes its place.
Edit = tuple[int, int, str]


def may_apply(text: str) -> bool:
    """Return whether any rule could apply, by a search that costs next to nothing."""
    folded = text.upper()
    return "EXISTS" in folded or ((at := folded.find("FILTER")) >= 0 and _BY_IRI.search(folded, at) is not None)


def rewrite(text: str, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
    """Return a query in faster words; the same text if no rule applies. `prefixes` need no declaration."""
    if not may_apply(text):
        return text
    # Longer ones are hardly asked twice.
    return (_rewrite_once if len(text) <= 10_000 else _rewrite)(text, prefixes)


def _rewrite(text: str, prefixes: tuple[tuple[str, str], ...]) -> str:
    try:
        syntax = read(text, prefixes)
        if syntax is None or syntax.nodes("service"):
            return text
        # No two edits overlap: those of patterns are inside EXISTS, those of filters outside.
        edits = sorted((*_iter_exists_edits(syntax), *_iter_filter_edits(syntax)), reverse=True)
    except RecursionError:
        # A chain of a thousand conditions is as deep a tree.
        return text
    source = syntax.source
    for start, end, new in edits:
        source = source[:start] + new.encode() + source[end:]
    return source.decode() if edits else text


_rewrite_once = lru_cache(256)(_rewrite)


def _iter_exists_edits(syntax: Syntax) -> Iterator[Edit]:
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


def _iter_filter_edits(syntax: Syntax) -> Iterator[Edit]:
    """Yield the edits that give the engine the IRIs that a FILTER asks for as VALUES."""
    for node in syntax.nodes("filter"):
        inner, group = child(node, "bracketted_expression"), enclosing_group(node)
        if inner is None or group is None or has_open_graph(node):
            continue
        if any(around.type in _EXISTS for around in ancestors(node)):
            continue
        for part in _conjuncts(inner.children[1]):
            wanted = _wanted(syntax, part)
            place = wanted and _place_of_values(syntax, group, wanted[0])
            if wanted and place:
                # The rest of the filter stays, and is as true as it was.
                yield part.start_byte, part.end_byte, "true"
                yield place, place, f" VALUES ?{wanted[0]} {{ {' '.join(f'<{iri}>' for iri in wanted[1])} }} "


def _conjuncts(node: Node) -> Iterator[Node]:
    """Yield the parts of a condition that must all be true."""
    if node.type == "binary_expression" and node.children[1].type == "&&":
        yield from _conjuncts(node.children[0])
        yield from _conjuncts(node.children[2])
    elif node.type == "bracketted_expression":
        yield from _conjuncts(node.children[1])
    else:
        yield node


def _wanted(syntax: Syntax, part: Node) -> tuple[str, list[str]] | None:
    """Return the variable and IRIs, each once, of `?v = iri`, `iri = ?v` or `?v IN (iri, …)`."""
    if part.type != "binary_expression" or len(part.children) != 3:
        return None
    left, operator, right = part.children
    if operator.type == "=" and right.type == "var":
        left, right = right, left
    if left.type != "var" or operator.type not in ("=", "IN"):
        return None
    is_list = right.type == "expression_list"
    nodes = without(right.children, "(", ")", ",") if is_list else [right]
    iris = [syntax.iri(node) if node.type in _IRIS else None for node in nodes]
    return (syntax.text(left)[1:], list(dict.fromkeys(filter(None, iris)))) if iris and all(iris) else None


def _place_of_values(syntax: Syntax, group: Node, name: str) -> int | None:
    """Return the end of the first block with a pattern that binds a variable, for VALUES.

    None if the engine would do better to start with another pattern: it starts where there are constants. Classes are
    bad starts, as they have many members.
    """
    patterns = read_patterns(syntax, blocks(group))
    if patterns is None or not any(_is_start(pattern, name) for pattern in patterns):
        return None
    if any(pattern.is_narrow and pattern.property_iri != RDF_TYPE for pattern in patterns):
        return None
    for block in blocks(group):
        if any(name in pattern.variables and not pattern.is_path for pattern in read_patterns(syntax, [block]) or ()):
            return block.end_byte
    return None


def _is_start(pattern: Pattern, name: str) -> bool:
    """Whether a value for a variable leads to few triples of a pattern."""
    is_class = pattern.property_iri == RDF_TYPE and pattern.object[1:] == name
    return name in pattern.variables and not pattern.is_narrow and not is_class and not pattern.is_path
