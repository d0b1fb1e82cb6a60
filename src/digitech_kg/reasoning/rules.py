"""Axioms → rules: OWL 2 RL, and what is sound beyond it, as functions from a new fact to derivations.

A class expression counts as a class of its own whose members follow from its parts and the other way round; only the
axiom that links it to a named class is a leaf. The names in brackets are those of the W3C's rules:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.expressions import are_different, disjoint, expression_rules, implied, is_certainly_not, rule
from digitech_kg.reasoning.premises import Leaf
from digitech_kg.reasoning.saturation import CLASH, SAME, TYPE, WITNESS, Derivation, Fact, Facts, Rule

_CLASH_KEY: Final = CLASH[1]
_DIFFERENT: Final = str(OWL.differentFrom)


def compile_rules(
    leaves: Sequence[Leaf], view: GraphView, literals: dict[str, Literal], properties: Iterable[object]
) -> list[Rule]:
    """Return the rules of all axioms among the leaves, of the class expressions, of denials and of equality."""
    # Equality can lead to facts about anything; saturation itself derives them.
    rules: list[Rule] = [rule([SAME], [SAME], _same_both_ways), rule([SAME], [], lambda *_: ())]
    rules.append(rule([SAME, _DIFFERENT], [_CLASH_KEY], _same_and_different))
    rules += [never_both(str(prop), _denial_of(str(prop)), (), crossed=False) for prop in properties]
    for number, leaf in enumerate(leaves):
        rules += _class_rules(number, leaf, view, literals)
        rules += role_rules(number, leaf, view, literals)
    rules += expression_rules(view, literals)
    rules.append(rule([str(OWL.Nothing)], [_CLASH_KEY], lambda _, fact: [Derivation(CLASH, (fact,), ())]))
    return rules


def facts_of(number: int, leaf: Leaf) -> Iterator[Derivation]:
    """Yield what a leaf says of individuals: an assertion, a denial, or that individuals are different."""
    if leaf.kind == "assertion":
        yield Derivation((str(leaf.subject), str(leaf.predicate), str(leaf.value)), (), (number,))
    elif leaf.kind == "NegativePropertyAssertion":
        denial = (str(leaf.subject), _denial_of(str(leaf.predicate)), str(leaf.value))
        yield Derivation(denial, (), (number,))
    elif leaf.kind == "AllDifferent":
        for one, other in combinations(leaf.value, 2):
            yield Derivation((str(one), _DIFFERENT, str(other)), (), (number,))


def fact_of(triple: Triple) -> Fact:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _denial_of(role: str) -> str:
    """Return what stands for the property in facts that deny."""
    return f"not {role}"


def _same_both_ways(facts: Facts, fact: Fact) -> Iterator[Derivation]:
    """[eq-sym, eq-trans]; that a named individual is an unknown value is said one way only."""
    subject, _, value = fact
    if subject.startswith(WITNESS) or not value.startswith(WITNESS):
        for other in facts.values(subject, SAME):
            if other != value:
                yield Derivation((value, SAME, other), (fact, (subject, SAME, other)), ())
    if value.startswith(WITNESS) or not subject.startswith(WITNESS):
        yield Derivation((value, SAME, subject), (fact,), ())


def _same_and_different(facts: Facts, fact: Fact) -> Iterator[Derivation]:
    """[eq-diff1, eq-diff2, eq-diff3]"""
    subject, predicate, value = fact
    if predicate == _DIFFERENT and subject == value:
        yield Derivation(CLASH, (fact,), ())
    second = SAME if predicate == _DIFFERENT else _DIFFERENT
    for other in ((subject, second, value), (value, second, subject)):
        if other in facts.known:
            yield Derivation(CLASH, (fact, other), ())


def _class_rules(number: int, leaf: Leaf, view: GraphView, literals: dict[str, Literal]) -> Iterator[Rule]:
    one, other, leaves = str(leaf.subject), str(leaf.value), (number,)
    match leaf.kind:
        case "subClassOf":
            yield implied(one, other, leaves)
        case "equivalentClass":
            yield implied(one, other, leaves)
            yield implied(other, one, leaves)
        case "definition":
            # A named class that is described directly, without a blank node in between.
            yield from expression_rules(view, literals, node=leaf.subject, leaves=leaves)
        case "disjointWith" | "AllDisjointClasses":
            yield disjoint(map(str, leaf.members), leaves)
        case "disjointUnionOf":
            parts = [str(part) for part in view.items(leaf.value)]
            yield from (implied(part, one, leaves) for part in parts)
            yield disjoint(parts, leaves)


Step = tuple[str, bool]


def role_rules(number: int, leaf: Leaf, view: GraphView, literals: dict[str, Literal]) -> Iterator[Rule]:
    """Yield the rules of an axiom about properties; none for other leaves."""
    role, step, leaves = str(leaf.subject), _step(leaf.subject, view), (number,)
    match leaf.kind:
        case "domain":
            yield _typed(step, leaf.value, leaves, literals, place=0)
        case "range":
            yield _typed(step, leaf.value, leaves, literals, place=1)
        case "subPropertyOf":
            yield _role_implied(step, _step(leaf.value, view), number)
        case "equivalentProperty":
            yield _role_implied(step, _step(leaf.value, view), number)
            yield _role_implied(_step(leaf.value, view), step, number)
        case "inverseOf":
            yield _role_implied((role, False), (str(leaf.value), True), number)
            yield _role_implied((str(leaf.value), False), (role, True), number)
        case "SymmetricProperty":
            yield _role_implied((role, False), (role, True), number)
        case "TransitiveProperty":
            yield _chain_rule([(role, False), (role, False)], role, number)
        case "propertyChainAxiom":
            yield _chain_rule([_step(term, view) for term in view.items(leaf.value)], role, number)
        case "FunctionalProperty" | "InverseFunctionalProperty":
            yield _at_most_one(role, number, literals, inverse=leaf.kind == "InverseFunctionalProperty")
        case "propertyDisjointWith" | "AllDisjointProperties":
            for one, other in combinations(leaf.members, 2):
                yield never_both(str(one), str(other), leaves, crossed=False)
        case "AsymmetricProperty":
            yield never_both(role, role, leaves, crossed=True)
        case "IrreflexiveProperty":
            yield rule([role], [_CLASH_KEY], lambda _, f: [Derivation(CLASH, (f,), leaves)] if f[0] == f[2] else [])


def _step(term: Any, view: GraphView) -> Step:
    """Return the property of an expression, and whether it is taken backwards."""
    inverse = view.value(term, OWL.inverseOf) if isinstance(term, BlankNode) else None
    return (str(inverse), True) if inverse is not None else (str(term), False)


def _ends(fact: Fact, step: Step) -> tuple[str, str]:
    return (fact[2], fact[0]) if step[1] else (fact[0], fact[2])


def _fact(start: str, step: Step, end: str) -> Fact:
    return (end, step[0], start) if step[1] else (start, step[0], end)


def _typed(step: Step, cls: Any, leaves: tuple[int, ...], literals: dict[str, Literal], *, place: int) -> Rule:
    """[prp-dom, prp-rng]; a literal of another datatype is a contradiction [dt-not-type]."""

    def apply(_: Facts, fact: Fact) -> Iterator[Derivation]:
        end = _ends(fact, step)[place]
        if end not in literals:
            yield Derivation((end, TYPE, str(cls)), (fact,), leaves)
        elif is_certainly_not(literals[end], cls.value):
            yield Derivation(CLASH, (fact,), leaves)

    return rule([step[0]], [str(cls), _CLASH_KEY], apply)


def _role_implied(lower: Step, upper: Step, number: int) -> Rule:
    """[prp-spo1, prp-eqp, prp-inv, prp-symp]"""

    def apply(_: Facts, fact: Fact) -> list[Derivation]:
        start, end = _ends(fact, lower)
        return [Derivation(_fact(start, upper, end), (fact,), (number,))]

    return rule([lower[0]], [upper[0]], apply)


def _chain_rule(steps: list[Step], whole: str, number: int) -> Rule:
    """[prp-spo2, prp-trp]"""

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


def never_both(one: str, other: str, leaves: tuple[int, ...], *, crossed: bool) -> Rule:
    """Nothing is related by both properties; `crossed`: by the second the other way round [prp-pdw, prp-asyp]."""

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        second = (fact[2] if crossed else fact[0], other if fact[1] == one else one, fact[0] if crossed else fact[2])
        if second in facts.known:
            yield Derivation(CLASH, (fact, second) if fact != second else (fact,), leaves)

    return rule([one, other], [_CLASH_KEY], apply)
