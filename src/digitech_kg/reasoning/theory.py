"""Premises → leaves, facts and rules, ready to derive from.

Who is in the complement of a class, no rule says: whoever could be in the class itself only at the price of a
contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.expressions import listed_members
from digitech_kg.reasoning.premises import Leaf, find_properties, is_assertion, read_leaves
from digitech_kg.reasoning.rules import compile_rules, fact_of, facts_of
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Facts, Rule, Saturation

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
        # The rules look literals up in the same table; another entry changes nothing for the others.
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
                refuted_by = refute(saturation, individual, complement)
                if refuted_by is not None:
                    saturation.add([Derivation((individual, TYPE, complement.name), (), refuted_by)])
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


def refute(saturation: Saturation, individual: str, complement: Complement) -> tuple[int, ...] | None:
    """Return the leaves by which an individual can't be in the class that a complement is of; None if it can."""
    assumed = Derivation((individual, TYPE, complement.of), (), ())
    with saturation.assuming([assumed], until_clash=True):
        return None if saturation.is_consistent else tuple(saturation.leaves_of(CLASH))
