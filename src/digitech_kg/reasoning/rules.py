"""Axioms → rules: OWL 2 RL, and what is sound beyond it, as functions from a new fact to derivations.

A class expression counts as a class of its own whose members follow from its parts and the other way round; only the
axiom that links it to a named class is a leaf. The names in brackets are those of the W3C's rules:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from pyoxigraph import Literal, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.axioms import Leaf
from digitech_kg.reasoning.expressions import disjoint, expression_rules, implied, rule
from digitech_kg.reasoning.role_rules import never_both, role_rules
from digitech_kg.reasoning.saturation import CLASH, SAME, WITNESS, Derivation, Fact, Facts, Rule

_CLASH_KEY: Final = CLASH[1]
_DIFFERENT: Final = str(OWL.differentFrom)


def compile_rules(
    leaves: Sequence[Leaf], view: GraphView, literals: dict[str, Literal], properties: Iterable[object]
) -> list[Rule]:
    """Return the rules of all axioms among the leaves, of the class expressions, of denials and of equality."""
    rules: list[Rule] = [rule([SAME], [SAME], _same_both_ways), rule([SAME], [], _nothing)]
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
    """Return a triple as a fact."""
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _denial_of(role: str) -> str:
    """Return what stands for the property in facts that deny."""
    return f"not {role}"


def _nothing(_: Facts, __: Fact) -> list[Derivation]:
    """Equality can lead to facts about anything; saturation itself derives them."""
    return []


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
