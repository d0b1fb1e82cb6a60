"""Who is in the complement of a class: whoever could be in the class itself only at the price of a contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digitech_kg.reasoning.saturation import TYPE, Derivation, Facts, Rule, Saturation
from digitech_kg.reasoning.theory import Complement


def add_complements(
    saturation: Saturation, complements: Iterable[Complement], among: Iterable[str] | None = None
) -> None:
    """Add the memberships in complements that follow, with all that follows from them.

    Only individuals for which some rule needs to know it are tried; `among` narrows them down further.
    """
    complements, among, found = tuple(complements), None if among is None else tuple(among), True
    while found and saturation.is_consistent:
        found = False
        for complement in complements:
            for individual in list(candidates(saturation.facts, complement, among)):
                if is_refuted(saturation, individual, complement):
                    saturation.add([Derivation((individual, TYPE, complement.name), (), ())])
                    found = True


def candidates(facts: Facts, complement: Complement, among: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the individuals, not known to be in a complement, of which some rule needs to know whether they are."""
    for individual in facts.individuals() if among is None else among:
        if individual.startswith('"') or facts.is_member(individual, complement.name):
            continue
        if complement.is_named or any(_concerns(rule, facts, complement, individual) for rule in complement.rules):
            yield individual


def _concerns(rule: Rule, facts: Facts, complement: Complement, individual: str) -> bool:
    return rule.concerns is None or rule.concerns(facts, complement.name, individual)


def is_refuted(saturation: Saturation, individual: str, complement: Complement) -> bool:
    """Whether an individual cannot be in the class that a complement is of."""
    with saturation.assuming([assumption(individual, complement)], until_clash=True):
        return not saturation.is_consistent


def assumption(individual: str, complement: Complement, leaves: tuple[int, ...] = ()) -> Derivation:
    """Return that an individual is in the class that a complement is of."""
    return Derivation((individual, TYPE, complement.of), (), leaves)
