"""The rules for EXISTS, NOT EXISTS and MINUS, filters by IRI, and OPTIONAL.

Each looks up for each solution, or finds the other side once, whichever is less work. Both ways mean the same where
every variable of the other side that occurs anywhere else is bound on both sides. Inside EXISTS the engine reads all
triples of one pattern for every solution outside: there patterns are looked up one after the other. The engine starts
with a constant, so IRIs that a filter asks for are given to it as values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.counts import iter_count_changes
from digitech_kg.parts.rewriting.groups import (
    EXISTS,
    FEW,
    MANY,
    MOST_KEPT,
    Pattern,
    Rewording,
    blocks,
    can_be_chained,
    chained,
    found_alone,
    has_open_graph,
    in_order,
    in_place_of,
    is_all_of_query,
    is_plain,
    is_within_exists,
    looked_up,
    members,
    read_patterns,
    starts_with_patterns,
)
from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, child, enclosing_group, without

#: Measured at a million triples: how many times as many solutions this side needs to have as the other side's triples
#: until MINUS is faster than NOT EXISTS, until reading both sides is faster than EXISTS, and until starting with the
#: other side is; and how many times as many triples the other side needs to have until NOT EXISTS is faster than MINUS.
_UNTIL_MINUS: Final = 2.0
_UNTIL_READ: Final = 1.5
_UNTIL_SEMIJOIN: Final = 4.0
_UNTIL_NOT_EXISTS: Final = 2.0
#: Stands where a filter was, since it also keeps triple patterns apart.
_NOTHING: Final = "FILTER(true)"


@dataclass(frozen=True)
class _Sides:
    """A group, and the other side whose solutions decide which of the group's stay."""

    group: Node
    other: Node
    patterns: list[Pattern]
    other_patterns: list[Pattern]
    shared: frozenset[str]

    @property
    def can_be_read(self) -> bool:
        """Whether each side is one pattern of triples, and nothing else limits what this one finds."""
        patterns, parts = (*self.patterns, *self.other_patterns), (*members(self.group), *members(self.other))
        are_single = len(patterns) == 2 and len(parts) == 3 and not any(pattern.is_path for pattern in patterns)
        return are_single and is_all_of_query(self.group)

    def rows(self, statistics: Statistics) -> int:
        """Return about how many solutions the group has."""
        return min(pattern.size(statistics) for pattern in self.patterns)


def iter_changes(syntax: Syntax, statistics: Statistics | None, *, is_union: bool) -> Iterator[Rewording]:
    """Yield what the rules would do; of two changes of the same place, the first is made."""
    if statistics is not None:
        if is_union:
            yield from iter_count_changes(syntax, statistics)
        yield from _semijoin_changes(syntax, statistics)
        yield from _minus_changes(syntax, statistics)
        yield from _optional_changes(syntax, statistics)
    yield from _exists_changes(syntax, statistics)
    yield from _filter_changes(syntax, statistics)


def _semijoin_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Rewording]:
    """Yield what is to be done with filters that are EXISTS or NOT EXISTS."""
    for node in () if syntax.stops_early else syntax.nodes("filter"):
        exists, group = _exists_of(node), enclosing_group(node)
        sides = exists and group and is_plain(group) and _read_sides(syntax, group, exists, blocks(group))
        if not exists or not sides:
            continue
        # To find all solutions of the other side, its patterns are read one by another.
        work = min(pattern.size(statistics) for pattern in sides.other_patterns) * len(sides.other_patterns)
        rows = sides.rows(statistics)
        if exists.type == "not_exists_func" and work * _UNTIL_MINUS <= rows:
            yield _as_minus(sides, node, statistics)
        elif exists.type == "exists_func" and work * _UNTIL_SEMIJOIN <= rows:
            order = in_order(sides.patterns, set(sides.shared), statistics)
            if can_be_chained(order):
                yield _as_semijoin(sides, node, looked_up(order), statistics)
        elif exists.type == "exists_func" and work * _UNTIL_READ <= rows <= MOST_KEPT and sides.can_be_read:
            yield _as_semijoin(sides, node, found_alone(sides.patterns[0]), statistics)


def _minus_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Rewording]:
    for node in syntax.nodes("minus"):
        group = enclosing_group(node)
        if group is None or members(group)[0].type != "triples_block":
            continue
        before = [block for block in blocks(group) if block.start_byte < node.start_byte]
        sides = _read_sides(syntax, group, node, before)
        if sides is None:
            continue
        # The engine joins the patterns of the other side by reading them all.
        work = sum(pattern.size(statistics) for pattern in sides.other_patterns)
        look_ups = sides.rows(statistics) * len(sides.other_patterns)
        if work >= look_ups * _UNTIL_NOT_EXISTS:
            words = chained(sides.other, sides.other_patterns, set(sides.shared), statistics)
            if words:
                yield "MINUS of a large side: NOT EXISTS", {node.children[0]: ("FILTER NOT EXISTS",)} | words


