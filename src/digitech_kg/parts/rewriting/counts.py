"""Counts and lists of properties and classes, answered from the statistics of the version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.groups import (
    Change,
    Edit,
    Pattern,
    Span,
    blocks,
    is_within_exists,
    members,
    read_patterns,
)
from digitech_kg.parts.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import RDF_TYPE, Syntax, ancestors, child, without

#: Longer lists cost more to read than they save.
_MOST_ROWS: Final = 2000
_AGGREGATE: Final = re.compile(r"\b(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE)
_DOTS: Final = re.compile(r"/\.{1,2}(?:/|$)")
#: The kinds of terms that functions ask for.
_TESTS: Final = {"isIRI": "iri", "isURI": "iri", "isBLANK": "blank", "isLITERAL": "literal"}


@dataclass(frozen=True)
class _Branch:
    """A pattern that is all of a group, but perhaps for a filter by the kind of its subject (place 0) or object (1)."""

    pattern: Pattern
    test: tuple[int, str] | None = None


@dataclass(frozen=True)
class _Selected:
    """What a SELECT clause asks for: at most one plain variable, and at most one count under a name."""

    distinct: bool
    variable: str | None
    count: Node | None
    #: The names of both, in the order in which they are asked for.
    columns: tuple[str, ...]


def iter_count_changes(syntax: Syntax, statistics: Statistics) -> Iterator[Change]:
    """Yield what is to be done with queries and subqueries that statistics answer."""
    if syntax.nodes("dataset"):
        return
    for clause in syntax.nodes("select"):
        query = clause.parent
        selected = _read_clause(syntax, clause)
        if query is None or selected is None or not _is_of_the_union(query):
            continue
        where = child(query, "where_clause")
        group = where and child(where, "group_graph_pattern")
        if where is None or group is None or child(query, "values_clause") is not None:
            continue
        rows = _rows(syntax, query, group, selected, statistics)
        if rows is not None:
            head = "SELECT " + " ".join(selected.columns)
            table = Edit(Span.of(where), (f"WHERE {{ VALUES ({' '.join(selected.columns)}) {{ {rows} }} }}",))
            edits = (Edit(Span.of(clause), (head,)), table, *_without_grouping(query))
            yield Change("Counts from statistics", edits)


def _is_of_the_union(query: Node) -> bool:
    """Whether a query or subquery is evaluated on all graphs together, and once."""
    graphs = ("graph_graph_pattern", "service_graph_pattern")
    return not is_within_exists(query) and all(around.type not in graphs for around in ancestors(query))


def _read_clause(syntax: Syntax, clause: Node) -> _Selected | None:
    variable, count = None, None
    columns: list[str] = []
    parts = iter(clause.children[1:])
    distinct = False
    for part in parts:
        if part.type == "DISTINCT" and not columns:
            distinct = True
        elif part.type == "var" and variable is None:
            variable = syntax.text(part)[1:]
            columns.append(f"?{variable}")
        elif part.type == "(" and count is None:
            count, name = next(parts), [next(parts), next(parts), next(parts)][1]
            if count.type != "aggregate" or count.children[0].type != "COUNT" or name.type != "var":
                return None
            columns.append(f"?{syntax.text(name)[1:]}")
        else:
            return None
    return _Selected(distinct, variable, count, tuple(columns)) if columns else None


def _rows(syntax: Syntax, query: Node, group: Node, selected: _Selected, statistics: Statistics) -> str | None:
    """Return the rows of VALUES that answer a query; None if statistics do not."""
    branches = _branches(syntax, group)
    if not branches:
        return None
    if selected.variable is None:
        if child(query, "solution_modifier") is not None or selected.distinct:
            return None
        total = _total(syntax, branches, selected, statistics)
        return None if total is None else f"({total})"
    if len(branches) > 1 or not _is_grouped_by(syntax, query, selected):
        return None
    counts = _counts_by(branches[0], selected.variable, statistics)
    if counts is None or len(counts) > _MOST_ROWS or any(map(_DOTS.search, counts)):
        return None
    if selected.count is not None and _counted(syntax, selected.count, branches) != (False, True):
        return None
    shown = {f"?{selected.variable}": "<{0}>"}
    row = " ".join(shown.get(column, "{1}") for column in selected.columns)
    return " ".join(f"({row.format(iri, count)})" for iri, count in counts.items())


def _branches(syntax: Syntax, group: Node) -> list[_Branch]:
    """Return what is all of a group, or of the branches of a UNION that is; else nothing."""
    parts = members(group)
    if len(parts) == 1 and parts[0].type == "group_or_union_graph_pattern":
        found = [_branches(syntax, branch) for branch in without(parts[0].children, "UNION")]
        return [branch for branches in found for branch in branches] if all(found) else []
    filters = [part for part in parts if part.type == "filter"]
    patterns = read_patterns(syntax, blocks(group)) if len(blocks(group)) + len(filters) == len(parts) else None
    if patterns is None or len(patterns) != 1 or len(filters) > 1:
        return []
    test = _read_test(syntax, filters[0], patterns[0]) if filters else None
    return [] if filters and test is None else [_Branch(patterns[0], test)]


def _read_test(syntax: Syntax, node: Node, pattern: Pattern) -> tuple[int, str] | None:
    """Return which end of a pattern a filter asks for, and of what kind it is to be; None if it asks for more."""
    inner = child(node, "bracketted_expression") or node
    call = child(inner, "build_in_function")
    kind = call and _TESTS.get(call.children[0].type)
    argument = call and child(call.children[1], "var")
    ends = [term[1:] if term[0] in "?$" else "" for term in (pattern.subject, pattern.object)]
    if kind is None or argument is None or pattern.predicate[0] not in "?$" or syntax.text(argument)[1:] not in ends:
        return None
    return ends.index(syntax.text(argument)[1:]), kind


def _total(syntax: Syntax, branches: list[_Branch], selected: _Selected, statistics: Statistics) -> int | None:
    distinct, is_counted = _counted(syntax, selected.count, branches) if selected.count else (False, False)
    if not is_counted:
        return None
    if distinct:
        name = syntax.text(selected.count.children[3])[1:]  # type: ignore[union-attr]
        return _distinct(branches[0], name, statistics) if len(branches) == 1 else None
    sizes = [_size(branch, statistics) for branch in branches]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _distinct(branch: _Branch, name: str, statistics: Statistics) -> int | None:
    """Return how many values a variable of a pattern has; None if statistics do not tell."""
    pattern = branch.pattern
    if branch.test or not _is_free(pattern):
        return None
    if pattern.predicate[1:] == name and pattern.predicate[0] in "?$":
        return len(statistics.properties)
    counts = statistics.subjects if pattern.subject[1:] == name else statistics.objects
    return counts.get(pattern.property_iri or "", 0)


def _counted(syntax: Syntax, count: Node, branches: list[_Branch]) -> tuple[bool, bool]:
    """Return whether COUNT has DISTINCT, and whether it counts every solution but for that."""
    inside = count.children[2:-1]
    distinct = inside[0].type == "DISTINCT"
    what = inside[-1]
    if what.type == "*":
        return distinct, not distinct
    is_bound = what.type == "var" and all(syntax.text(what)[1:] in branch.pattern.variables for branch in branches)
    return distinct, is_bound and len(inside) == 1 + distinct


def _is_free(pattern: Pattern) -> bool:
    """Whether a pattern's ends are two variables, or blank nodes, and no variable comes twice."""
    terms = [term for term in (pattern.subject, pattern.predicate, pattern.object) if term[0] in "?$"]
    ends_free = all(term[0] in "?$[" for term in (pattern.subject, pattern.object))
    return ends_free and not pattern.is_path and len({term[1:] for term in terms}) == len(terms)


