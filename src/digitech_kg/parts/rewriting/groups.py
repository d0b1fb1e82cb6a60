"""Groups in braces: what the rules have to know of one before they may change it, and the changes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.patterns import Pattern, in_order
from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import ancestors, child, without

#: What a name, a variable or a number can begin or end with.
_IN_WORD: Final = re.compile(r"[\w:.\-]")


@dataclass(frozen=True)
class Span:
    """A part of the old text, by byte offsets."""

    start: int
    end: int

    @classmethod
    def of(cls, node: Node) -> Span:
        """Return where a node stands."""
        return cls(node.start_byte, node.end_byte)

    def holds(self, other: Span) -> bool:
        """Whether another span is within this one; an empty one at its edge is beside it."""
        if other.start == other.end:
            return self.start < other.start < self.end
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Edit:
    """What stands in the place of a span: new text, and other spans of the old one."""

    span: Span
    parts: tuple[str | Span, ...] = ()


@dataclass
class Edits:
    """Edits of one text. Two of them never overlap, unless one is within a span that the other one moves."""

    source: bytes
    _edits: list[Edit] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._edits)

    def collides(self, edits: Sequence[Edit]) -> bool:
        """Whether one of these spans overlaps with one that is edited, and neither is moved out of the other."""
        overlapping = (
            (new.span, old.span)
            for new in edits
            for old in self._edits
            if new.span.start < old.span.end and old.span.start < new.span.end
        )
        moved = [part for edit in (*self._edits, *edits) for part in edit.parts if isinstance(part, Span)]
        return any(all(part.holds(new) == part.holds(old) for part in moved) for new, old in overlapping)

    def add(self, edits: Sequence[Edit]) -> None:
        """Take edits that do not collide with earlier ones."""
        self._edits.extend(edits)

    def text(self, within: Span | None = None) -> str:
        """Return the text, or a part of it, with all edits made."""
        span = within or Span(0, len(self.source))
        inner = [edit for edit in self._edits if span.holds(edit.span)]
        pieces: list[str] = []
        place = span.start
        for edit in sorted(inner, key=lambda e: (e.span.start, -e.span.end)):
            if edit.span.start < place:
                continue  # It is within a span that another edit moves, and is made there.
            pieces.append(self.source[place : edit.span.start].decode())
            pieces += [part if isinstance(part, str) else self.text(part) for part in edit.parts]
            place = edit.span.end
        pieces.append(self.source[place : span.end].decode())
        return _joined(pieces)


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces as one text, with a space where two words would become one: "(… AS ?n){" needs none before "WHERE".

    >>> _joined(["AS ?n", "WHERE {", "?s"])
    'AS ?n WHERE {?s'
    """
    text: list[str] = []
    for piece in filter(None, pieces):
        if text and _IN_WORD.match(text[-1][-1]) and _IN_WORD.match(piece[0]):
            text.append(" ")
        text.append(piece)
    return "".join(text)


#: Solutions that may be kept for a join: so many take about 125 MB.
MOST_KEPT: Final = 500_000
_EXISTS: Final = ("exists_func", "not_exists_func")


@dataclass(frozen=True)
class Change:
    """What a rule does: its name and the edits."""

    rule: str
    edits: tuple[Edit, ...]


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
