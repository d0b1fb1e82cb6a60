"""Merge the modules of an ontology into RDF that OWL software opens without fetching anything.

Source: OWL 2 Mapping to RDF Graphs, section 3.1 (declarations), https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.claims.labels import read_labels
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import BUILT_IN, DCTERMS, DK, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS

_PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: What a claim or a position is about, in the order in which it is said.
_CLAIMED = (DK.subject, DK.predicate, DK.object, DK.value, DK.positionOf, DK.onIssue, DK.answer)


def merge_modules(triples: Iterable[Triple]) -> list[Triple]:
    """Return the ontology's triples with one header, that of the main module, and without imports; sorted."""
    found = set(triples)
    headers = _headers(found)
    iris = (node.value for node in headers if isinstance(node, NamedNode))
    # The project's own ontology if it has a header, else the packaged one.
    own = [iri for iri in iris if not iri.startswith(ONTOLOGY_IRI)]
    main = min(own, key=lambda iri: (len(iri), iri), default=ONTOLOGY_IRI)
    others = headers - {NamedNode(main)}
    return sorted((t for t in found if t.subject not in others and t.predicate != OWL.imports), key=str)


def _headers(triples: Iterable[Triple]) -> set[object]:
    return {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}


def module_document(triples: Iterable[Triple], module: NamedNode) -> list[Triple]:
    """Return one module with what it imports merged in, so that it stands alone.

    `triples` are those of all modules. Triples about terms that only other modules define are left out.
    """
    found = list(triples)
    view = GraphView(found)
    imported = reachable([module], lambda each: view.values(each, OWL.imports))
    defined = {t.subject: t.object for t in found if t.predicate == RDFS.isDefinedBy}
    outside = {term for term, home in defined.items() if home not in imported} | _headers(found) - {module}
    blank = (node for node in view.all_subjects() if isinstance(node, BlankNode))
    foreign = {node for node in blank if any(triple.object in outside for triple in view.below(node))}
    left_out = outside | foreign
    held = (t for t in found if t.predicate in (OWL.imports, RDFS.isDefinedBy) or t.object not in left_out)
    return [t for t in held if t.subject not in left_out and t.predicate != OWL.imports]


def owl_document(
    iri: NamedNode, about: Iterable[Triple], ontology: Iterable[Triple], data: Iterable[Triple]
) -> list[Triple]:
    """Return an ontology and data as an OWL 2 document with an IRI of its own, header first, then sorted.

    `about` is what its header says. Annotations of statements get the passages and sentences of their claims, so that
    an editor shows them behind the fact. What has no label gets one: claims of other sources are put in a few words,
    terms of other vocabularies are called by their names. Properties and classes of other vocabularies that nothing
    declares are declared: the properties as annotation properties, which no reasoner draws from.
    """
    said = {*ontology, *data}
    others = _headers(said)
    triples = {t for t in said if t.subject not in others and t.predicate != OWL.imports}
    triples |= {Triple(iri, RDF.type, OWL.Ontology), *about}
    triples |= set(_evidence_in_full(triples))
    triples |= set(_missing_declarations(triples))
    triples |= set(_missing_labels(triples))
    return sorted(triples, key=lambda t: (t.subject != iri, str(t)))


def _evidence_in_full(triples: set[Triple]) -> Iterable[Triple]:
    view = GraphView(triples)
    for node, claim in view.links(DK.evidence):
        if isinstance(node, BlankNode):
            yield from (Triple(node, DCTERMS.source, passage) for passage in view.nodes(claim, DK.statedIn))
            yield from (Triple(node, RDFS.comment, text) for text in view.values(claim, DK.sentence))


def _missing_declarations(triples: set[Triple]) -> Iterable[Triple]:
    kinds = (*_PROPERTY_KINDS, OWL.Class)
    declared = {t.subject for t in triples if t.predicate == RDF.type and t.object in kinds}
    for t in triples:
        if t.predicate not in declared and not t.predicate.value.startswith(BUILT_IN):
            yield Triple(t.predicate, RDF.type, OWL.AnnotationProperty)
        kind = t.object if t.predicate == RDF.type else None
        if isinstance(kind, NamedNode) and kind not in declared and not kind.value.startswith(BUILT_IN):
            yield Triple(kind, RDF.type, OWL.Class)


def _missing_labels(triples: set[Triple]) -> Iterable[Triple]:
    """Yield English labels for claims, positions, properties and classes that have none."""
    kinds = (*_PROPERTY_KINDS, OWL.Class, DK.ExternalClaim, DK.Claim, DK.Position)
    # Editors that know no SKOS show only rdfs:label.
    yield from (Triple(t.subject, RDFS.label, t.object) for t in triples if t.predicate == SKOS.prefLabel)
    ordered = sorted(triples, key=str)
    labels, view = read_labels(ordered), GraphView(ordered)
    for term in {t.subject for t in triples if t.predicate == RDF.type and t.object in kinds}:
        if isinstance(term, NamedNode) and not labels.by_language(term):
            claimed = (part for prop in _CLAIMED if (part := view.value(term, prop)) is not None)
            words = ": ".join(labels.text(part, "en") for part in claimed) or labels.text(term, "en")
            yield Triple(term, RDFS.label, Literal(words, language="en"))
