"""Rules that answer counts and lists of properties and classes from the statistics of the version."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.groups import (
    Pattern,
    Rewording,
    blocks,
    is_plain,
    is_within_exists,
    members,
    read_patterns,
)
from digitech_kg.parts.rewriting.statistics import ENDS, Statistics
from digitech_kg.sparql_text.tree import DOTS, RDF_TYPE, Syntax, ancestors, child, holds, without

#: Longer lists cost more to read than they save.
_MOST_ROWS: Final = 2000
#: At most one variable and one count, in either order.
_CLAUSE: Final = re.compile(
    r"""SELECT\s*(?P<distinct>DISTINCT\b)?\s*(?P<before>[?$]\w+)?\s*
    (?:\(\s*COUNT\s*\(\s*(?P<each_once>DISTINCT\b)?\s*(?P<counted>\*|[?$]\w+)\s*\)\s*AS\s*(?P<count>[?$]\w+)\s*\))?\s*
    (?P<after>[?$]\w+)?""",
    re.IGNORECASE | re.VERBOSE,
)
#: The kinds of terms that functions ask for.
_TESTS: Final = {"isIRI": "iri", "isURI": "iri", "isBLANK": "blank", "isLITERAL": "literal"}
#: A pattern that is all of a group, but perhaps for a filter by the kind of an end, such as "object literal".
_Branch = tuple[Pattern, str]


def iter_count_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Rewording]:
    """Yield what is to be done with queries and subqueries that statistics answer."""
    for clause in () if syntax.nodes("dataset") else syntax.nodes("select"):
        query, asked = clause.parent, _CLAUSE.fullmatch(syntax.text(clause))
        where = child(query, "where_clause")
        group = child(where, "group_graph_pattern")
        if not (query and asked and where and group) or not _is_of_the_union(query) or child(query, "values_clause"):
            continue
        rows = _rows(syntax, query, _branches(syntax, group), asked, statistics)
        if rows is not None:
            columns = " ".join(f"?{asked[name][1:]}" for name in ("before", "count", "after") if asked[name])
            table = f"WHERE {{ VALUES ({columns}) {{ {' '.join(f'({row})' for row in rows)} }} }}"
            grouping = child(child(query, "solution_modifier"), "group_clause")
            words = {clause: (f"SELECT {columns}",), where: (table,)}
            yield "Counts from statistics", words | ({grouping: ()} if grouping else {})


def _is_of_the_union(query: Node) -> bool:
    """Whether a query or subquery is evaluated on all graphs together, and once."""
    graphs = ("graph_graph_pattern", "service_graph_pattern")
    return not is_within_exists(query) and all(around.type not in graphs for around in ancestors(query))


def _rows(
    syntax: Syntax, query: Node, branches: list[_Branch], asked: re.Match[str], statistics: Statistics
) -> list[str] | None:
    """Return the rows that answer a query; None if statistics do not."""
    name, counted = (asked["before"] or asked["after"] or "")[1:], (asked["counted"] or "")[1:]
    if not branches or not all(counted in {"", *pattern.variables} for pattern, _ in branches):
        return None
    if not name:
        is_bare = asked["count"] and not asked["distinct"] and not child(query, "solution_modifier")
        total = _total(branches, counted, bool(asked["each_once"]), statistics) if is_bare else None
        return None if total is None else [str(total)]
    is_grouped = _is_grouped_by(syntax, query, name, may_be_distinct=bool(asked["distinct"]) and not asked["count"])
    if len(branches) > 1 or asked["each_once"] or (asked["before"] and asked["after"]) or not is_grouped:
        return None
    counts = _counts_by(*branches[0], name, statistics)
    if counts is None or len(counts) > _MOST_ROWS or any(map(DOTS.search, counts)):
        return None
    row = "<{0}>" if not asked["count"] else "<{0}> {1}" if asked["before"] else "{1} <{0}>"
    return [row.format(iri, count) for iri, count in counts.items()]


def _branches(syntax: Syntax, group: Node) -> list[_Branch]:
    """Return what is all of a group, or of the branches of a UNION that is; else nothing."""
    parts = members(group)
    if [part.type for part in parts] == ["group_or_union_graph_pattern"]:
        found = [_branches(syntax, branch) for branch in without(parts[0].children, "UNION")]
        return [branch for branches in found for branch in branches] if all(found) else []
    filters = without(parts, "triples_block")
    patterns = read_patterns(syntax, blocks(group)) if is_plain(group) else None
    if patterns is None or len(patterns) != 1 or len(filters) > 1:
        return []
    test = _read_test(syntax, filters[0], patterns[0]) if filters else ""
    return [] if test is None else [(patterns[0], test)]


def _read_test(syntax: Syntax, node: Node, pattern: Pattern) -> str | None:
    """Return which end of a pattern a filter asks for, and of what kind it is to be; None if it asks for more."""
    call = child(child(node, "bracketted_expression") or node, "build_in_function")
    kind = _TESTS.get(call.children[0].type) if call else None
    argument = child(call.children[1], "var") if call else None
    if kind is None or argument is None or not pattern.predicate.name:
        return None
    ends = zip(ENDS, (pattern.subject.name, pattern.object.name), strict=True)
    return next((f"{end} {kind}" for end, name in ends if name == syntax.text(argument)[1:]), None)


def _total(branches: list[_Branch], counted: str, each_once: bool, statistics: Statistics) -> int | None:
    """Return how many solutions there are, or values of a variable; None if statistics do not tell."""
    if each_once:
        return _distinct(*branches[0], counted, statistics) if len(branches) == 1 and counted else None
    sizes = [_size(*branch, statistics) for branch in branches]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _distinct(pattern: Pattern, test: str, name: str, statistics: Statistics) -> int | None:
    """Return how many values a variable of a pattern has; None if statistics do not tell."""
    if test or not pattern.is_free:
        return None
    if pattern.predicate.name == name:
        return len(statistics.properties)
    counts = statistics.subjects if pattern.subject.name == name else statistics.objects
    return counts.get(pattern.predicate.iri or "", 0)


def _size(pattern: Pattern, test: str, statistics: Statistics) -> int | None:
    """Return how many triples a pattern fits, exactly; None if statistics do not tell."""
    iri = pattern.predicate.iri
    if iri == RDF_TYPE and pattern.object.iri is not None and not pattern.subject.is_constant:
        return statistics.classes.get(pattern.object.iri, 0)
    if not pattern.is_free:
        return None
    if test:
        return statistics.kinds_of_ends.get(test, 0)
    return statistics.triples if iri is None else statistics.properties.get(iri, 0)


def _counts_by(pattern: Pattern, test: str, name: str, statistics: Statistics) -> Mapping[str, int] | None:
    """Return the triples of a pattern by the IRI of one of its variables; None if statistics do not tell."""
    if test or not pattern.is_free:
        return None
    if pattern.predicate.name == name:
        return statistics.properties
    if pattern.predicate.iri == RDF_TYPE and pattern.object.name == name and statistics.all_classes_have_names:
        return statistics.classes
    return None


def _is_grouped_by(syntax: Syntax, query: Node, name: str, *, may_be_distinct: bool) -> bool:
    """Whether each value of a variable gives one row, with nothing else that aggregates or chooses groups."""
    modifier = child(query, "solution_modifier")
    grouping = child(modifier, "group_clause")
    aggregates = (node for node in syntax.nodes("all") if node.type == "aggregate")
    if modifier and (child(modifier, "having_clause") or any(holds(modifier, node) for node in aggregates)):
        return False
    if grouping is None:
        return may_be_distinct
    conditions = [syntax.text(node)[1:] for node in grouping.children if node.type == "group_condition"]
    return conditions == [name]
