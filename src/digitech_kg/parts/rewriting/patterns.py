"""Triple patterns of a group, with what is known of how many triples each of them fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, without

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
        """The pattern as it is written."""
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def ends(self) -> set[str]:
        """The names of the variables at its ends."""
        return {term[1:] for term in (self.subject, self.object) if term[0] in "?$"}

    @property
    def variables(self) -> set[str]:
        """The names of all its variables."""
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
