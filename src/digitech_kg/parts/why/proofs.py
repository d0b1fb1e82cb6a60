"""One proof why a triple follows, or why premises contradict each other: leaves that are enough, and all needed."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

from digitech_kg.namespaces import RDFS
from digitech_kg.reasoning.inference import ANY, OTHER, Complement, Theory, add_complements
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Rule, Saturation, key_of


def prove(theory: Theory, triple: Triple) -> frozenset[int] | None:
    """Return leaves from which a triple follows by the rules, all of them needed; None if it doesn't follow."""
    assumed, goal = _as_goal(triple)
    return _Search(theory, goal, assumed).smallest()


def find_contradiction(theory: Theory) -> frozenset[int] | None:
    """Return leaves that contradict each other, all of them needed; None if the rules find no contradiction."""
    return _Search(theory, CLASH, ()).smallest()


class _Search:
    """Looks for a proof of one goal with the rules that can lead to it."""

    def __init__(self, theory: Theory, goal: Fact, assumed: Iterable[Derivation]) -> None:
        self._goal = goal
        rules, wanted = _relevant(theory.rules, [key_of(goal)])
        self._complements: list[Complement] = [c for c in theory.complements if c.name in wanted]
        if self._complements:
            # Who is in a complement shows in contradictions.
            rules, wanted = _relevant(theory.rules, [key_of(goal), CLASH[1]])
        self._rules = rules
        given = (derivation for derivation in theory.given if key_of(derivation.conclusion) in wanted)
        self._given = [*given, *assumed]

    def smallest(self) -> frozenset[int] | None:
        """Return a proof from which no leaf can be taken away, or None if there is none."""
        proof = self._prove(self._rules, self._given)
        if proof is None:
            return None
        for leaf in sorted(proof, reverse=True):
            if leaf in proof and (smaller := self._prove_within(proof - {leaf})) is not None:
                proof = smaller
        return proof

    def _prove_within(self, leaves: frozenset[int]) -> frozenset[int] | None:
        given = [derivation for derivation in self._given if leaves.issuperset(derivation.leaves)]
        return self._prove([_limited(rule, leaves) for rule in self._rules], given)

    def _prove(self, rules: Iterable[Rule], given: Iterable[Derivation]) -> frozenset[int] | None:
        saturation = Saturation(rules)
        saturation.add(given)
        add_complements(saturation, self._complements)
        return saturation.leaves_of(self._goal) if self._goal in saturation.facts.known else None


def _limited(rule: Rule, leaves: frozenset[int]) -> Rule:
    """Return a rule that derives only what rests on some leaves."""
    return rule._replace(
        apply=lambda facts, fact: [found for found in rule.apply(facts, fact) if leaves.issuperset(found.leaves)]
    )


def _as_goal(triple: Triple) -> tuple[list[Derivation], Fact]:
    """Return what to assume and what to derive; that a class is below another is asked of any member of it."""
    subject, predicate, value = str(triple.subject), triple.predicate, str(triple.object)
    if predicate == RDFS.subClassOf:
        return [Derivation((ANY, TYPE, subject), (), ())], (ANY, TYPE, value)
    if predicate == RDFS.subPropertyOf:
        return [Derivation((ANY, subject, OTHER), (), ())], (ANY, value, OTHER)
    return [], (subject, str(predicate), value)


def _relevant(rules: Iterable[Rule], goals: Iterable[str]) -> tuple[list[Rule], set[str]]:
    """Return the rules that can lead to facts about these classes and properties, and all that they look at."""
    rules = list(rules)
    wanted: set[str] = set(goals)
    chosen: list[Rule] = []
    while True:
        new = [rule for rule in rules if not rule.gives or rule.gives & wanted]
        if not new:
            return chosen, wanted
        chosen += new
        rules = [rule for rule in rules if not (not rule.gives or rule.gives & wanted)]
        for rule in new:
            wanted |= rule.triggers
