"""Why a triple follows, or why premises contradict each other: smallest sets of leaves.

The derivations that lead to a fact are a set of Horn clauses, so whether it follows from some of the leaves takes
linear time to find out. The sets are found as in Reiter's hitting-set tree: take one set away leaf by leaf and look
whether the fact still follows. Source: Kalyanpur et al., Finding All Justifications of OWL DL Entailments, ISWC 2007.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Triple

from digitech_kg.iteration import reachable
from digitech_kg.namespaces import RDFS
from digitech_kg.reasoning.inference import ANY, OTHER
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Saturation, key_of, relevant
from digitech_kg.reasoning.theory import Complement, Theory, assumption, candidates

#: Sets looked for before the search is cut off; the smallest of them are given.
_MOST_FOUND: Final = 60
_MOST_TRIES: Final = 4000


@dataclass(frozen=True)
class Justifications:
    """Smallest sets of leaves, short ones first; `complete` if these are all."""

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


#: Numbers below zero are assumptions, which no justification names.
_ASSUMED: Final = -1


def justify(theory: Theory, triple: Triple, *, limit: int, deadline: float | None = None) -> Justifications:
    """Return the smallest sets of leaves from which a triple follows by the rules; none if it does not."""
    assumed, goal = _as_goal(triple)
    saturation = _derive(theory, goal, assumed, limit, deadline)
    found = find_justifications(saturation.leading_to(goal), goal, limit=limit, deadline=deadline)
    return Justifications(tuple(leaves - {_ASSUMED} for leaves in found.sets), found.complete)


def contradictions(theory: Theory, *, limit: int) -> Justifications:
    """Return the smallest sets of leaves that contradict each other."""
    saturation = _derive(theory, CLASH, [], limit, None)
    return find_justifications(saturation.leading_to(CLASH), CLASH, limit=limit)


def _derive(theory: Theory, goal: Fact, assumed: list[Derivation], limit: int, deadline: float | None) -> Saturation:
    """Return every derivation that can have a part in deriving a goal."""
    rules, wanted = relevant(theory.rules, [key_of(goal)])
    complements = [complement for complement in theory.complements if complement.name in wanted]
    if complements:
        # Who is in a complement shows in contradictions.
        rules, wanted = relevant(theory.rules, [key_of(goal), CLASH[1]])
    saturation = Saturation(rules, record=True)
    given = [derivation for derivation in theory.given if key_of(derivation.conclusion) in wanted]
    saturation.add([*given, *assumed], deadline=deadline)
    found = saturation.is_consistent
    while found:
        found = False
        for complement in complements:
            for individual in list(candidates(saturation.facts, complement)):
                if refuted := _refute(saturation, individual, complement, limit, deadline):
                    saturation.add(refuted, deadline=deadline)
                    found = True
    return saturation


def _refute(
    saturation: Saturation, individual: str, complement: Complement, limit: int, deadline: float | None
) -> list[Derivation]:
    """Return why an individual is in a complement: to be in the class itself would be a contradiction."""
    with saturation.assuming([assumption(individual, complement, (_ASSUMED,))], deadline=deadline):
        cone = saturation.leading_to(CLASH) if not saturation.is_consistent else {}
        found = find_justifications(cone, CLASH, limit=limit, deadline=deadline)
    member = (individual, TYPE, complement.name)
    return [Derivation(member, (), tuple(sorted(leaves - {_ASSUMED}))) for leaves in found.sets]


def _as_goal(triple: Triple) -> tuple[list[Derivation], Fact]:
    """Return what to assume and what to derive; that a class is below another is asked of any member of it."""
    subject, predicate, value = str(triple.subject), triple.predicate, str(triple.object)
    if predicate == RDFS.subClassOf:
        return [Derivation((ANY, TYPE, subject), (), (_ASSUMED,))], (ANY, TYPE, value)
    if predicate == RDFS.subPropertyOf:
        return [Derivation((ANY, subject, OTHER), (), (_ASSUMED,))], (ANY, value, OTHER)
    return [], (subject, str(predicate), value)
