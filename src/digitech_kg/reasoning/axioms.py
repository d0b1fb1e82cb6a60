"""Premises → leaves: the axioms and assertions that a justification names, each with the triples that make it up.

Source: OWL 2 Mapping to RDF Graphs, section 3.2, https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, RDF, RDFS, VOCABULARIES

_VOCABULARY: Final = tuple(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs"))
_CHARACTERISTICS: Final = {
    OWL.AsymmetricProperty,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.SymmetricProperty,
    OWL.TransitiveProperty,
}
#: Predicates of axioms between two terms, the second of which may be a class expression or a list.
_BINARY: Final = {
    OWL.disjointUnionOf,
    OWL.disjointWith,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
    OWL.propertyDisjointWith,
    RDFS.domain,
    RDFS.range,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
}
#: On a named class these are its definition.
_CONSTRUCTS: Final = {OWL.complementOf, OWL.intersectionOf, OWL.oneOf, OWL.unionOf}
_N_ARY: Final = {OWL.AllDifferent, OWL.AllDisjointClasses, OWL.AllDisjointProperties}


@dataclass(frozen=True)
class Leaf:
    """One axiom or assertion. `kind` is the predicate or class of OWL that tells what it is, or "assertion"."""

    kind: str
    triples: tuple[Triple, ...]
    subject: Any
    value: Any = None
    predicate: NamedNode | None = None

    @property
    def is_axiom(self) -> bool:
        """Whether it speaks of classes and properties rather than of individuals."""
        return self.kind not in ("assertion", "NegativePropertyAssertion")

    @property
    def members(self) -> tuple[Any, ...]:
        """The terms that an axiom on several is about: its list, or the two that it relates."""
        return self.value if isinstance(self.value, tuple) else (self.subject, self.value)


def read_leaves(premises: Iterable[Triple], view: GraphView) -> list[Leaf]:
    """Return all axioms and assertions, in the order of the premises; declarations are none."""
    leaves: list[Leaf] = []
    for triple in premises:
        leaves += _read(triple, view)
    return leaves


def _read(triple: Triple, view: GraphView) -> Iterator[Leaf]:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if predicate == RDF.type:
        yield from _read_type(triple, view)
    elif predicate in _BINARY and not (predicate == OWL.inverseOf and isinstance(subject, BlankNode)):
        triples = (triple, *view.below(subject), *view.below(value))
        yield Leaf(predicate.value.rpartition("#")[2], triples, subject, value)
    elif predicate in _CONSTRUCTS and isinstance(subject, NamedNode):
        yield Leaf("definition", (triple, *view.below(value)), subject, value)
    elif not predicate.value.startswith(_VOCABULARY) or predicate in (OWL.sameAs, OWL.differentFrom):
        yield Leaf("assertion", (triple,), subject, value, predicate)


def _read_type(triple: Triple, view: GraphView) -> Iterator[Leaf]:
    subject, cls = triple.subject, triple.object
    name = cls.value.rpartition("#")[2] if isinstance(cls, NamedNode) else ""
    if cls in _CHARACTERISTICS:
        yield Leaf(name, (triple,), subject)
    elif cls in _N_ARY:
        members = view.items(view.value(subject, OWL.members, OWL.distinctMembers))
        yield Leaf(name, tuple(view.below(subject)) or (triple,), subject, tuple(members))
    elif cls == OWL.NegativePropertyAssertion:
        yield Leaf(
            name,
            tuple(view.triples_of(subject)),
            view.value(subject, OWL.sourceIndividual),
            view.value(subject, OWL.targetIndividual, OWL.targetValue),
            view.value(subject, OWL.assertionProperty),
        )
    elif isinstance(cls, BlankNode):
        yield Leaf("assertion", (triple, *view.below(cls)), subject, cls, RDF.type)
    elif isinstance(cls, NamedNode) and not cls.value.startswith(_VOCABULARY):
        yield Leaf("assertion", (triple,), subject, cls, RDF.type)
