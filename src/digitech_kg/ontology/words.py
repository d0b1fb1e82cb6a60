"""Axioms and assertions written out with the names of their terms, for explanations and the page of the ontology.

Axioms are called by OWL's own words, class expressions are in Manchester syntax:
https://www.w3.org/TR/owl2-manchester-syntax/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pyoxigraph import BlankNode, Literal

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, RDF
from digitech_kg.reasoning.premises import Leaf

_RESTRICTIONS: Final = {
    OWL.someValuesFrom: "some",
    OWL.allValuesFrom: "only",
    OWL.hasValue: "value",
    OWL.hasSelf: "Self",
    OWL.minCardinality: "min",
    OWL.minQualifiedCardinality: "min",
    OWL.maxCardinality: "max",
    OWL.maxQualifiedCardinality: "max",
    OWL.cardinality: "exactly",
    OWL.qualifiedCardinality: "exactly",
}


class Wording:
    """Writes leaves out. `view` has the class expressions, `name_of` gives a name for an IRI."""

    def __init__(self, view: GraphView, name_of: Callable[[str], str]) -> None:
        self._view, self._name_of = view, name_of

    def sentence(self, leaf: Leaf) -> str:
        """Return a leaf without a full stop."""
        if not leaf.is_axiom:
            said = self._assertion(leaf)
            return said if leaf.kind == "assertion" else f"It is denied that {said}"
        if leaf.value is None or isinstance(leaf.value, tuple):
            return f"{leaf.kind}: {', '.join(map(self.expression, leaf.value or (leaf.subject,)))}"
        subject = self.expression(leaf.subject)
        if leaf.kind == "definition":
            return f"{subject} is defined as {self.construct(leaf.subject)}"
        if parts := self._view.items(leaf.value):
            joined = (" o " if leaf.kind == "propertyChainAxiom" else ", ").join(map(self.expression, parts))
            return f"{subject} {leaf.kind} {joined}"
        return f"{subject} {leaf.kind} {self.expression(leaf.value)}"

    def _assertion(self, leaf: Leaf) -> str:
        subject, value = self._bare(leaf.subject), self._bare(leaf.value)
        if leaf.predicate == RDF.type:
            return f"{subject} is in the class {self.expression(leaf.value)}"
        return f"{subject} {self._bare(leaf.predicate)} {value}"

    def _bare(self, term: Any) -> str:
        return self.expression(term) if isinstance(term, Literal | BlankNode) else self._name_of(term.value)

    def expression(self, term: Any) -> str:
        """Return the name of a term in quotation marks, or an expression."""
        if isinstance(term, BlankNode):
            return self.construct(term)
        return f"“{term.value if isinstance(term, Literal) else self._name_of(term.value)}”"

    def construct(self, node: Any) -> str:
        """Return the class expression, or the inverse of a property, that a node stands for."""
        view = self._view
        for prop, word in ((OWL.intersectionOf, " and "), (OWL.unionOf, " or ")):
            if parts := view.items(view.value(node, prop)):
                return f"({word.join(map(self.expression, parts))})"
        if members := view.items(view.value(node, OWL.oneOf)):
            return f"{{{', '.join(map(self.expression, members))}}}"
        for prop, word in ((OWL.complementOf, "not"), (OWL.inverseOf, "inverse")):
            if (other := view.value(node, prop)) is not None:
                return f"{word} {self.expression(other)}"
        return self._restriction(node)

    def _restriction(self, node: Any) -> str:
        view = self._view
        found = ((word, value) for prop, word in _RESTRICTIONS.items() if (value := view.value(node, prop)) is not None)
        word, value = next(found, ("some", OWL.Thing))
        role = self.expression(view.value(node, OWL.onProperty))
        if word == "Self":
            return f"({role} Self)"
        if word in ("some", "only", "value"):
            return f"({role} {word} {self.expression(value)})"
        among = view.value(node, OWL.onClass, OWL.onDataRange)
        return f"({role} {word} {value.value}{f' {self.expression(among)}' if among is not None else ''})"
