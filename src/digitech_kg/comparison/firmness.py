"""Compare how firmly two claims are put and how wide their scopes are; tell whether opposite ones can both hold."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import BY_PROPERTY, LIMITS, Effect
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.stands import CONFLICT, COUNTS, FULL, SCALES, SCOPE_AXES, ClaimStand, years_of
from digitech_kg.namespaces import DK

_TIMES = (DK.time, DK.limitedToTime)


#: How one scope lies to another.
Relation = Literal["same", "wider", "narrower", "overlapping", "apart"]


def relate(first: ClaimStand, second: ClaimStand, axis: NamedNode, hierarchy: Hierarchy) -> Relation:
    """Return how the scope of one claim on an axis lies to that of another; without one, a claim is unlimited."""
    ours, theirs = first.scope(axis), second.scope(axis)
    if ours == theirs:
        return "same"
    if not ours or not theirs:
        return "narrower" if ours else "wider"
    if axis in _TIMES:
        return _relate_times(ours, theirs)
    contained = all(any(hierarchy.is_within(one, other) for other in theirs) for one in ours)
    contains = all(any(hierarchy.is_within(other, one) for one in ours) for other in theirs)
    if contained or contains:
        return "narrower" if contained else "wider"
    meets = any(hierarchy.is_within(a, b) or hierarchy.is_within(b, a) for a in ours for b in theirs)
    return "overlapping" if meets else "apart"


def _relate_times(ours: frozenset[str], theirs: frozenset[str]) -> Relation:
    """Two times that name no year, such as two periods with names, are told apart by their names."""
    our_years, their_years = ([years_of(key) for key in keys] for keys in (ours, theirs))
    pairs = [(a, b) for a in our_years for b in their_years if a is not None and b is not None]
    if not pairs:
        return "overlapping" if ours & theirs else "apart"
    return "overlapping" if any(a[0] <= b[1] and b[0] <= a[1] for a, b in pairs) else "apart"


#: The others can't be measured.
_SCOPE_ORDER: Mapping[str, int] = {"same": 0, "wider": 1, "narrower": -1}


def weigh(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy, *, with_mood: bool = True) -> list[int | None]:
    """Return how two claims of the same statement and polarity compare on the weakening axes on which they differ.

    It is 1 where the first is firmer, -1 where the second is, and None where neither can be said to be.
    """
    orders = list(_orders(first, second, hierarchy))
    if with_mood:
        orders.append(_order_of_moods(first, second))
    return [order for order in orders if order != 0]


def narrower_limits(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy) -> Iterator[NamedNode]:
    """Yield the limits by which the first claim reaches less far than the second."""
    return (axis for axis in LIMITS if relate(first, second, axis, hierarchy) == "narrower")


def _orders(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy) -> Iterator[int | None]:
    """Yield 1, -1 or 0 for each axis on which the first is firmer, the second or neither; None if they differ."""
    for scale in SCALES:
        yield _sign(first.strength(scale) - second.strength(scale))
    for prop in (*COUNTS, DK.otherReading):
        yield _order_of_presence(first.claim.all(prop), second.claim.all(prop))
    for axis in SCOPE_AXES:
        relation = relate(first, second, axis, hierarchy)
        if axis == DK.time:
            # When something took place makes a claim no weaker, but two times are two things. To deny it of one
            # time says nothing of times that only overlap with that one.
            is_of_other_time = relation == "apart" or (relation == "overlapping" and not first.affirms)
            yield None if is_of_other_time else 0
        else:
            yield _SCOPE_ORDER.get(relation)
    yield _sign(first.basis - second.basis)
    yield _order_of_holders(first, second)


def _order_of_holders(first: ClaimStand, second: ClaimStand) -> int | None:
    order = _sign(first.ownership - second.ownership)
    if not order:
        return None if first.ownership == 0 and first.holders != second.holders else 0
    own, other = (first, second) if order > 0 else (second, first)
    if DK.report in own.claim.all(DK.basis) and not other.ownership:
        # Both were read only as somebody reports them: as firm if it is one author's view.
        return 0 if other.holders <= own.authors else None
    return order


def _order_of_moods(first: ClaimStand, second: ClaimStand) -> int | None:
    """A question is weaker than all else; a forecast and a piece of advice cannot be measured by each other."""
    if first.mood != second.mood and "question" in (first.mood, second.mood):
        return -1 if first.mood == "question" else 1
    return _order_of_presence(tuple(first.moods), tuple(second.moods))


def _order_of_presence(ours: tuple[object, ...], theirs: tuple[object, ...]) -> int | None:
    """What has no reserve of a kind is firmer than what has one; two different ones cannot be measured."""
    if set(ours) == set(theirs):
        return 0
    return None if ours and theirs else -1 if ours else 1


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


_DEGREES = BY_PROPERTY[DK.degree]


def oppose(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy, *, later: ClaimStand | None) -> str | None:
    """Return what two claims are of which only one could be plainly true; `later` is the newer one.

    It is a "contradiction"; "compatible" if both can be right; "not borne out" if the later one says that something
    expected has not come about. None if they don't answer one question: one says what is, the other what should be.
    """
    moods = {first.mood, second.mood}
    if "question" in moods or ("advice" in moods and len(moods) > 1):
        return None
    if _have_room(first, second, hierarchy):
        return "compatible"
    if moods != {"fact", "forecast"}:
        return "contradiction"
    # A fact and a forecast can differ, unless the document with the fact is the later one. To find something possible
    # is not to say that it has come about.
    if later is None or later.mood != "fact":
        return "compatible"
    return "not borne out" if later.strength(DK.certainty) == FULL else "contradiction"


def denies_degree_only(denial: ClaimStand, affirmation: ClaimStand) -> bool:
    """Whether a denial leaves room for an affirmation: "does not invest heavily" denies only what is as heavy.

    In the same way "does not invest mainly in trams" leaves room for "invests in trams".
    """
    if denial.rejects or not denial.claim.is_negated:
        return False
    if denial.claim.all(DK.focus) and denial.claim.all(DK.focus) != affirmation.claim.all(DK.focus):
        return True
    denied = [_DEGREES.values.index(degree) for degree in _adding_degrees(denial)]
    claimed = [_DEGREES.values.index(degree) for degree in _adding_degrees(affirmation)]
    return bool(denied) and (not claimed or max(claimed) < min(denied))


def _have_room(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy) -> bool:
    for scale in SCALES:
        if _strength(first, scale) + _strength(second, scale) < CONFLICT and not _measure_alike(first, second, scale):
            return True
    if any(relate(first, second, axis, hierarchy) == "apart" for axis in SCOPE_AXES):
        # They speak of different places, times or conditions.
        return True
    if not (first.ownership or second.ownership) and first.holders != second.holders:
        # Both only report views, of different people.
        return True
    affirmation, denial = (first, second) if first.affirms else (second, first)
    return denies_degree_only(denial, affirmation)


def _measure_alike(first: ClaimStand, second: ClaimStand, scale: NamedNode) -> bool:
    """Whether both say how something compares with one other thing: "less than X" and "not less than X" conflict."""
    others = set(first.claim.all(DK.comparedWith))
    return scale == DK.degree and bool(others) and others == set(second.claim.all(DK.comparedWith))


def _strength(stand: ClaimStand, scale: NamedNode) -> float:
    """A number of things is a part of them."""
    counted = {DK.subjectQuantifier: COUNTS[0], DK.objectQuantifier: COUNTS[1]}.get(scale)
    part = 1.0 if counted is not None and stand.claim.all(counted) else FULL
    return min(stand.strength(scale), part)


def _adding_degrees(stand: ClaimStand) -> list[NamedNode]:
    return [
        degree
        for degree in stand.claim.all(DK.degree)
        if degree in _DEGREES.values
        and _DEGREES.effect_of(degree, of_quality=stand.claim.gives_quality) is Effect.ADDING
    ]