def _exists_of(node: Node) -> Node | None:
    """Return the EXISTS or NOT EXISTS that is all of a filter."""
    return child(node, *EXISTS) or child(child(node, "bracketted_expression"), *EXISTS)


def _read_sides(syntax: Syntax, group: Node, condition: Node, own: Sequence[Node]) -> _Sides | None:
    """Return both sides of a condition, whose own one is blocks of a group; None unless all ways mean the same."""
    other = child(condition, "group_graph_pattern")
    if other is None or not is_plain(other) or is_within_exists(group) or has_open_graph(group):
        return None
    patterns, other_patterns = read_patterns(syntax, own), read_patterns(syntax, blocks(other))
    if not patterns or not other_patterns or not can_be_chained(other_patterns):
        return None
    shared = syntax.variables(other) & _seen_from(syntax, group, other)
    if not shared or not shared <= _bound_in(patterns) & _bound_in(other_patterns):
        return None
    return _Sides(group, other, patterns, other_patterns, frozenset(shared))


def _seen_from(syntax: Syntax, group: Node, other: Node) -> set[str]:
    """Return the variables outside the other side that could be bound when a condition in a group is evaluated."""
    # A filter in OPTIONAL sees what is bound before it.
    outer = enclosing_group(group) if group.parent and group.parent.type == "optional_graph_pattern" else None
    return syntax.variables(group, but=other) | (_seen_from(syntax, outer, other) if outer else set())


def _bound_in(patterns: list[Pattern]) -> set[str]:
    """Return the variables that nodes of the graph are bound to."""
    return {name for pattern in patterns if not pattern.may_stay for name in pattern.variables}


def _as_minus(sides: _Sides, node: Node, statistics: Statistics) -> Rewording:
    end = sides.group.children[-1]
    words = {node: (_NOTHING,), end: (" MINUS ", sides.other, " ", end)}
    return "NOT EXISTS of a small side: MINUS", words | _from_its_smallest(sides, statistics)


def _as_semijoin(sides: _Sides, node: Node, this_side: str, statistics: Statistics) -> Rewording:
    names = " ".join(f"?{name}" for name in sorted(sides.shared))
    first = in_place_of(blocks(sides.group), f"{{ SELECT DISTINCT {names} WHERE ", sides.other, f" }} {this_side} ")
    words = {node: (_NOTHING,)} | first | _from_its_smallest(sides, statistics)
    return "EXISTS of a small side: its solutions first", words


def _from_its_smallest(sides: _Sides, statistics: Statistics) -> dict[Node, Sequence[str | Node]]:
    """Return words that start the other side with its smallest pattern."""
    return chained(sides.other, sides.other_patterns, set(), statistics) if len(sides.other_patterns) > 1 else {}


def _exists_changes(syntax: Syntax, statistics: Statistics | None) -> Iterator[Rewording]:
    """Yield what is to be done with the patterns in each EXISTS and NOT EXISTS."""
    fresh = syntax.fresh_names()
    for node in syntax.nodes("exists"):
        if has_open_graph(node):
            continue
        outside = _bound_outside(syntax, node)
        for group in _groups(node):
            patterns = read_patterns(syntax, blocks(group), fresh) if starts_with_patterns(group) else None
            are_bound = {bool(pattern.ends & outside) for pattern in patterns or ()}
            # Patterns that are all bound outside are looked up as they stand; if none is, nothing can be.
            words = chained(group, patterns, outside, statistics) if patterns and len(are_bound) > 1 else {}
            if words:
                yield "EXISTS: one pattern after the other", words


def _bound_outside(syntax: Syntax, exists: Node) -> set[str]:
    """Return the variables that may be bound when EXISTS is evaluated: only the order of patterns depends on it."""
    group = enclosing_group(exists)
    if group is None:
        return syntax.variables(syntax.root, but=exists)
    around = group.parent
    outer = _bound_outside(syntax, around) if around and around.type in EXISTS else set()
    return outer | syntax.variables(group, but=exists)


def _groups(exists: Node) -> Iterator[Node]:
    """Yield the group of EXISTS and the branches of a UNION in it."""
    group = child(exists, "group_graph_pattern")
    waiting = [group] if group is not None else []
    while waiting:
        group = waiting.pop()
        yield group
        for member in group.children:
            if member.type == "group_or_union_graph_pattern":
                waiting += [part for part in member.children if part.type == "group_graph_pattern"]


