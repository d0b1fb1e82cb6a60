"""What a reasoner is given: the axioms and assertions among quads, without annotations.

A label that changes does not change what follows, so it is not part of the premises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from digitech_kg.namespaces import OWL, RDF, RDFS, VOCABULARIES

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
_PROPERTY_KINDS: Final = frozenset((OWL.ObjectProperty, OWL.DatatypeProperty))
#: Terms of these belong to the language itself.
VOCABULARY: Final = tuple(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs"))


def select_premises(quads: Iterable[Quad], properties: Collection[object] = ()) -> tuple[Triple, ...]:
    """Return the triples that a reasoner reads, each once, sorted by their N-Triples.

    Predicates that are neither OWL's nor declared as object or datatype properties say nothing to a reasoner, so they
    are left out. `properties` are those that are declared elsewhere, for example by `Base.properties`.
    """
    quads = tuple(quads)
    known = find_properties(quads) | set(properties)
    skipped = {q.subject for q in quads if q.predicate == RDF.type and q.object in _ANNOTATION_NODES} - known
    kept = {
        quad.triple
        for quad in quads
        if (quad.predicate in known or _is_logical(quad.predicate))
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
        return isinstance(triple.object, NamedNode) and not triple.object.value.startswith(VOCABULARY)
    return not triple.predicate.value.startswith(VOCABULARY)


def _is_logical(predicate: NamedNode) -> bool:
    return predicate.value.startswith(VOCABULARY) and predicate not in _ANNOTATIONS


def ntriples(premises: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples, in their order."""
    return serialize(premises, format=RdfFormat.N_TRIPLES) or b""