def _size(branch: _Branch, statistics: Statistics) -> int | None:
    """Return how many triples a pattern fits, exactly; None if statistics do not tell."""
    pattern = branch.pattern
    if pattern.property_iri == RDF_TYPE and pattern.object_iri is not None and pattern.subject[0] in "?$[":
        return statistics.classes.get(pattern.object_iri, 0)
    if not _is_free(pattern):
        return None
    if branch.test:
        return statistics.with_end(*branch.test)
    return statistics.triples if pattern.property_iri is None else statistics.properties.get(pattern.property_iri, 0)


def _counts_by(branch: _Branch, name: str, statistics: Statistics) -> Mapping[str, int] | None:
    """Return the triples of a pattern by the IRI of one of its variables; None if statistics do not tell."""
    pattern = branch.pattern
    if branch.test or not _is_free(pattern):
        return None
    if pattern.predicate[1:] == name and pattern.predicate[0] in "?$":
        return statistics.properties
    if pattern.property_iri == RDF_TYPE and pattern.object[1:] == name and statistics.all_classes_have_names:
        return statistics.classes
    return None


def _is_grouped_by(syntax: Syntax, query: Node, selected: _Selected) -> bool:
    """Whether each value of the variable gives one row, with nothing else that aggregates or chooses groups."""
    modifier = child(query, "solution_modifier")
    grouping = modifier and child(modifier, "group_clause")
    if modifier is not None and (
        child(modifier, "having_clause") is not None or _AGGREGATE.search(syntax.text(modifier))
    ):
        return False
    if grouping is None:
        return selected.distinct and selected.count is None
    conditions = [node for node in grouping.children if node.type == "group_condition"]
    return len(conditions) == 1 and syntax.text(conditions[0])[1:] == selected.variable


def _without_grouping(query: Node) -> tuple[Edit, ...]:
    modifier = child(query, "solution_modifier")
    grouping = modifier and child(modifier, "group_clause")
    return (Edit(Span.of(grouping)),) if grouping is not None else ()
