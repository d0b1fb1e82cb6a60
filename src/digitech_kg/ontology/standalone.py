"""RDF that OWL software opens without fetching anything: modules merged, imports gone, every term declared.

Source: OWL 2 Mapping to RDF Graphs, section 3.1 (declarations), https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import DCTERMS, DK, ONTOLOGY_IRI, OWL, PREFIXES, RDF, RDFS

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
_BUILT_IN = tuple(PREFIXES[name] for name in ("owl", "rdf", "rdfs", "xsd"))


def merge_modules(triples: Iterable[Triple]) -> list[Triple]:
    """Give the ontology's triples with one header, that of the main module, and without imports; sorted."""
    found = set(triples)
    headers = {t.subject for t in found if t.predicate == RDF.type and t.object == OWL.Ontology} - {_ONTOLOGY}
    kept = (t for t in found if t.subject not in headers and t.predicate != OWL.imports)
    return sorted(kept, key=str)


def without_axioms(triples: Iterable[Triple]) -> list[Triple]:
    """Give declarations, names, definitions and hierarchies alone, for users who want no inference."""
    return [t for t in triples if not _is_axiom(t)]


def _is_axiom(t: Triple) -> bool:
    if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode) or t.predicate in _AXIOM_PROPERTIES:
        return True
    characteristic = isinstance(t.object, NamedNode) and t.object.value.startswith(PREFIXES["owl"])
    names = (*_PROPERTY_KINDS, OWL.Class, OWL.NamedIndividual, OWL.Ontology)
    return t.predicate == RDF.type and characteristic and t.object not in names


def owl_document(ontology: Iterable[Triple], data: Iterable[Triple]) -> list[Triple]:
    """Give ontology and data as one OWL 2 document; sorted, header first.

    Annotations of statements get the passages and paraphrases of their claims, so that an editor shows them behind the
    fact. Properties and classes of other vocabularies that nothing declares are declared: the properties as annotation
    properties, which no reasoner draws from.
    """
    triples = set(merge_modules([*ontology, *data]))
    triples |= set(_evidence_in_full(triples))
    triples |= set(_missing_declarations(triples))
    return sorted(triples, key=lambda t: (t.subject != _ONTOLOGY, str(t)))


def _evidence_in_full(triples: set[Triple]) -> Iterable[Triple]:
    passages: dict[object, list[NamedNode]] = defaultdict(list)
    paraphrases: dict[object, list[Literal]] = defaultdict(list)
    for t in triples:
        if t.predicate == DK.statedIn and isinstance(t.object, NamedNode):
            passages[t.subject].append(t.object)
        elif t.predicate == RDFS.comment and isinstance(t.object, Literal):
            paraphrases[t.subject].append(t.object)
    for t in triples:
        if t.predicate == DK.evidence and isinstance(t.subject, BlankNode):
            yield from (Triple(t.subject, DCTERMS.source, passage) for passage in passages[t.object])
            yield from (Triple(t.subject, RDFS.comment, text) for text in paraphrases[t.object])


def _missing_declarations(triples: set[Triple]) -> Iterable[Triple]:
    declared = {t.subject for t in triples if t.predicate == RDF.type and t.object in (*_PROPERTY_KINDS, OWL.Class)}
    for t in triples:
        if t.predicate not in declared and not t.predicate.value.startswith(_BUILT_IN):
            yield Triple(t.predicate, RDF.type, OWL.AnnotationProperty)
        kind = t.object if t.predicate == RDF.type else None
        if isinstance(kind, NamedNode) and kind not in declared and not kind.value.startswith(_BUILT_IN):
            yield Triple(kind, RDF.type, OWL.Class)
