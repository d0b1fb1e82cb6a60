"""Find claims of different documents that bear on each other, by what they are about; never are all pairs tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, product
from typing import Final

from digitech_kg.comparison.hierarchy import Hierarchy, Statement
from digitech_kg.comparison.stands import Stand
from digitech_kg.namespaces import RDF


class Ground(Enum):
    """Why two claims are compared."""

    #: Both are about one statement.
    SAME = "same"
    #: The statement of the first entails that of the second.
    ENTAILS = "entails"
    #: The first says it of a part, a kind or a member of what the second speaks of.
    WITHIN = "within"
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
    first: Stand
    second: Stand


def find_pairs(stands: Sequence[Stand], hierarchy: Hierarchy) -> list[Pair]:
    """Return each two claims of different documents that bear on each other, once, with the closest ground."""
    found: dict[tuple[int, int], Pair] = {}
    entailed = [tuple(hierarchy.entailed(stand.statement)) for stand in stands]
    entailing = list(_entailing(stands, entailed))
    known = set(entailing)
    meetings: list[_Meeting] = []
    for one, other in entailing:
        mutual = (other, one) in known
        pair = (min(one, other), max(one, other)) if mutual else (one, other)
        meetings.append((Ground.SAME if mutual else Ground.ENTAILS, *pair))
    affirmed = [index for index, stand in enumerate(stands) if stand.affirms]
    clashes = (*_disjoint_classes(affirmed, stands, hierarchy), *_clashes(affirmed, entailed, hierarchy))
    for ground, one, other in sorted(clashes, key=lambda meeting: _CLOSEST.index(meeting[0])):
        meetings.append((ground, min(one, other), max(one, other)))
    meetings += _within(stands, entailed, hierarchy)
    for ground, one, other in meetings:
        first, second = stands[one], stands[other]
        if first.document != second.document:
            found.setdefault((min(one, other), max(one, other)), Pair(ground, first, second))
    return list(found.values())


#: A ground, and the numbers of the two claims.
_Meeting = tuple[Ground, int, int]
_Entailed = Sequence[tuple[Statement, ...]]
_CLOSEST: Final = (Ground.CLASSES, Ground.PROPERTIES, Ground.DIRECTIONS, Ground.VALUES)


def _entailing(stands: Sequence[Stand], entailed: _Entailed) -> Iterator[tuple[int, int]]:
    """Yield the numbers of two claims of which the first entails the statement of the second."""
    stated = _by_statement(stands)
    for index, statements in enumerate(entailed):
        for statement in statements:
            yield from ((index, other) for other in stated.get(statement, ()) if other != index)


def _within(stands: Sequence[Stand], entailed: _Entailed, hierarchy: Hierarchy) -> Iterator[_Meeting]:
    """Yield claims of which the first speaks of something close below what the second speaks of."""
    stated = _by_statement(stands)
    for index, statements in enumerate(entailed):
        for subject, prop, value in statements:
            if prop == RDF.type.value:
                continue
            for near in product(hierarchy.near_above(subject), hierarchy.near_above(value)):
                yield from ((Ground.WITHIN, index, other) for other in stated.get((near[0], prop, near[1]), ()))


def _by_statement(stands: Sequence[Stand]) -> dict[Statement, list[int]]:
    stated: dict[Statement, list[int]] = defaultdict(list)
    for index, stand in enumerate(stands):
        stated[stand.statement].append(index)
    return stated


def _disjoint_classes(affirmed: Sequence[int], stands: Sequence[Stand], hierarchy: Hierarchy) -> Iterator[_Meeting]:
    classes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index in affirmed:
        subject, predicate, kind = stands[index].statement
        if predicate == RDF.type.value:
            classes[subject][kind].append(index)
    for by_class in classes.values():
        for (kind, ours), (other_kind, theirs) in combinations(by_class.items(), 2):
            if hierarchy.are_disjoint([kind], [other_kind]):
                yield from ((Ground.CLASSES, *pair) for pair in product(ours, theirs))


def _clashes(affirmed: Sequence[int], entailed: _Entailed, hierarchy: Hierarchy) -> Iterator[_Meeting]:
    """Yield claims that say of something what their properties do not allow together."""
    saying: dict[Statement, list[int]] = defaultdict(list)
    values: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index in affirmed:
        for subject, prop, value in entailed[index]:
            saying[subject, prop, value].append(index)
            if hierarchy.is_exclusive(prop):
                values[subject, prop][value].append(index)
    for (subject, prop, value), ours in list(saying.items()):
        for excluded in sorted(hierarchy.excluded_properties(prop)):
            yield from (
                (Ground.PROPERTIES, *pair) for pair in product(ours, saying.get((subject, excluded, value), ()))
            )
        if hierarchy.is_one_way(prop):
            theirs = saying.get((value, prop, subject), [])
            yield from ((Ground.DIRECTIONS, *pair) for pair in product(ours, theirs))
    for by_value in values.values():
        for ours, theirs in combinations(by_value.values(), 2):
            yield from ((Ground.VALUES, *pair) for pair in product(ours, theirs))
