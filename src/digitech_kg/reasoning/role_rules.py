"""Axioms about properties → rules: OWL 2 RL, as functions from a new fact to derivations.

The names in brackets are those of the W3C's rules:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from pyoxigraph import BlankNode, Literal

from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.axioms import Leaf
from digitech_kg.reasoning.class_rules import rule
from digitech_kg.reasoning.graph_view import GraphView
from digitech_kg.reasoning.literals import are_different, is_certainly_not
from digitech_kg.reasoning.saturation import CLASH, SAME, TYPE, Derivation, Fact, Facts, Rule

_CLASH_KEY: Final = CLASH[1]
Step = tuple[str, bool]


def _step(term: Any, view: GraphView) -> Step:
    """Return the property of an expression, and whether it is taken backwards."""
    inverse = view.value(term, OWL.inverseOf) if isinstance(term, BlankNode) else None
    return (str(inverse), True) if inverse is not None else (str(term), False)


def _ends(fact: Fact, step: Step) -> tuple[str, str]:
    return (fact[2], fact[0]) if step[1] else (fact[0], fact[2])


def _fact(start: str, step: Step, end: str) -> Fact:
    return (end, step[0], start) if step[1] else (start, step[0], end)


def _role_implied(lower: Step, upper: Step, number: int) -> Rule:
    """[prp-spo1, prp-eqp, prp-inv, prp-symp]"""

    def apply(_: Facts, fact: Fact) -> list[Derivation]:
        start, end = _ends(fact, lower)
        return [Derivation(_fact(start, upper, end), (fact,), (number,))]

    return rule([lower[0]], [upper[0]], apply)


def _domain(number: int, leaf: Leaf, view: GraphView, _: Any) -> list[Rule]:
    """[prp-dom]"""
    step, cls = _step(leaf.subject, view), str(leaf.value)
    return [rule([step[0]], [cls], lambda _, f: [Derivation((_ends(f, step)[0], TYPE, cls), (f,), (number,))])]


def _range(number: int, leaf: Leaf, view: GraphView, literals: dict[str, Literal]) -> list[Rule]:
    """[prp-rng]; a literal of another datatype is a contradiction [dt-not-type]."""
    step, cls = _step(leaf.subject, view), str(leaf.value)

    def apply(_: Facts, fact: Fact) -> Iterator[Derivation]:
        end = _ends(fact, step)[1]
        if end not in literals:
            yield Derivation((end, TYPE, cls), (fact,), (number,))
        elif is_certainly_not(literals[end], leaf.value.value):
            yield Derivation(CLASH, (fact,), (number,))

    return [rule([step[0]], [cls, _CLASH_KEY], apply)]


def _subrole(number: int, leaf: Leaf, view: GraphView, _: Any) -> list[Rule]:
    return [_role_implied(_step(leaf.subject, view), _step(leaf.value, view), number)]


def _equivalent_roles(number: int, leaf: Leaf, view: GraphView, _: Any) -> list[Rule]:
    one, other = _step(leaf.subject, view), _step(leaf.value, view)
    return [_role_implied(one, other, number), _role_implied(other, one, number)]


def _inverse(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    one, other = str(leaf.subject), str(leaf.value)
    return [_role_implied((one, False), (other, True), number), _role_implied((other, False), (one, True), number)]


def _symmetric(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    role = str(leaf.subject)
    return [_role_implied((role, False), (role, True), number)]


def _transitive(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    """[prp-trp]"""
    role = (str(leaf.subject), False)
    return [_chain_rule([role, role], role[0], number)]


def _chain(number: int, leaf: Leaf, view: GraphView, _: Any) -> list[Rule]:
    """[prp-spo2]"""
    return [_chain_rule([_step(term, view) for term in view.items(leaf.value)], str(leaf.subject), number)]


def _chain_rule(steps: list[Step], whole: str, number: int) -> Rule:
    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        for place, step in enumerate(steps):
            if step[0] != fact[1]:
                continue
            start, end = _ends(fact, step)
            for first, before in _walk(facts, start, steps[:place], backwards=True):
                for last, after in _walk(facts, end, steps[place + 1 :], backwards=False):
                    yield Derivation((first, whole, last), (*before, fact, *after), (number,))

    return rule([step[0] for step in steps], [whole], apply)


def _walk(facts: Facts, node: str, steps: Sequence[Step], *, backwards: bool) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Yield where the steps lead from a node, with the facts on the way in the order of the chain."""
    if not steps:
        yield node, ()
        return
    step = steps[-1] if backwards else steps[0]
    for other in facts.values(node, step[0], inverse=step[1] != backwards):
        passed = _fact(other, step, node) if backwards else _fact(node, step, other)
        for end, rest in _walk(facts, other, steps[:-1] if backwards else steps[1:], backwards=backwards):
            yield end, (*rest, passed) if backwards else (passed, *rest)


