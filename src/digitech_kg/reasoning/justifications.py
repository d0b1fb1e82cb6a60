"""All smallest sets of leaves from which a fact follows, out of the derivations that lead to it.

The derivations are a set of Horn clauses, so whether a fact follows from some of the leaves is told in linear time.
The sets are found as in Reiter's hitting-set tree: take one set away leaf by leaf and look whether the fact still
follows. Source: Kalyanpur et al., Finding All Justifications of OWL DL Entailments, ISWC 2007.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from digitech_kg.reach import reachable
from digitech_kg.reasoning.saturation import Derivation, Fact

#: Sets looked for before the search is cut off; the smallest of them are given.
_MOST_FOUND: Final = 60
_MOST_TRIES: Final = 4000


@dataclass(frozen=True)
class Justifications:
    """Smallest sets of leaves, short ones first; `complete` if there are no others."""

    sets: tuple[frozenset[int], ...]
    complete: bool


class _Clauses:
    """The derivations that lead to one fact, numbered for speed."""

    def __init__(self, cone: Mapping[Fact, Sequence[Derivation]], goal: Fact) -> None:
        number = {fact: index for index, fact in enumerate(cone)}
        self._goal = number[goal]
        self._heads: list[int] = []
        self._bodies: list[tuple[int, ...]] = []
        self._leaves: list[frozenset[int]] = []
        self._uses: list[list[int]] = [[] for _ in cone]
        for fact, found in cone.items():
            for derivation in found:
                body = tuple({number[premise] for premise in derivation.premises})
                for premise in body:
                    self._uses[premise].append(len(self._heads))
                self._heads.append(number[fact])
                self._bodies.append(body)
                self._leaves.append(frozenset(derivation.leaves))

    def prove(self, *, within: frozenset[int] | None = None, without: frozenset[int] = frozenset()) -> set[int] | None:
        """Return the leaves of one proof of the goal that uses only allowed leaves, or None if there is none."""
        missing = [len(body) for body in self._bodies]
        reason: dict[int, int] = {}
        allowed = [(within is None or leaves <= within) and not leaves & without for leaves in self._leaves]
        pending = deque(i for i, count in enumerate(missing) if count == 0 and allowed[i])
        while pending:
            clause = pending.popleft()
            head = self._heads[clause]
            if head in reason:
                continue
            reason[head] = clause
            if head == self._goal:
                return self._leaves_of_proof(reason)
            for use in self._uses[head]:
                missing[use] -= 1
                if missing[use] == 0 and allowed[use]:
                    pending.append(use)
        return None

    def _leaves_of_proof(self, reason: dict[int, int]) -> set[int]:
        facts = reachable([self._goal], lambda fact: self._bodies[reason[fact]])
        return {leaf for fact in facts for leaf in self._leaves[reason[fact]]}

    def smallest(self, proof: set[int]) -> frozenset[int]:
        """Take away what is not needed, until everything is."""
        kept = frozenset(proof)
        for leaf in sorted(proof, reverse=True):
            if leaf in kept and (smaller := self.prove(within=kept - {leaf})) is not None:
                kept = frozenset(smaller)
        return kept


def find_justifications(
    cone: Mapping[Fact, Sequence[Derivation]], goal: Fact, *, limit: int, deadline: float | None = None
) -> Justifications:
    """Return up to `limit` smallest sets of leaves for a fact; none if it was not derived.

    `cone` has the derivations that can have a part in it, by conclusion.
    """
    if not cone.get(goal):
        return Justifications((), complete=True)
    clauses = _Clauses(cone, goal)
    found: list[frozenset[int]] = []
    pending: deque[frozenset[int]] = deque([frozenset()])
    seen: set[frozenset[int]] = set()
    tries = 0
    while pending and len(found) < max(limit, _MOST_FOUND):
        removed = pending.popleft()
        tries += 1
        if tries > _MOST_TRIES or (deadline is not None and time.monotonic() > deadline):
            break
        justification = next((known for known in found if not known & removed), None)
        if justification is None:
            proof = clauses.prove(without=removed)
            if proof is None:
                continue
            justification = clauses.smallest(proof)
            found.append(justification)
        for leaf in sorted(justification):
            if (longer := removed | {leaf}) not in seen:
                seen.add(longer)
                pending.append(longer)
    found.sort(key=lambda leaves: (len(leaves), sorted(leaves)))
    return Justifications(tuple(found[:limit]), complete=not pending and len(found) <= limit)
