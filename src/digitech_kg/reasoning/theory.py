"""Premises → leaves, facts and rules, ready to derive from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.axioms import Leaf, read_leaves
from digitech_kg.reasoning.expressions import listed_members
from digitech_kg.reasoning.graph_view import GraphView
from digitech_kg.reasoning.premises import find_properties, is_assertion
from digitech_kg.reasoning.rules import compile_rules, fact_of, facts_of
from digitech_kg.reasoning.saturation import CLASH, Derivation, Rule

#: Kinds of leaves that say something of individuals alone, so that they need no rule.
_OF_INDIVIDUALS: Final = frozenset(("assertion", "NegativePropertyAssertion", "AllDifferent"))


@dataclass(frozen=True)
class Complement:
    """A class expression that some rule looks at, with the class whose members are not in it."""

    name: str
    of: str
    #: Those of the rules that look at it.
    rules: tuple[Rule, ...]
    #: Whether it has an IRI, so that each of its members is worth knowing.
    is_named: bool = False


@dataclass(frozen=True)
class Theory:
    """Premises as leaves, rules and facts. Leaves are numbered; a plain assertion is kept as its triple."""

    leaves: tuple[Leaf | Triple, ...]
    rules: tuple[Rule, ...]
    given: tuple[Derivation, ...]
    complements: tuple[Complement, ...]
    classes: tuple[str, ...]
    properties: frozenset[object]
    #: The terms of the premises by their N-Triples.
    terms: dict[str, NamedNode | BlankNode | Literal]
    #: The literals that the rules know, by their N-Triples.
    literals: dict[str, Literal]

    @classmethod
    def of(cls, premises: Iterable[Triple]) -> Theory:
        """Read premises (from `select_premises`)."""
        plain, axioms = _split(premises)
        view = GraphView(axioms)
        leaves = read_leaves(axioms, view)
        terms = _terms_of([*plain, *axioms])
        literals = {name: term for name, term in terms.items() if isinstance(term, Literal)}
        properties = frozenset(find_properties(axioms))
        classes = tuple(str(t.subject) for t in axioms if t.object == OWL.Class and isinstance(t.subject, NamedNode))
        named = {str(leaf.subject): (number,) for number, leaf in enumerate(leaves) if leaf.kind == "definition"}
        rules = tuple(compile_rules(leaves, view, literals, properties))
        given = (*_given(leaves, plain, 0), *listed_members(view, named))
        complements = tuple(_complements(axioms, rules))
        return cls((*leaves, *plain), rules, given, complements, classes, properties, terms, literals)

    def with_more(self, premises: Iterable[Triple]) -> Theory | None:
        """Return this theory with assertions and denials added; None if there are axioms among them."""
        plain, others = _split(premises)
        leaves = read_leaves(others, GraphView(others))
        if any(leaf.kind not in _OF_INDIVIDUALS or isinstance(leaf.value, BlankNode) for leaf in leaves):
            return None
        if not find_properties(others) <= self.properties:
            return None
        terms = _terms_of([*plain, *others])
        # The rules look literals up in the same table; one more in it changes nothing for anybody else.
        self.literals.update((name, term) for name, term in terms.items() if isinstance(term, Literal))
        given = _given(leaves, plain, len(self.leaves))
        return Theory(
            (*self.leaves, *leaves, *plain),
            self.rules,
            (*self.given, *given),
            self.complements,
            self.classes,
            self.properties,
            {**self.terms, **terms},
            self.literals,
        )

    def leaf(self, number: int) -> Leaf:
        """Return the axiom or assertion of a number."""
        leaf = self.leaves[number]
        if isinstance(leaf, Leaf):
            return leaf
        return Leaf("assertion", (leaf,), leaf.subject, leaf.object, leaf.predicate)


def _split(premises: Iterable[Triple]) -> tuple[list[Triple], list[Triple]]:
    plain: list[Triple] = []
    others: list[Triple] = []
    for triple in premises:
        (plain if is_assertion(triple) else others).append(triple)
    return plain, others


def _given(leaves: Sequence[Leaf], plain: Iterable[Triple], first: int) -> list[Derivation]:
    given = [derivation for number, leaf in enumerate(leaves, first) for derivation in facts_of(number, leaf)]
    numbered = enumerate(plain, first + len(leaves))
    return [*given, *(Derivation(fact_of(triple), (), (number,)) for number, triple in numbered)]


def _terms_of(triples: Iterable[Triple]) -> dict[str, NamedNode | BlankNode | Literal]:
    found = {term for t in triples for term in (t.subject, t.predicate, t.object) if not isinstance(term, Triple)}
    return {str(term): term for term in found}


def _complements(axioms: Iterable[Triple], rules: tuple[Rule, ...]) -> Iterable[Complement]:
    for triple in axioms:
        if triple.predicate == OWL.complementOf:
            name = str(triple.subject)
            other = str(triple.object)
            own = (frozenset((name, other)), frozenset((CLASH[1],)))
            looking = tuple(r for r in rules if name in r.triggers and (r.triggers, r.gives) != own)
            is_named = isinstance(triple.subject, NamedNode)
            if looking or is_named:
                yield Complement(name, other, looking, is_named)