def _functional(number: int, leaf: Leaf, _: GraphView, literals: dict[str, Literal]) -> list[Rule]:
    return [_at_most_one(str(leaf.subject), number, literals, inverse=False)]


def _inverse_functional(number: int, leaf: Leaf, _: GraphView, literals: dict[str, Literal]) -> list[Rule]:
    return [_at_most_one(str(leaf.subject), number, literals, inverse=True)]


def _at_most_one(role: str, number: int, literals: dict[str, Literal], *, inverse: bool) -> Rule:
    """Two values are the same [prp-fp, prp-ifp], or contradict each other if they are different literals [dt-diff]."""

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        start, end = (fact[2], fact[0]) if inverse else (fact[0], fact[2])
        for other in facts.values(start, role, inverse=inverse):
            if other == end:
                continue
            second = (other, role, start) if inverse else (start, role, other)
            if end not in literals or other not in literals:
                yield Derivation((end, SAME, other), (fact, second), (number,))
            elif are_different(literals[end], literals[other]):
                yield Derivation(CLASH, (fact, second), (number,))

    return rule([role], [SAME, _CLASH_KEY], apply)


def _disjoint_roles(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    """[prp-pdw, prp-adp]"""
    roles = leaf.value if isinstance(leaf.value, tuple) else (leaf.subject, leaf.value)
    return [never_both(str(a), str(b), (number,), crossed=False) for a, b in combinations(roles, 2)]


def _asymmetric(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    """[prp-asyp]"""
    return [never_both(str(leaf.subject), str(leaf.subject), (number,), crossed=True)]


def never_both(one: str, other: str, leaves: tuple[int, ...], *, crossed: bool) -> Rule:
    """Nothing is related by both properties; `crossed`: by the second the other way round."""

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        second = (fact[2] if crossed else fact[0], other if fact[1] == one else one, fact[0] if crossed else fact[2])
        if second in facts.known:
            yield Derivation(CLASH, (fact, second) if fact != second else (fact,), leaves)

    return rule([one, other], [_CLASH_KEY], apply)


def _irreflexive(number: int, leaf: Leaf, *_: Any) -> list[Rule]:
    """[prp-irp]"""
    role = str(leaf.subject)
    return [
        rule([role], [_CLASH_KEY], lambda _, f: [Derivation(CLASH, (f,), (number,))] if f[0] == f[2] else []),
    ]


#: By the kind of leaf.
ROLE_RULES: Final[dict[str, Any]] = {
    "AllDisjointProperties": _disjoint_roles,
    "AsymmetricProperty": _asymmetric,
    "FunctionalProperty": _functional,
    "InverseFunctionalProperty": _inverse_functional,
    "IrreflexiveProperty": _irreflexive,
    "SymmetricProperty": _symmetric,
    "TransitiveProperty": _transitive,
    "domain": _domain,
    "equivalentProperty": _equivalent_roles,
    "inverseOf": _inverse,
    "propertyChainAxiom": _chain,
    "propertyDisjointWith": _disjoint_roles,
    "range": _range,
    "subPropertyOf": _subrole,
}
