"""The rules that axioms about classes and class expressions are both made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Facts, Rule


def rule(triggers: Iterable[str], gives: Iterable[str], apply: Any) -> Rule:
    """Make a rule."""
    return Rule(frozenset(triggers), frozenset(gives), apply)


def implied(lower: str, upper: str, leaves: tuple[int, ...]) -> Rule:
    """Members of one class are members of another [cax-sco, cax-eqc]."""
    return rule([lower], [upper], lambda _, f: [Derivation((f[0], TYPE, upper), (f,), leaves)])


def disjoint(one: str, other: str, leaves: tuple[int, ...]) -> Rule:
    """No individual is in both classes [cax-dw, cls-com]."""

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        second = other if fact[2] == one else one
        if facts.is_member(fact[0], second):
            yield Derivation(CLASH, (fact, (fact[0], TYPE, second)), leaves)

    return rule([one, other], [CLASH[1]], apply)
