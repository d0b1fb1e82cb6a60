"""Why a triple follows, or why premises contradict each other, in terms of leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import OWL, RDFS
from digitech_kg.reasoning.axioms import Leaf
from digitech_kg.reasoning.hierarchy import ANY, OTHER
from digitech_kg.reasoning.justifications import Justifications, find_justifications
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Saturation, key_of, relevant
from digitech_kg.reasoning.theory import Complement, Theory, assumption, candidates

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


def triples_of(leaves: Iterable[Leaf], premises: Iterable[Triple]) -> tuple[Triple, ...]:
    """Return the triples of some leaves with all declarations, so that a reasoner can read them alone."""
    kept = {triple for leaf in leaves for triple in leaf.triples}
    kept |= {t for t in premises if _is_declaration(t)}
    return tuple(sorted(kept, key=str))


def _is_declaration(triple: Triple) -> bool:
    declared: tuple[Any, ...] = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    return triple.object in declared and isinstance(triple.subject, NamedNode)
