"""Groups in braces and triple patterns of a query, as the rules read and write them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
#: The guessed sizes of a pattern with a constant subject or object, and of one without any statistics.
FEW: Final = 10
MANY: Final = 1_000_000
#: Solutions that may be kept for a join: so many take about 125 MB.
MOST_KEPT: Final = 500_000
EXISTS: Final = ("exists_func", "not_exists_func")

#: A rule's name, and for each node that is replaced the new text, with nodes that stay as they are.
Rewording = tuple[str, Mapping[Node, Sequence[str | Node]]]


@dataclass(frozen=True)
class PatternTerm:
    """A part of a pattern as text; its IRI, if it is one."""

    text: str
    iri: str | None = None

    @property
    def name(self) -> str:
        """The name of a variable; empty for all else."""
        return self.text[1:] if self.text[0] in "?$" else ""

    @property
    def is_constant(self) -> bool:
        return self.text[0] not in "?$["


@dataclass(frozen=True)
class Pattern:
    """A triple or path pattern."""

    subject: PatternTerm
    predicate: PatternTerm
    object: PatternTerm
    is_path: bool = False

    @property
    def text(self) -> str:
        return f"{self.subject.text} {self.predicate.text} {self.object.text}"

    @property
    def ends(self) -> set[str]:
        """The names of the variables at its ends."""
        return {self.subject.name, self.object.name} - {""}

    @property
    def variables(self) -> set[str]:
        return self.ends | ({self.predicate.name} - {""})

    @property
    def is_narrow(self) -> bool:
        """Whether one of its ends is a constant."""
        return self.subject.is_constant or self.object.is_constant

    @property
    def is_free(self) -> bool:
        """Whether its ends are two variables, or blank nodes, and no variable comes twice."""
        names = [term.name for term in (self.subject, self.predicate, self.object) if term.name]
        return not self.is_narrow and not self.is_path and len(set(names)) == len(names)

    @property
    def may_stay(self) -> bool:
        """Whether it is a path that may also lead from a node to itself; it may look so by its IRIs."""
        return self.is_path and any(sign in self.predicate.text for sign in "*?")

    def size(self, statistics: Statistics) -> int:
        """Return how many triples it fits, or a guess."""
        if self.is_path or self.predicate.iri is None:
            return MANY if self.is_path else statistics.triples
        if self.predicate.iri == RDF_TYPE and self.object.iri is not None:
            # Classes are the only constants that statistics tell of.
            count, is_guess = statistics.classes.get(self.object.iri, 0), self.subject.is_constant
        else:
            count, is_guess = statistics.properties.get(self.predicate.iri, 0), self.is_narrow
        return min(FEW, count) if is_guess else count


def read_patterns(syntax: Syntax, blocks: Iterable[Node], fresh: Iterator[str] | None = None) -> list[Pattern] | None:
    """Return the patterns of blocks in their order; None if one is not understood.

    With `fresh`, sequences of paths become patterns with these variables between them.
    """
    found: list[Pattern] = []
    for triples in (triples for block in blocks for triples in without(block.children, ".")):
        if triples.type != "triples_same_subject" or len(triples.children) != 2:
            return None
        subject, properties = triples.children
        for entry in without(properties.children, ";"):
            if entry.type != "property" or len(entry.children) != 2 or entry.children[1].type != "object_list":
                return None
            verb, objects = entry.children
            # One blank node that is the subject of several patterns would become several.
            if subject.type == "anon" and len(properties.children) + len(objects.children) > 2:
                return None
            for value in without(objects.children, ","):
                if not {subject.type, value.type} <= _TERMS:
                    return None
                found += _along(syntax, _term(syntax, subject), verb, _term(syntax, value), fresh)
    return found


def _term(syntax: Syntax, node: Node) -> PatternTerm:
    return PatternTerm(syntax.text(node), syntax.iri(node))


def _along(
    syntax: Syntax, start: PatternTerm, verb: Node, end: PatternTerm, fresh: Iterator[str] | None
) -> Iterator[Pattern]:
    """Yield the pattern of a verb between two ends, or those of its steps."""
    kinds = [part.type for part in verb.children]
    step = verb.children[-1] if kinds else verb
    iri = syntax.iri(step)
    if verb.type == "var" or (verb.type == "path_element" and len(kinds) == 1 and iri):
        yield Pattern(start, PatternTerm(syntax.text(verb), iri), end)
    elif fresh and kinds[0] == "path_inverse" and iri and {start.text[0], end.text[0]} <= {"?", "$", "<"}:
        yield Pattern(end, PatternTerm(syntax.text(step), iri), start)
    elif fresh and verb.type == "path_element" and kinds[0] == "(" and len(kinds) == 3:
        yield from _along(syntax, start, verb.children[1], end, fresh)
    elif fresh and verb.type == "binary_path" and kinds[1] == "/":
        between = PatternTerm(next(fresh))
        yield from _along(syntax, start, verb.children[0], between, fresh)
        yield from _along(syntax, between, verb.children[2], end, fresh)
    else:
        yield Pattern(start, PatternTerm(syntax.text(verb)), end, is_path=True)


def in_order(patterns: list[Pattern], bound: set[str], statistics: Statistics | None) -> list[Pattern]:
    """Return patterns so that each can be looked up by what is bound when it comes."""
    known, left, found = set(bound), list(patterns), list[Pattern]()
    while left:
        costs = [_cost(pattern, known, statistics) for pattern in left]
        found.append(left.pop(costs.index(min(costs))))
        known |= found[-1].variables
    return found


def _cost(pattern: Pattern, known: set[str], statistics: Statistics | None) -> float:
    """Return about how many triples a pattern gives for one solution that binds `known`."""
    subject, object_ = (term.is_constant or term.name in known for term in (pattern.subject, pattern.object))
    joins = bool(pattern.variables & known)
    if subject and object_ and joins:
        return 0.1
    if subject and (joins or pattern.subject.is_constant):
        return 2 if pattern.predicate.iri else 20
    if pattern.object.name in known:
        return 10 if pattern.predicate.iri else 100
    return max(pattern.size(statistics) if statistics else MANY, 30)


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


def looked_up(patterns: Sequence[Pattern]) -> str:
    """Return patterns as text, each looked up for every solution of what is before it.

    LATERAL is an extension of the engine: https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md
    """
    return " ".join(f"LATERAL {{ {pattern.text} }}" for pattern in patterns)


def found_alone(pattern: Pattern) -> str:
    """Return a pattern as a subquery of the same solutions, which the engine evaluates before it joins them."""
    names = " ".join(f"?{name}" for name in sorted(pattern.variables))
    return f"{{ SELECT {names} WHERE {{ {pattern.text} }} }}"


def chained(
    group: Node, patterns: list[Pattern], bound: set[str], statistics: Statistics | None
) -> dict[Node, Sequence[str | Node]]:
    """Return words that put a group's patterns in order from what is bound, one after the other; none if unsafe."""
    order = in_order(patterns, bound, statistics)
    return in_place_of(blocks(group), f"{order[0].text} {looked_up(order[1:])} ") if can_be_chained(order) else {}


