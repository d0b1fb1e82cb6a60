"""Say a query in words that the engine evaluates faster, with the same answer; whatever is not understood stays.

Inside EXISTS the engine reads all triples of one pattern for every solution outside: there patterns are looked up one
after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tree_sitter import Node

from digitech_kg.sparql_text.tree import Syntax, ancestors, enclosing_group, read, without

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
        if _has_open_graph(node):
            continue
        outside = _bound_outside(syntax, node)
        for group in _groups(node):
            patterns = _read_patterns(syntax, _blocks(group), fresh) if _starts_with_patterns(group) else None
            if patterns is None or len(patterns) < 2:
                continue
            # Patterns that are all bound outside are looked up as they stand; if none is, nothing can be.
            are_bound = {bool(pattern.ends & outside) for pattern in patterns}
            order = _in_order(patterns, outside)
            if len(are_bound) == 2 and _can_be_chained(order):
                for place, block in enumerate(_blocks(group)):
                    yield block.start_byte, block.end_byte, "" if place else f"{_chain(order)} "


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


_TERMS: Final = {
    "var",
    "iri_reference",
    "prefixed_name",
    "rdf_literal",
    "integer",
    "decimal",
    "double",
    "boolean_literal",
    "anon",
}


@dataclass(frozen=True)
class Pattern:
    """A triple or path pattern: its parts as text, and what kind they are."""

    subject: str
    predicate: str
    object: str
    is_path: bool = False
    #: A path that also leads from a node to itself.
    may_stay: bool = False

    @property
    def text(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def ends(self) -> set[str]:
        """The names of the variables at its ends."""
        return {term[1:] for term in (self.subject, self.object) if term[0] in "?$"}

    @property
    def variables(self) -> set[str]:
        return self.ends | ({self.predicate[1:]} if self.predicate[0] in "?$" else set())


def _read_patterns(syntax: Syntax, blocks: Iterable[Node], fresh: Iterator[str]) -> list[Pattern] | None:
    """Return the patterns of blocks in order, with `fresh` variables along paths; None if one is not understood."""
    found: list[Pattern] = []
    for block in blocks:
        for triples in without(block.children, "."):
            read = _read_triples(syntax, triples, fresh) if triples.type == "triples_same_subject" else None
            if read is None:
                return None
            found += read
    return found


def _read_triples(syntax: Syntax, triples: Node, fresh: Iterator[str]) -> list[Pattern] | None:
    if len(triples.children) != 2 or triples.children[0].type not in _TERMS:
        return None
    subject, properties = triples.children
    # One blank node that is the subject of several patterns would become several.
    if subject.type == "anon" and len(properties.children) > 1:
        return None
    found: list[Pattern] = []
    for entry in without(properties.children, ";"):
        if entry.type != "property" or len(entry.children) != 2 or entry.children[1].type != "object_list":
            return None
        verb, objects = entry.children
        for value in without(objects.children, ","):
            if value.type not in _TERMS or (subject.type == "anon" and len(objects.children) > 1):
                return None
            found += _along(syntax, syntax.text(subject), verb, syntax.text(value), fresh)
    return found


def _along(syntax: Syntax, start: str, verb: Node, end: str, fresh: Iterator[str]) -> Iterator[Pattern]:
    """Yield the pattern of a verb between two ends, or those of its steps."""
    parts, kind = verb.children, verb.type
    if kind == "var" or (kind == "path_element" and len(parts) == 1 and _is_name(syntax, parts[0])):
        yield Pattern(start, syntax.text(verb), end)
    elif kind == "path_element" and len(parts) == 2 and parts[0].type == "path_inverse":
        yield _inverse(syntax, start, parts[1], end)
    elif kind == "path_element" and len(parts) == 3 and parts[0].type == "(":
        yield from _along(syntax, start, parts[1], end, fresh)
    elif kind == "binary_path" and len(parts) == 3 and parts[1].type == "/":
        between = next(fresh)
        yield from _along(syntax, start, parts[0], between, fresh)
        yield from _along(syntax, between, parts[2], end, fresh)
    else:
        yield _path(syntax, start, syntax.text(verb), end, verb)


def _inverse(syntax: Syntax, start: str, step: Node, end: str) -> Pattern:
    if _is_name(syntax, step) and end[0] in "?$<" and start[0] in "?$<":
        return Pattern(end, syntax.text(step), start)
    return _path(syntax, start, f"^{syntax.text(step)}", end, step)


def _is_name(syntax: Syntax, node: Node) -> bool:
    return node.type in ("iri_reference", "prefixed_name") or syntax.text(node) == "a"


def _path(syntax: Syntax, start: str, text: str, end: str, node: Node) -> Pattern:
    return Pattern(start, text, end, is_path=True, may_stay=any(_stays(syntax, node)))


def _stays(syntax: Syntax, node: Node) -> Iterator[bool]:
    yield node.type == "path_mod" and syntax.text(node) in "*?"
    for part in node.children:
        yield from _stays(syntax, part)


def _blocks(group: Node) -> list[Node]:
    """Return the blocks of triple patterns directly in a group."""
    return [node for node in group.children if node.type == "triples_block"]


def _starts_with_patterns(group: Node) -> bool:
    """Whether no triple pattern of a group comes after anything but patterns and filters."""
    kinds = [node.type for node in without(group.children, "{", "}", ".")]
    others = [place for place, kind in enumerate(kinds) if kind not in ("triples_block", "filter")]
    return "triples_block" not in kinds[others[0] :] if others else True


def _has_open_graph(node: Node) -> bool:
    """Whether the graph in which a node is evaluated is a variable."""
    graphs = (around for around in ancestors(node) if around.type == "graph_graph_pattern")
    return any(graph.children[1].type == "var" for graph in graphs)


def _in_order(patterns: Iterable[Pattern], bound: set[str]) -> list[Pattern]:
    """Return patterns so that each can be looked up by what is bound when it comes."""
    known, left, found = set(bound), list(patterns), list[Pattern]()
    while left:
        best = min(left, key=lambda pattern: _cost(pattern, known))
        left.remove(best)
        found.append(best)
        known |= best.variables
    return found


def _cost(pattern: Pattern, known: set[str]) -> int:
    """Return what puts patterns in order: about how many triples one gives for one solution that binds `known`."""
    subject, object_ = (term[0] not in "?$[" or term[1:] in known for term in (pattern.subject, pattern.object))
    joins = bool(pattern.variables & known)
    is_named = not pattern.is_path and pattern.predicate[0] not in "?$"
    if subject and object_ and joins:
        return 1
    if subject and (joins or pattern.subject[0] not in "?$["):
        return 2 if is_named else 20
    if object_ and pattern.object[0] in "?$":
        return 10 if is_named else 100
    return 1_000_000


def _can_be_chained(order: Sequence[Pattern]) -> bool:
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


def _chain(patterns: Sequence[Pattern]) -> str:
    """Return patterns as text, where each is looked up for every solution of those before it.

    LATERAL is an extension of the engine: https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md
    """
    return " ".join([patterns[0].text, *(f"LATERAL {{ {pattern.text} }}" for pattern in patterns[1:])])
