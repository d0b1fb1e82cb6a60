"""Patterns of triples in groups in braces: what rules have to know of them, and in which order to look them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from digitech_kg.sparql_text.tree import Syntax, ancestors, without

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


def read_patterns(syntax: Syntax, blocks: Iterable[Node], fresh: Iterator[str] | None = None) -> list[Pattern] | None:
    """Return the patterns of blocks in their order; None if one is not understood.

    With `fresh`, sequences of paths become patterns with these variables between them.
    """
    found: list[Pattern] = []
    for block in blocks:
        for triples in without(block.children, "."):
            read = _read_triples(syntax, triples, fresh) if triples.type == "triples_same_subject" else None
            if read is None:
                return None
            found += read
    return found


def _read_triples(syntax: Syntax, triples: Node, fresh: Iterator[str] | None) -> list[Pattern] | None:
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


def _along(syntax: Syntax, start: str, verb: Node, end: str, fresh: Iterator[str] | None) -> Iterator[Pattern]:
    """Yield the pattern of a verb between two ends, or those of its steps."""
    parts, kind = verb.children, verb.type
    if kind == "var" or (kind == "path_element" and len(parts) == 1 and _is_name(syntax, parts[0])):
        yield Pattern(start, syntax.text(verb), end)
    elif fresh and kind == "path_element" and len(parts) == 2 and parts[0].type == "path_inverse":
        yield _inverse(syntax, start, parts[1], end)
    elif fresh and kind == "path_element" and len(parts) == 3 and parts[0].type == "(":
        yield from _along(syntax, start, parts[1], end, fresh)
    elif fresh and kind == "binary_path" and len(parts) == 3 and parts[1].type == "/":
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


def blocks(group: Node) -> list[Node]:
    """Return the blocks of triple patterns directly in a group."""
    return [node for node in group.children if node.type == "triples_block"]


def starts_with_patterns(group: Node) -> bool:
    """Whether no triple pattern of a group comes after anything but patterns and filters."""
    kinds = [node.type for node in without(group.children, "{", "}", ".")]
    others = [place for place, kind in enumerate(kinds) if kind not in ("triples_block", "filter")]
    return "triples_block" not in kinds[others[0] :] if others else True


def has_open_graph(node: Node) -> bool:
    """Whether the graph in which a node is evaluated is a variable."""
    graphs = (around for around in ancestors(node) if around.type == "graph_graph_pattern")
    return any(graph.children[1].type == "var" for graph in graphs)


def in_order(patterns: Iterable[Pattern], bound: set[str]) -> list[Pattern]:
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


def chain(patterns: Sequence[Pattern]) -> str:
    """Return patterns as text, where each is looked up for every solution of those before it.

    LATERAL is an extension of the engine: https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md
    """
    return " ".join([patterns[0].text, *(f"LATERAL {{ {pattern.text} }}" for pattern in patterns[1:])])
