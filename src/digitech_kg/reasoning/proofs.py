"""Why a triple follows, or why a dataset contradicts itself, in terms of its leaves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import OWL, RDFS
from digitech_kg.reasoning.axioms import Leaf, read_leaves
from digitech_kg.reasoning.expressions import listed_members
from digitech_kg.reasoning.graph_view import GraphView
from digitech_kg.reasoning.justifications import Justifications, find_justifications
from digitech_kg.reasoning.rules import compile_rules, given_facts
from digitech_kg.reasoning.saturation import (
    CLASH,
    TYPE,
    Derivation,
    Derivations,
    Fact,
    Rule,
    key_of,
    relevant,
    saturate,
)

#: Stand for any member of a class and any two things that a property relates.
_ANY, _OTHER = "_:any", "_:other"
#: Numbers below zero are assumptions, which no justification names.
_ASSUMED: Final = -1


@dataclass(frozen=True)
class Theory:
    """The premises as leaves and rules, ready to ask about."""

    leaves: tuple[Leaf, ...]
    rules: tuple[Rule, ...]
    given: tuple[Derivation, ...]
    complements: tuple[tuple[str, str], ...]
    #: The literals that the rules know, by their N-Triples.
    literals: dict[str, Literal]

    @classmethod
    def of(cls, premises: Iterable[Triple]) -> Theory:
        """Read premises (from `select_premises`)."""
        premises = tuple(premises)
        view = GraphView(premises)
        leaves = tuple(read_leaves(premises, view))
        literals = {str(t.object): t.object for t in premises if isinstance(t.object, Literal)}
        named = {str(leaf.subject): (number,) for number, leaf in enumerate(leaves) if leaf.kind == "definition"}
        given = (*given_facts(leaves), *listed_members(view, named))
        complements = tuple(
            (str(t.subject), str(t.object))
            for t in premises
            if t.predicate == OWL.complementOf and isinstance(t.subject, BlankNode)
        )
        return cls(leaves, tuple(compile_rules(leaves, view, literals)), given, complements, literals)

    def justify(self, triple: Triple, *, limit: int, deadline: float | None = None) -> Justifications:
        """Give the smallest sets of leaves from which a triple follows by the rules; none if it does not."""
        assumed, goal = _as_goal(triple)
        refuted = self._refuted(goal, limit, deadline) if goal[1] == TYPE else []
        found = self._derive([goal], [*assumed, *refuted], deadline)
        return _without_assumptions(find_justifications(found, goal, limit=limit, deadline=deadline))

    def contradictions(self, *, limit: int, deadline: float | None = None) -> Justifications:
        """Give the smallest sets of leaves that contradict each other."""
        return find_justifications(self._derive([CLASH], [], deadline), CLASH, limit=limit, deadline=deadline)

    def is_consistent(self) -> bool:
        """Whether the rules find no contradiction."""
        return CLASH not in self._derive([CLASH], [], None).by_conclusion

    def classify(self, names: Iterable[str]) -> dict[str, set[str] | None]:
        """Give the classes that any member of each class is in, by the axioms alone; None if it can have no member."""
        uppers: dict[str, set[str] | None] = {}
        for name in names:
            found = saturate([Derivation((_ANY, TYPE, f"<{name}>"), (), (_ASSUMED,))], self.rules)
            classes = {cls.strip("<>") for cls in found.facts.values(_ANY, TYPE) if cls.startswith("<")}
            uppers[name] = None if CLASH in found.by_conclusion else classes - {name}
        return uppers

    def _derive(self, goals: Iterable[Fact], assumed: Sequence[Derivation], deadline: float | None) -> Derivations:
        rules, wanted = relevant(self.rules, [key_of(goal) for goal in goals])
        given = [derivation for derivation in self.given if key_of(derivation.conclusion) in wanted]
        return saturate([*given, *assumed], rules, deadline=deadline)

    def _refuted(self, goal: Fact, limit: int, deadline: float | None) -> list[Derivation]:
        """Give memberships of the goal's subject in complements: to be in the class itself would be a contradiction."""
        _, wanted = relevant(self.rules, [key_of(goal)])
        found = []
        for complement, cls in self.complements:
            if complement not in wanted:
                continue
            assumption = Derivation((goal[0], TYPE, cls), (), (_ASSUMED,))
            clashes = find_justifications(
                self._derive([CLASH], [assumption], deadline), CLASH, limit=limit, deadline=deadline
            )
            found += [
                Derivation((goal[0], TYPE, complement), (), tuple(sorted(leaves - {_ASSUMED})))
                for leaves in clashes.sets
                if _ASSUMED in leaves
            ]
        return found


def _as_goal(triple: Triple) -> tuple[list[Derivation], Fact]:
    """Give what to assume and what to derive; that a class is below another is asked of any member of it."""
    subject, predicate, value = str(triple.subject), triple.predicate, str(triple.object)
    if predicate == RDFS.subClassOf:
        return [Derivation((_ANY, TYPE, subject), (), (_ASSUMED,))], (_ANY, TYPE, value)
    if predicate == RDFS.subPropertyOf:
        return [Derivation((_ANY, subject, _OTHER), (), (_ASSUMED,))], (_ANY, value, _OTHER)
    return [], (subject, str(predicate), value)


def _without_assumptions(found: Justifications) -> Justifications:
    sets = tuple(leaves - {_ASSUMED} for leaves in found.sets)
    return Justifications(sets, found.complete)


def deadline_in(seconds: float) -> float:
    """Give the deadline that many seconds from now."""
    return time.monotonic() + seconds


def triples_of(leaves: Iterable[Leaf], premises: Iterable[Triple]) -> tuple[Triple, ...]:
    """Give the triples of some leaves with all declarations, so that a reasoner can read them alone."""
    kept = {triple for leaf in leaves for triple in leaf.triples}
    kept |= {t for t in premises if _is_declaration(t)}
    return tuple(sorted(kept, key=str))


def _is_declaration(triple: Triple) -> bool:
    declared: tuple[Any, ...] = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    return triple.object in declared and isinstance(triple.subject, NamedNode)
