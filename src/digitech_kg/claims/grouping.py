"""Which claims one sentence can say together: "Norway and Sweden are members"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.namespaces import DK

#: Axes that change the sentence.
_SAID: Final = tuple(axis.property for axis in AXES if axis.effect is not Effect.NEUTRAL)
#: More names than these make a sentence that nobody reads.
_MOST_NAMES: Final = 12


def group_claims(claims: Iterable[Claim]) -> list[tuple[Claim, ...]]:
    """Return claims in groups that one sentence can say, in the order of their first members.

    Only plain claims are put together: "perhaps A leads, perhaps B leads" isn't "perhaps A and B lead". Subjects come
    first, then objects; a denial of several objects would need "or" and is left apart.
    """
    groups = _gather(((claim,) for claim in claims), DK.subject)
    return _gather(groups, DK.object)


def _gather(groups: Iterable[tuple[Claim, ...]], prop: NamedNode) -> list[tuple[Claim, ...]]:
    found: dict[Hashable, list[Claim]] = defaultdict(list)
    for group in groups:
        key = _key(group, prop)
        while len(found[key]) + len(group) > _MOST_NAMES and found[key]:
            key = (key, "more")
        found[key] += group
    return [tuple(group) for group in found.values()]


def _key(group: tuple[Claim, ...], prop: NamedNode) -> Hashable:
    """Return what is the same in claims that differ only in one property; the group itself if it stands alone."""
    first = group[0]
    several = len({claim.subject for claim in group}) > 1
    stands_alone = several or first.is_negated or not isinstance(first.object, NamedNode)
    if not first.is_plain or (prop == DK.object and stands_alone):
        return first.iri
    other = first.object if prop == DK.subject else first.subject
    reserves = tuple((axis, tuple(sorted(map(str, first.all(axis))))) for axis in _SAID)
    return (first.predicate, other, first.is_negated, reserves)
