"""RDF that OWL software opens without fetching anything: modules merged, imports gone, every term declared.

Source: OWL 2 Mapping to RDF Graphs, section 3.1 (declarations), https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import DCTERMS, DK, ONTOLOGY_IRI, OWL, RDF, RDFS, VOCABULARIES

_ONTOLOGY = NamedNode(ONTOLOGY_IRI)
_PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: What the module of axioms adds to the terms, beside restrictions and everything else on blank nodes.
_AXIOM_PROPERTIES = (
    RDFS.domain,
    RDFS.range,
    OWL.disjointWith,
    OWL.equivalentClass,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
)
_BUILT_IN = tuple(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "xsd"))


def merge_modules(triples: Iterable[Triple]) -> list[Triple]:
    """Return the ontology's triples with one header, that of the main module, and without imports; sorted."""
    found = set(triples)
    others = _headers(found) - {main_ontology(found)}
    return sorted((t for t in found if t.subject not in others and t.predicate != OWL.imports), key=str)


def main_ontology(triples: Iterable[Triple]) -> NamedNode:
    """Return the IRI of the ontology: the project's own if it has a header, else the packaged one's."""
    headers = (node for node in _headers(triples) if isinstance(node, NamedNode))
    own = sorted((node.value for node in headers if not node.value.startswith(ONTOLOGY_IRI)), key=lambda i: (len(i), i))
    return NamedNode(own[0]) if own else _ONTOLOGY


def _headers(triples: Iterable[Triple]) -> set[object]:
    return {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}


def without_axioms(triples: Iterable[Triple]) -> list[Triple]:
    """Return declarations, names, definitions and hierarchies alone, for users who want no inference."""
    return [t for t in triples if not _is_axiom(t)]


def _is_axiom(t: Triple) -> bool:
    if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode) or t.predicate in _AXIOM_PROPERTIES:
        return True
    characteristic = isinstance(t.object, NamedNode) and t.object.value.startswith(VOCABULARIES["owl"])
    names = (*_PROPERTY_KINDS, OWL.Class, OWL.NamedIndividual, OWL.Ontology)
    return t.predicate == RDF.type and characteristic and t.object not in names


def owl_document(
    iri: NamedNode, about: Iterable[Triple], ontology: Iterable[Triple], data: Iterable[Triple], *, complete: bool
) -> list[Triple]:
    """Return data as an OWL 2 document with an IRI of its own, header first, then sorted.

    It holds the ontology if `complete`, else it imports it. `about` is what its header says. Annotations of statements
    get the passages and sentences of their claims, so that an editor shows them behind the fact, and claims have their
    sentences as labels. Properties and classes of other vocabularies that nothing declares are declared: the properties
    as annotation properties, which no reasoner draws from.
    """
    terms, said = set(ontology), set(data)
    others = _headers(terms | said)
    triples = {
        t for t in (said | terms if complete else said) if t.subject not in others and t.predicate != OWL.imports
    }
    triples |= {Triple(iri, RDF.type, OWL.Ontology), *about}
    if not complete:
        triples.add(Triple(iri, OWL.imports, main_ontology(terms)))
    triples |= set(_evidence_in_full(triples))
    triples |= {Triple(t.subject, RDFS.label, t.object) for t in triples if t.predicate == DK.sentence}
    triples |= set(_missing_declarations(triples, terms))
    return sorted(triples, key=lambda t: (t.subject != iri, str(t)))


def _evidence_in_full(triples: set[Triple]) -> Iterable[Triple]:
    passages: dict[object, list[NamedNode]] = defaultdict(list)
    sentences: dict[object, list[Literal]] = defaultdict(list)
    for t in triples:
        if t.predicate == DK.statedIn and isinstance(t.object, NamedNode):
            passages[t.subject].append(t.object)
        elif t.predicate == DK.sentence and isinstance(t.object, Literal):
            sentences[t.subject].append(t.object)
    for t in triples:
        if t.predicate == DK.evidence and isinstance(t.subject, BlankNode):
            yield from (Triple(t.subject, DCTERMS.source, passage) for passage in passages[t.object])
            yield from (Triple(t.subject, RDFS.comment, text) for text in sentences[t.object])


def _missing_declarations(triples: set[Triple], ontology: set[Triple]) -> Iterable[Triple]:
    kinds = (*_PROPERTY_KINDS, OWL.Class)
    declared = {t.subject for t in triples | ontology if t.predicate == RDF.type and t.object in kinds}
    for t in triples:
        if t.predicate not in declared and not t.predicate.value.startswith(_BUILT_IN):
            yield Triple(t.predicate, RDF.type, OWL.AnnotationProperty)
        kind = t.object if t.predicate == RDF.type else None
        if isinstance(kind, NamedNode) and kind not in declared and not kind.value.startswith(_BUILT_IN):
            yield Triple(kind, RDF.type, OWL.Class)
