"""Which of two claims that say the same is put more firmly, axis by axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import LIMITS
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.positions import BASES, COUNTS, SCALES, SCOPES, Mood, Position
from digitech_kg.comparison.scopes import Relation, relate
from digitech_kg.namespaces import DK

_SCOPE_ORDER = {Relation.SAME: 0, Relation.WIDER: 1, Relation.NARROWER: -1, Relation.OVERLAPPING: None}


@dataclass(frozen=True, slots=True)
class Balance:
    """On how many axes the first is firmer, the second is, and neither can be said to be."""

    first: int = 0
    second: int = 0
    unclear: int = 0

    @property
    def is_even(self) -> bool:
        return not (self.first or self.second or self.unclear)

    @property
    def first_is_firmer(self) -> bool:
        return bool(self.first) and not (self.second or self.unclear)

    @property
    def second_is_firmer(self) -> bool:
        return bool(self.second) and not (self.first or self.unclear)


def weigh(first: Position, second: Position, hierarchy: Hierarchy, *, with_mood: bool = True) -> Balance:
    """Return how two claims of the same statement and polarity compare on all weakening axes."""
    orders = list(_orders(first, second, hierarchy))
    if with_mood:
        orders.append(_order_of_moods(first, second))
    return Balance(orders.count(1), orders.count(-1), orders.count(None))


def narrower_limits(first: Position, second: Position, hierarchy: Hierarchy) -> Iterator[NamedNode]:
    """Yield the limits by which the first claim reaches less far than the second."""
    return (axis for axis in LIMITS if relate(first, second, axis, hierarchy) is Relation.NARROWER)


def is_weaker_in_basis(first: Position, second: Position) -> bool:
    """Whether the first claim rests on a report, hearsay or reading, and the second on something firmer."""
    return _basis(first) < _basis(second)


def _orders(first: Position, second: Position, hierarchy: Hierarchy) -> Iterator[int | None]:
    """Yield 1, -1 or 0 for each axis on which the first is firmer, the second or neither; None if they differ."""
    for scale in SCALES:
        yield _sign(first.strength(scale) - second.strength(scale))
    for count in COUNTS:
        yield _order_of_presence(first.claim.all(count), second.claim.all(count))
    for axis in SCOPES:
        relation = relate(first, second, axis, hierarchy)
        if axis == DK.time:
            # When something took place makes a claim no weaker, but two times are two things.
            yield None if relation is Relation.APART else 0
        else:
            yield _SCOPE_ORDER.get(relation)
    yield _sign(_basis(first) - _basis(second))
    yield _order_of_holders(first, second)


def _basis(position: Position) -> int:
    found = position.claim.all(DK.basis)
    return min((BASES.index(basis) if basis in BASES else 0 for basis in found), default=len(BASES))


def _order_of_holders(first: Position, second: Position) -> int | None:
    order = _sign(first.ownership - second.ownership)
    is_other_view = not order and first.ownership == 0 and first.holders != second.holders
    return None if is_other_view else order


def _order_of_moods(first: Position, second: Position) -> int | None:
    """A question is weaker than all else; a forecast and a piece of advice cannot be measured by each other."""
    ours, theirs = (set(position.claim.all(DK.mood)) for position in (first, second))
    if first.mood is not second.mood and Mood.QUESTION in (first.mood, second.mood):
        return -1 if first.mood is Mood.QUESTION else 1
    return _order_of_presence(tuple(sorted(ours, key=str)), tuple(sorted(theirs, key=str)))


def _order_of_presence(ours: tuple[object, ...], theirs: tuple[object, ...]) -> int | None:
    """What has no reserve of a kind is firmer than what has one; two different ones cannot be measured."""
    if set(ours) == set(theirs):
        return 0
    return None if ours and theirs else -1 if ours else 1


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)
