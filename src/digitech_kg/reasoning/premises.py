"""What a reasoner is given: the axioms and assertions of a dataset, without annotations.

A label that changes does not change what follows, so it is not part of the premises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from digitech_kg.namespaces import GRAPH, OWL, PREFIXES, RDF, RDFS

#: Graphs that only describe the dataset, or hold what a reasoner found before.
_NOT_REASONED_OVER: Final = frozenset((GRAPH.catalog, GRAPH.inferred, GRAPH.links))
#: OWL 2 Structural Specification, section 5.5, and ontology headers.
_ANNOTATIONS: Final = frozenset(
    (
        OWL.backwardCompatibleWith,
        OWL.deprecated,
        OWL.imports,
        OWL.incompatibleWith,
        OWL.priorVersion,
        OWL.versionIRI,
        OWL.versionInfo,
        RDFS.comment,
        RDFS.isDefinedBy,
        RDFS.label,
        RDFS.seeAlso,
    )
)
#: Nodes of these types annotate an axiom that stands in the dataset all the same.
_ANNOTATION_NODES: Final = frozenset((OWL.Axiom, OWL.Annotation, OWL.Ontology, OWL.AnnotationProperty))
_VOCABULARY: Final = tuple(PREFIXES[name] for name in ("owl", "rdf", "rdfs"))


def select_premises(quads: Iterable[Quad]) -> tuple[Triple, ...]:
    """Give the triples that a reasoner reads, each once, sorted by their N-Triples.

    Predicates that are neither OWL's nor declared as object or datatype properties say nothing to a reasoner; they
    and everything in graphs that only describe are left out.
    """
    seen = [q for q in quads if q.graph_name not in _NOT_REASONED_OVER]
    typed: dict[NamedNode, set[object]] = {}
    for quad in seen:
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            typed.setdefault(quad.object, set()).add(quad.subject)
    properties = typed.get(OWL.ObjectProperty, set()) | typed.get(OWL.DatatypeProperty, set())
    skipped: set[object] = set().union(*(typed.get(node, set()) for node in _ANNOTATION_NODES)) - properties
    kept = {
        quad.triple
        for quad in seen
        if quad.subject not in skipped and not isinstance(quad.object, Triple) and _is_logical(quad, properties)
    }
    return tuple(sorted(kept, key=str))


def find_properties(quads: Iterable[Quad]) -> set[object]:
    """Give the object and datatype properties that quads declare."""
    declared = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object in declared}


def may_be_premise(quad: Quad, properties: set[object]) -> bool:
    """Whether a quad says something to a reasoner, unless its subject only annotates an axiom."""
    if quad.graph_name in _NOT_REASONED_OVER or isinstance(quad.object, Triple):
        return False
    return _is_logical(quad, properties)


def is_annotation_class(cls: object) -> bool:
    """Whether nodes of this class only annotate, so that nothing about them is a premise."""
    return cls in _ANNOTATION_NODES


def is_assertion(triple: Triple) -> bool:
    """Whether a premise is a plain statement about named individuals, neither an axiom nor a part of one."""
    if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode | Literal):
        return False
    if triple.predicate == RDF.type:
        return isinstance(triple.object, NamedNode) and not triple.object.value.startswith(_VOCABULARY)
    return not triple.predicate.value.startswith(_VOCABULARY)


def _is_logical(quad: Quad, properties: set[object]) -> bool:
    if quad.predicate in properties:
        return True
    return quad.predicate.value.startswith(_VOCABULARY) and quad.predicate not in _ANNOTATIONS


def ntriples(premises: Iterable[Triple]) -> bytes:
    """Give triples as N-Triples, in their order."""
    return serialize(premises, format=RdfFormat.N_TRIPLES) or b""


def digest(premises: Iterable[Triple]) -> str:
    """Give the SHA-256 of exactly what a reasoner reads."""
    return hashlib.sha256(ntriples(premises)).hexdigest()


def named_individuals(premises: Iterable[Triple]) -> frozenset[NamedNode]:
    """Give the individuals with an IRI: what has a type that is not a term of OWL, or stands in an assertion."""
    premises = tuple(premises)
    typed = {t.subject for t in premises if t.predicate == RDF.type and _types_individuals(t.object)}
    asserting = [t for t in premises if not t.predicate.value.startswith(_VOCABULARY)]
    ends = {t.subject for t in asserting} | {t.object for t in asserting if not isinstance(t.object, Literal)}
    return frozenset(node for node in typed | ends if isinstance(node, NamedNode))


def _types_individuals(cls: object) -> bool:
    return cls == OWL.NamedIndividual or not (isinstance(cls, NamedNode) and cls.value.startswith(_VOCABULARY))