def in_place_of(nodes: Sequence[Node], *words: str | Node) -> dict[Node, Sequence[str | Node]]:
    """Return what is to be said in the place of the first node, and nothing in that of the others."""
    return dict.fromkeys(nodes, ()) | {nodes[0]: words}


def members(group: Node) -> list[Node]:
    """Return what a group consists of, without punctuation."""
    return without(group.children, "{", "}", ".")


def blocks(group: Node) -> list[Node]:
    """Return the blocks of triple patterns directly in a group."""
    return [node for node in group.children if node.type == "triples_block"]


def is_plain(group: Node) -> bool:
    """Whether a group has only triple patterns and filters."""
    return not without(members(group), "triples_block", "filter")


def starts_with_patterns(group: Node) -> bool:
    """Whether no triple pattern of a group comes after anything but patterns and filters."""
    others = without(members(group), "triples_block", "filter")
    return not others or all(block.start_byte < others[0].start_byte for block in blocks(group))


def is_within_exists(node: Node) -> bool:
    """Whether a node is evaluated anew for each solution of what is around it."""
    return any(around.type in EXISTS for around in ancestors(node))


def is_all_of_query(group: Node) -> bool:
    """Whether a group is the whole pattern of a query or subquery, so that nothing outside binds its variables."""
    where, *others = ancestors(group)
    # VALUES after a query stands beside it in the tree, that after a subquery in it.
    return where.type == "where_clause" and all(child(node, "values_clause") is None for node in others[:2])


def has_open_graph(node: Node) -> bool:
    """Whether the graph in which a node is evaluated is a variable."""
    graphs = (around for around in ancestors(node) if around.type == "graph_graph_pattern")
    return any(graph.children[1].type == "var" for graph in graphs)
