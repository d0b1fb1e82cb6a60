"""The rules that axioms about classes and class expressions are both made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Facts, Rule


def rule(triggers: Iterable[str], gives: Iterable[str], apply: Any, concerns: Any = None) -> Rule:
    """Return a rule."""
    return Rule(frozenset(triggers), frozenset(gives), apply, concerns)


def implied(lower: str, upper: str, leaves: tuple[int, ...]) -> Rule:
    """Members of one class are members of another [cax-sco, cax-eqc]."""
    return rule([lower], [upper], lambda _, f: [Derivation((f[0], TYPE, upper), (f,), leaves)])


def disjoint(classes: Iterable[str], leaves: tuple[int, ...]) -> Rule:
    """No individual is in two of the classes [cax-dw, cax-adc, cls-com]."""
    apart = frozenset(classes)

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        for other in facts.values(fact[0], TYPE):
            if other in apart and other != fact[2]:
                yield Derivation(CLASH, (fact, (fact[0], TYPE, other)), leaves)

    return rule(apart, [CLASH[1]], apply)
