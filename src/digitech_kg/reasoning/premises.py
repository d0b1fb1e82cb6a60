"""Select from quads the axioms and assertions that a reasoner is given, and write them as text.

Annotations aren't premises: changing a label doesn't change what follows. A leaf is what a justification names,
with the triples that make it up. Axioms are called by OWL's own words, class expressions are in Manchester syntax.
Sources: OWL 2 Mapping to RDF Graphs, section 3.2, https://www.w3.org/TR/owl2-mapping-to-rdf/;
https://www.w3.org/TR/owl2-manchester-syntax/
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import BUILT_IN, OWL, RDF, RDFS, local_name

#: OWL 2 Structural Specification, section 5.5, and ontology headers.
_ANNOTATIONS: Final = {
    *(OWL.backwardCompatibleWith, OWL.incompatibleWith, OWL.priorVersion, OWL.versionIRI, OWL.versionInfo),
    *(OWL.deprecated, OWL.imports, RDFS.comment, RDFS.isDefinedBy, RDFS.label, RDFS.seeAlso),
}
#: Nodes of these types annotate an axiom that stands in the dataset all the same.
_ANNOTATION_NODES: Final = frozenset((OWL.Axiom, OWL.Annotation, OWL.Ontology, OWL.AnnotationProperty))
_PROPERTY_KINDS: Final = frozenset((OWL.ObjectProperty, OWL.DatatypeProperty))
#: What is asked of classes and properties themselves.
TERM_LINKS: Final = (RDFS.subClassOf, RDFS.subPropertyOf)


def select_premises(quads: Iterable[Quad], properties: Collection[object] = ()) -> tuple[Triple, ...]:
    """Return the triples that a reasoner reads, each once, sorted by their N-Triples.

    Predicates that are neither OWL's nor declared as object or datatype properties say nothing to a reasoner, so they
    are left out. `properties` are those that are declared elsewhere, for example `Theory.properties`.
    """
    quads = tuple(quads)
    known = find_properties(quads) | set(properties)
    annotations = _ANNOTATIONS - known
    skipped = {q.subject for q in quads if q.predicate == RDF.type and q.object in _ANNOTATION_NODES} - known
    kept = {
        quad.triple
        for quad in quads
        if (quad.predicate in known or quad.predicate.value.startswith(BUILT_IN))
        and quad.predicate not in annotations
        and quad.subject not in skipped
        and not isinstance(quad.object, Triple)
    }
    return tuple(sorted(kept, key=str))


def find_properties(quads: Iterable[Quad | Triple]) -> set[object]:
    """Return the object and datatype properties that quads declare."""
    return {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object in _PROPERTY_KINDS}


def is_assertion(triple: Triple) -> bool:
    """Whether a premise is a plain statement about named individuals, neither an axiom nor a part of one."""
    if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode | Literal):
        return False
    if triple.predicate == RDF.type:
        return isinstance(triple.object, NamedNode) and not triple.object.value.startswith(BUILT_IN)
    return not triple.predicate.value.startswith(BUILT_IN)


_CHARACTERISTICS: Final = {
    *(OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.SymmetricProperty, OWL.TransitiveProperty),
    *(OWL.FunctionalProperty, OWL.InverseFunctionalProperty),
}
#: Predicates of axioms between two terms, the second of which may be a class expression or a list.
_BINARY: Final = {
    *(OWL.disjointUnionOf, OWL.disjointWith, OWL.equivalentClass, RDFS.subClassOf),
    *(OWL.equivalentProperty, OWL.inverseOf, OWL.propertyChainAxiom, OWL.propertyDisjointWith),
    *(RDFS.domain, RDFS.range, RDFS.subPropertyOf),
}
#: On a named class these are its definition.
_CONSTRUCTS: Final = {OWL.complementOf, OWL.intersectionOf, OWL.oneOf, OWL.unionOf}
_N_ARY: Final = {OWL.AllDifferent, OWL.AllDisjointClasses, OWL.AllDisjointProperties}


@dataclass(frozen=True)
class Leaf:
    """One axiom or assertion. `kind` is the predicate or class of OWL that says what it is, or "assertion"."""

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
    return [leaf for triple in premises for leaf in _read(triple, view)]


def _read(triple: Triple, view: GraphView) -> Iterator[Leaf]:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if predicate == RDF.type:
        yield from _read_type(triple, view)
    elif predicate in _BINARY and not (predicate == OWL.inverseOf and isinstance(subject, BlankNode)):
        triples = (triple, *view.below(subject), *view.below(value))
        yield Leaf(local_name(predicate.value), triples, subject, value)
    elif predicate in _CONSTRUCTS and isinstance(subject, NamedNode):
        yield Leaf("definition", (triple, *view.below(value)), subject, value)
    elif not predicate.value.startswith(BUILT_IN) or predicate in (OWL.sameAs, OWL.differentFrom):
        yield Leaf("assertion", (triple,), subject, value, predicate)


def _read_type(triple: Triple, view: GraphView) -> Iterator[Leaf]:
    subject, cls = triple.subject, triple.object
    name = local_name(cls.value) if isinstance(cls, NamedNode) else ""
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
    elif isinstance(cls, NamedNode) and not cls.value.startswith(BUILT_IN):
        yield Leaf("assertion", (triple,), subject, cls, RDF.type)


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
            said = f"{self._bare(leaf.subject)} {self._bare(leaf.predicate)} {self._bare(leaf.value)}"
            if leaf.predicate == RDF.type:
                said = f"{self._bare(leaf.subject)} is in the class {self.expression(leaf.value)}"
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
