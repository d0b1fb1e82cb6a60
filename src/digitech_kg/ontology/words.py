"""Axioms and assertions in English words, for explanations and for the page of the ontology."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, RDF, XSD
from digitech_kg.reasoning.premises import Leaf

_THING: Final = OWL.Thing
_DATATYPES: Final = {
    RDF.langString: "a text in a language",
    XSD.anyURI: "a web address",
    XSD.boolean: "true or false",
    XSD.date: "a date",
    XSD.decimal: "a number",
    XSD.integer: "a whole number",
    XSD.string: "a text",
}


class Wording:
    """Puts leaves into words. `view` has the class expressions, `name_of` gives a name for an IRI."""

    def __init__(self, view: GraphView, name_of: Callable[[str], str]) -> None:
        self._view = view
        self._name_of = name_of

    def sentence(self, leaf: Leaf) -> str:
        """Return a sentence without its full stop."""
        if leaf.kind in ("assertion", "NegativePropertyAssertion"):
            return self._assertion(leaf)
        text = _AXIOMS[leaf.kind](self, leaf)
        return text[0].upper() + text[1:]

    def name(self, term: Any) -> str:
        """Return the name of a term, or a class expression in words."""
        if isinstance(term, Literal):
            return f"“{term.value}”"
        return self.expression(term) if isinstance(term, BlankNode) else self._name_of(term.value)

    def role(self, term: Any) -> str:
        """Return the name of a property, or of the other direction of one."""
        inverse = self._view.value(term, OWL.inverseOf) if isinstance(term, BlankNode) else None
        return f"is the value of “{self.name(inverse)}” for" if inverse is not None else f"“{self.name(term)}”"

    def _assertion(self, leaf: Leaf) -> str:
        subject, value = self.name(leaf.subject), self.name(leaf.value)
        if leaf.predicate == RDF.type:
            return (
                f"{subject} is in the class “{value}”" if isinstance(leaf.value, NamedNode) else f"{subject}: {value}"
            )
        said = f"{subject} {self.name(leaf.predicate)} {value}"
        return f"It is denied that {said}" if leaf.kind == "NegativePropertyAssertion" else said

    def kind(self, term: Any) -> str:
        """Return what a thing is that is in a class: `a …` or `something that …`."""
        if isinstance(term, BlankNode):
            return self.expression(term)
        if term in _DATATYPES:
            return _DATATYPES[term]
        name = self.name(term)
        return f"{article(name)} “{name}”"

    def expression(self, node: Any) -> str:
        """Return a class expression in words, such as `something that …`."""
        view = self._view
        if parts := view.items(view.value(node, OWL.intersectionOf)):
            return " and ".join(self.kind(part) for part in parts)
        if parts := view.items(view.value(node, OWL.unionOf)):
            return "(" + " or ".join(self.kind(part) for part in parts) + ")"
        if members := view.items(view.value(node, OWL.oneOf)):
            return ("one of " if len(members) > 1 else "") + ", ".join(self.name(member) for member in members)
        if (other := view.value(node, OWL.complementOf)) is not None:
            return f"not {self.kind(other)}"
        return self._restriction(node)

    def _restriction(self, node: Any) -> str:
        view = self._view
        role = self.role(view.value(node, OWL.onProperty))
        if (some := view.value(node, OWL.someValuesFrom)) is not None:
            return f"something that {role} something" if some == _THING else f"something that {role} {self.kind(some)}"
        if (value := view.value(node, OWL.hasValue)) is not None:
            said = f"whose {role} is" if isinstance(value, Literal) else f"that {role}"
            return f"something {said} {self.name(value)}"
        if (every := view.value(node, OWL.allValuesFrom)) is not None:
            return f"something that {role} nothing but {self.kind(every)}"
        for predicate, words in _NUMBERS.items():
            if (number := view.value(node, predicate)) is not None:
                cls = view.value(node, OWL.onClass, OWL.onDataRange)
                return f"something that {role} {words} {number.value} of {self.kind(cls) if cls else 'anything'}"
        return f"something that {role} itself"

    def chain(self, leaf: Leaf) -> str:
        """Return a property chain as a conditional sentence."""
        steps = self._view.items(leaf.value)
        names = ["x", *(f"y{n}" if len(steps) > 2 else "y" for n in range(1, len(steps))), "z"]
        said = [f"{names[i]} {self.role(step)} {names[i + 1]}" for i, step in enumerate(steps)]
        return f"if {' and '.join(said)}, then x {self.role(leaf.subject)} z"


def article(name: str) -> str:
    """Return `a` or `an`, whichever goes before a name."""
    return "an" if name[:1].lower() in "aeiou" else "a"


_NUMBERS: Final = {
    OWL.minCardinality: "at least",
    OWL.minQualifiedCardinality: "at least",
    OWL.maxCardinality: "at most",
    OWL.maxQualifiedCardinality: "at most",
    OWL.cardinality: "exactly",
    OWL.qualifiedCardinality: "exactly",
}


def _none_in_two(say: Wording, leaf: Leaf) -> str:
    classes = leaf.members
    if len(classes) == 2:
        return f"nothing is both {say.kind(classes[0])} and {say.kind(classes[1])}"
    return "nothing is in two of the classes " + ", ".join(f"“{say.name(c)}”" for c in classes)


def _not_both_roles(say: Wording, leaf: Leaf) -> str:
    return "no two things stand in two of the relations " + ", ".join(say.role(r) for r in leaf.members)


_AXIOMS: Final[dict[str, Callable[[Wording, Leaf], str]]] = {
    "AllDifferent": lambda s, x: "all of these are different: " + ", ".join(s.name(m) for m in x.value),
    "AllDisjointClasses": _none_in_two,
    "AllDisjointProperties": _not_both_roles,
    "AsymmetricProperty": lambda s, x: f"if x {s.role(x.subject)} y, then never y {s.role(x.subject)} x",
    "FunctionalProperty": lambda s, x: f"nothing has two values of {s.role(x.subject)}",
    "InverseFunctionalProperty": lambda s, x: f"no two things have the same value of {s.role(x.subject)}",
    "IrreflexiveProperty": lambda s, x: f"nothing {s.role(x.subject)} itself",
    "SymmetricProperty": lambda s, x: f"if x {s.role(x.subject)} y, then y {s.role(x.subject)} x",
    "TransitiveProperty": lambda s, x: (
        f"if x {s.role(x.subject)} y and y {s.role(x.subject)} z, then x {s.role(x.subject)} z"
    ),
    "definition": lambda s, x: f"{s.kind(x.subject)} is by definition {s.expression(x.subject)}",
    "disjointUnionOf": lambda s, x: f"the class “{s.name(x.subject)}” is divided into classes that share no member",
    "disjointWith": _none_in_two,
    "domain": lambda s, x: f"whatever has a value of {s.role(x.subject)} is {s.kind(x.value)}",
    "equivalentClass": lambda s, x: f"{s.kind(x.subject)} is by definition {s.kind(x.value)}",
    "equivalentProperty": lambda s, x: f"{s.role(x.subject)} and {s.role(x.value)} mean the same",
    "inverseOf": lambda s, x: f"if x {s.role(x.subject)} y, then y {s.role(x.value)} x, and the other way round",
    "propertyChainAxiom": lambda s, x: s.chain(x),
    "propertyDisjointWith": _not_both_roles,
    "range": lambda s, x: f"every value of {s.role(x.subject)} is {s.kind(x.value)}",
    "subClassOf": lambda s, x: (
        f"every “{s.name(x.subject)}” is {s.kind(x.value)}"
        if isinstance(x.subject, NamedNode)
        else f"{s.kind(x.subject)} is always {s.kind(x.value)}"
    ),
    "subPropertyOf": lambda s, x: f"if x {s.role(x.subject)} y, then x {s.role(x.value)} y",
}
