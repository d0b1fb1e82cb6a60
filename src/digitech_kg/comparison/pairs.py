"""Find the claims of different documents that bear on each other, by what they are about; never all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from digitech_kg.comparison.hierarchy import Hierarchy, Statement
from digitech_kg.comparison.positions import Position
from digitech_kg.namespaces import RDF


class Ground(Enum):
    """Why two claims are compared."""

    #: Both are about one statement.
    SAME = "same"
    #: The statement of the first entails that of the second.
    ENTAILS = "entails"
    #: They give a property that has one value only two of them.
    VALUES = "values"
    #: They call one thing by classes of which nothing can have both.
    CLASSES = "classes"
    #: They relate two things by properties of which no pair can have both.
    PROPERTIES = "properties"
    #: They relate two things in both directions by a property that holds in one.
    DIRECTIONS = "directions"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims of different documents, and why they are compared."""

    ground: Ground
    first: Position
    second: Position


def find_pairs(positions: Sequence[Position], hierarchy: Hierarchy) -> list[Pair]:
    """Return each two claims of different documents that bear on each other, once, with the closest ground."""
    found: dict[tuple[int, int], Pair] = {}
    entailed = [tuple(hierarchy.entailed(position.statement)) for position in positions]
    entailing = list(_entailing(positions, entailed))
    known = set(entailing)
    for one, other in entailing:
        mutual = (other, one) in known
        ground = Ground.SAME if mutual else Ground.ENTAILS
        _keep(found, positions, ground, min(one, other) if mutual else one, max(one, other) if mutual else other)
    affirmed = [index for index, position in enumerate(positions) if position.affirms]
    for ground, search in (
        (Ground.CLASSES, _disjoint_classes),
        (Ground.PROPERTIES, _disjoint_properties),
        (Ground.DIRECTIONS, _opposite_directions),
        (Ground.VALUES, _other_values),
    ):
        for one, other in search(affirmed, positions, entailed, hierarchy):
            _keep(found, positions, ground, min(one, other), max(one, other))
    return list(found.values())


_Pairs = Iterator[tuple[int, int]]
_Entailed = Sequence[tuple[Statement, ...]]


def _keep(
    found: dict[tuple[int, int], Pair], positions: Sequence[Position], ground: Ground, one: int, other: int
) -> None:
    first, second = positions[one], positions[other]
    if first.document != second.document:
        found.setdefault((min(one, other), max(one, other)), Pair(ground, first, second))


def _entailing(positions: Sequence[Position], entailed: _Entailed) -> _Pairs:
    """Yield the numbers of two claims of which the first entails the statement of the second."""
    stated: dict[Statement, list[int]] = defaultdict(list)
    for index, position in enumerate(positions):
        stated[position.statement].append(index)
    for index, statements in enumerate(entailed):
        for statement in statements:
            yield from ((index, other) for other in stated.get(statement, ()) if other != index)


def _other_values(affirmed: Sequence[int], _: Sequence[Position], entailed: _Entailed, hierarchy: Hierarchy) -> _Pairs:
    values: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index in affirmed:
        for subject, prop, value in entailed[index]:
            if hierarchy.is_exclusive(prop):
                values[subject, prop][value].append(index)
    for by_value in values.values():
        for ours, theirs in combinations(by_value.values(), 2):
            yield from ((one, other) for one in ours for other in theirs)


def _disjoint_classes(
    affirmed: Sequence[int], positions: Sequence[Position], _: _Entailed, hierarchy: Hierarchy
) -> _Pairs:
    classes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index in affirmed:
        subject, predicate, kind = positions[index].statement
        if predicate == RDF.type.value:
            classes[subject][kind].append(index)
    for by_class in classes.values():
        for (kind, ours), (other_kind, theirs) in combinations(by_class.items(), 2):
            if hierarchy.are_disjoint([kind], [other_kind]):
                yield from ((one, other) for one in ours for other in theirs)


def _disjoint_properties(
    affirmed: Sequence[int], _: Sequence[Position], entailed: _Entailed, hierarchy: Hierarchy
) -> _Pairs:
    related: dict[Statement, list[int]] = defaultdict(list)
    for index in affirmed:
        for statement in entailed[index]:
            if hierarchy.excluded_properties(statement[1]):
                related[statement].append(index)
    for (subject, prop, value), ours in related.items():
        for excluded in sorted(hierarchy.excluded_properties(prop)):
            yield from ((one, other) for one in ours for other in related.get((subject, excluded, value), ()))


def _opposite_directions(
    affirmed: Sequence[int], _: Sequence[Position], entailed: _Entailed, hierarchy: Hierarchy
) -> _Pairs:
    related: dict[Statement, list[int]] = defaultdict(list)
    for index in affirmed:
        for statement in entailed[index]:
            if hierarchy.is_one_way(statement[1]):
                related[statement].append(index)
    for (subject, prop, value), ours in related.items():
        yield from ((one, other) for one in ours for other in related.get((value, prop, subject), ()))
