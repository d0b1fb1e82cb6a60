"""One proof why a triple follows, or why premises contradict each other: leaves that are enough, and all needed."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

from digitech_kg.namespaces import RDFS
from digitech_kg.reasoning.inference import ANY, OTHER, Theory, add_complements
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Rule, Saturation


def prove(theory: Theory, triple: Triple) -> frozenset[int] | None:
    """Return leaves from which a triple follows by the rules, all of them needed; None if it doesn't follow."""
    subject, predicate, value = str(triple.subject), triple.predicate, str(triple.object)
    # That a class is below another is asked of any member of it.
    if predicate == RDFS.subClassOf:
        return _smallest(theory, (ANY, TYPE, value), [Derivation((ANY, TYPE, subject), (), ())])
    if predicate == RDFS.subPropertyOf:
        return _smallest(theory, (ANY, value, OTHER), [Derivation((ANY, subject, OTHER), (), ())])
    return _smallest(theory, (subject, str(predicate), value), [])


def find_contradiction(theory: Theory) -> frozenset[int] | None:
    """Return leaves that contradict each other, all of them needed; None if the rules find no contradiction."""
    return _smallest(theory, CLASH, [])


def _smallest(theory: Theory, goal: Fact, assumed: list[Derivation]) -> frozenset[int] | None:
    """Return a proof of a goal from which no leaf can be taken away, or None if there is none."""
    given = [*theory.given, *assumed]
    proof = _prove(theory, theory.rules, given, goal)
    for leaf in sorted(proof or (), reverse=True):
        if proof is not None and leaf in proof:
            fewer = proof - {leaf}
            rules = [_limited(rule, fewer) for rule in theory.rules]
            without = [derivation for derivation in given if fewer.issuperset(derivation.leaves)]
            proof = _prove(theory, rules, without, goal) or proof
    return proof


def _prove(theory: Theory, rules: Iterable[Rule], given: Iterable[Derivation], goal: Fact) -> frozenset[int] | None:
    saturation = Saturation(rules)
    saturation.add(given)
    if goal not in saturation.facts.known:
        add_complements(saturation, theory.complements)
    return saturation.leaves_of(goal) if goal in saturation.facts.known else None


def _limited(rule: Rule, leaves: frozenset[int]) -> Rule:
    """Return a rule that derives only what rests on some leaves."""
    return rule._replace(
        apply=lambda facts, fact: [found for found in rule.apply(facts, fact) if leaves.issuperset(found.leaves)]
    )