#: How many times fewer triples there need to be with one of the values than another pattern has.
_UNTIL_VALUES: Final = 2


def _filter_changes(syntax: Syntax, statistics: Statistics | None) -> Iterator[Rewording]:
    for node in syntax.nodes("filter"):
        inner, group = child(node, "bracketted_expression"), enclosing_group(node)
        if inner is None or group is None or is_within_exists(node) or has_open_graph(node):
            continue
        for part in _conjuncts(inner.children[1]):
            wanted = _wanted(syntax, part)
            block = wanted and _best_start(syntax, group, *wanted, statistics)
            if wanted and block:
                values = f" VALUES ?{wanted[0]} {{ {' '.join(f'<{iri}>' for iri in wanted[1])} }} "
                # The rest of the filter stays, and is as true as it was.
                yield "FILTER by IRI: VALUES", {part: ("true",), block: (block, values)}


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
    is_list = operator.type == "IN" and right.type == "expression_list"
    if left.type != "var" or not (is_list or operator.type == "="):
        return None
    nodes = without(right.children, "(", ")", ",") if is_list else [right]
    iris = [syntax.iri(node) for node in nodes]
    found = dict.fromkeys(iri for iri in iris if iri)
    return (syntax.text(left)[1:], found) if found and None not in iris else None


def _best_start(
    syntax: Syntax, group: Node, name: str, iris: dict[str, None], statistics: Statistics | None
) -> Node | None:
    """Return the first block that binds a variable.

    None if the engine would do better to start with another pattern: it starts where there are constants.
    """
    patterns = read_patterns(syntax, blocks(group)) or []
    starts = [pattern for pattern in patterns if name in pattern.variables and not pattern.is_narrow]
    if statistics is None:
        is_best = len(patterns) == 1
    else:
        found = [_size_with(pattern, name, iris, statistics) for pattern in starts]
        others = [pattern.size(statistics) for pattern in patterns if pattern not in starts]
        is_best = bool(found) and min(found) * _UNTIL_VALUES <= min(others, default=MANY)
    binding = (
        block
        for block in blocks(group)
        for pattern in read_patterns(syntax, [block]) or ()
        if name in pattern.variables and not pattern.is_path
    )
    return next(binding, None) if is_best else None


def _size_with(pattern: Pattern, name: str, iris: dict[str, None], statistics: Statistics) -> int:
    """Return about how many triples a pattern fits with one of these IRIs for a variable."""
    if pattern.predicate.name == name:
        return sum(statistics.properties.get(iri, 0) for iri in iris)
    if pattern.predicate.iri == RDF_TYPE and pattern.object.name == name:
        return sum(statistics.classes.get(iri, 0) for iri in iris)
    share = FEW if pattern.subject.name == name else max(FEW, pattern.size(statistics) // 20)
    return min(pattern.size(statistics), share * len(iris))


def _optional_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Rewording]:
    for node in () if syntax.stops_early else syntax.nodes("optional"):
        group, inner = enclosing_group(node), child(node, "group_graph_pattern")
        if not group or not inner or not is_all_of_query(group) or is_within_exists(group):
            continue
        pattern = _only_pattern(syntax, inner)
        patterns = read_patterns(syntax, blocks(group)) if starts_with_patterns(group) else None
        if pattern is None or not patterns or not _is_all_looked_up(syntax, group, node, pattern, patterns):
            continue
        # Measured at a million triples; joins of several patterns may have fewer solutions than each has triples.
        rows, kept = min(outer.size(statistics) for outer in patterns), pattern.size(statistics)
        if kept * len(patterns) <= rows and kept <= MOST_KEPT:
            yield "OPTIONAL of a small side: found once", {inner: (f"{{ {found_alone(pattern)} }}",)}


def _only_pattern(syntax: Syntax, group: Node) -> Pattern | None:
    """Return the pattern that is all of a group, if it is one of triples."""
    found = read_patterns(syntax, blocks(group)) if len(members(group)) == 1 else None
    return found[0] if found and len(found) == 1 and not found[0].is_path else None


def _is_all_looked_up(syntax: Syntax, group: Node, optional: Node, pattern: Pattern, patterns: list[Pattern]) -> bool:
    """Whether an OPTIONAL is evaluated for each solution of a group's patterns, and bound by these alone."""
    bound = {name for outer in patterns for name in outer.variables if not outer.is_path}
    earlier = (node for node in members(group) if node.start_byte < optional.start_byte)
    before = {name for node in earlier for name in syntax.variables(node)}
    if not pattern.variables & bound or not pattern.variables & before <= bound:
        return False
    others = without(members(group), "triples_block", "optional_graph_pattern")
    return all(node.type == "filter" and not syntax.variables(node) & bound for node in others)
