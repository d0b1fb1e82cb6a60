"""Groups in braces and patterns of triples: what rules have to know of them, and the changes themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, ancestors, child, without

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
#: What is guessed of a pattern with a constant subject or object, and without any statistics.
FEW: Final = 10
MANY: Final = 1_000_000


@dataclass(frozen=True)
class Pattern:
    """A triple or path pattern: its parts as text, and what kind they are."""

    subject: str
    predicate: str
    object: str
    #: The IRI of the predicate, if it is one; and of the object.
    property_iri: str | None = None
    object_iri: str | None = None
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

    @property
    def is_narrow(self) -> bool:
        """Whether one of its ends is a constant."""
        return self.subject[0] not in "?$[" or self.object[0] not in "?$["

    def size(self, statistics: Statistics) -> int:
        """Return how many triples it fits, or a guess."""
        if self.is_path or self.property_iri is None:
            return MANY if self.is_path else statistics.triples
        if self.property_iri == RDF_TYPE and self.object_iri is not None:
            # Classes are the only constants that statistics tell of.
            count, is_guess = statistics.classes.get(self.object_iri, 0), self.subject[0] not in "?$["
        else:
            count, is_guess = statistics.properties.get(self.property_iri, 0), self.is_narrow
        return min(FEW, count) if is_guess else count


def read_patterns(syntax: Syntax, blocks: Iterable[Node], fresh: Iterator[str] | None = None) -> list[Pattern] | None:
    """Return the patterns of blocks in their order; None if one is not understood.

    With `fresh`, sequences of paths become patterns with these variables between them.
    """
    found: list[Pattern] = []
    for block in blocks:
        for triples in without(block.children, "."):
            if triples.type != "triples_same_subject":
                return None
            read = _read_triples(syntax, triples, fresh)
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
            ends = _End(syntax.text(subject)), _End(syntax.text(value), syntax.iri(value))
            found += list(_along(syntax, ends[0], verb, ends[1], fresh))
    return found


@dataclass(frozen=True)
class _End:
    text: str
    iri: str | None = None


def _along(syntax: Syntax, start: _End, verb: Node, end: _End, fresh: Iterator[str] | None) -> Iterator[Pattern]:
    """Yield the pattern of a verb between two ends, or those of its steps."""
    parts = verb.children
    if verb.type == "var":
        yield Pattern(start.text, syntax.text(verb), end.text, None, end.iri)
    elif verb.type == "path_element" and len(parts) == 1 and (iri := syntax.iri(parts[0])):
        yield Pattern(start.text, syntax.text(verb), end.text, iri, end.iri)
    elif fresh and verb.type == "path_element" and len(parts) == 2 and parts[0].type == "path_inverse":
        yield from _along_inverse(syntax, start, parts[1], end)
    elif fresh and verb.type == "path_element" and len(parts) == 3 and parts[0].type == "(":
        yield from _along(syntax, start, parts[1], end, fresh)
    elif fresh and verb.type == "binary_path" and len(parts) == 3 and parts[1].type == "/":
        between = _End(next(fresh))
        yield from _along(syntax, start, parts[0], between, fresh)
        yield from _along(syntax, between, parts[2], end, fresh)
    else:
        yield _path(syntax, start, syntax.text(verb), end, verb)


def _along_inverse(syntax: Syntax, start: _End, step: Node, end: _End) -> Iterator[Pattern]:
    iri = syntax.iri(step)
    if iri and end.text[0] in "?$<" and start.text[0] in "?$<":
        yield Pattern(end.text, syntax.text(step), start.text, iri, start.iri)
    else:
        yield _path(syntax, start, f"^{syntax.text(step)}", end, step)


def _path(syntax: Syntax, start: _End, text: str, end: _End, node: Node) -> Pattern:
    return Pattern(start.text, text, end.text, is_path=True, may_stay=any(_stays(syntax, node)))


def _stays(syntax: Syntax, node: Node) -> Iterator[bool]:
    yield node.type == "path_mod" and syntax.text(node) in "*?"
    for part in node.children:
        yield from _stays(syntax, part)


def in_order(patterns: list[Pattern], bound: set[str], statistics: Statistics | None) -> list[Pattern]:
    """Return patterns so that each can be looked up by what is bound when it comes."""
    known, left, found = set(bound), list(patterns), []
    cost: Callable[[Pattern], float]
    while left:
        cost = lambda pattern: _cost(pattern, known, statistics)  # noqa: E731, B023 - it is called at once.
        best = min(left, key=cost)
        left.remove(best)
        found.append(best)
        known |= best.variables
    return found


def _cost(pattern: Pattern, known: set[str], statistics: Statistics | None) -> float:
    """Return about how many triples a pattern gives for one solution that binds `known`."""
    size = pattern.size(statistics) if statistics else MANY
    subject, object_ = (term[0] not in "?$[" or term[1:] in known for term in (pattern.subject, pattern.object))
    joins = bool(pattern.variables & known)
    if subject and object_ and joins:
        return 0.1
    if subject and (joins or pattern.subject[0] not in "?$["):
        return 2 if pattern.property_iri else 20
    if object_ and pattern.object[1:] in known and pattern.object[0] in "?$":
        return 10 if pattern.property_iri else 100
    return max(size, 30)


#: What a name, a variable or a number can begin or end with.
_IN_WORD: Final = re.compile(r"[\w:.\-]")


@dataclass(frozen=True)
class Span:
    """A part of the old text, by byte offsets."""

    start: int
    end: int

    @classmethod
    def of(cls, node: Node) -> Span:
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
