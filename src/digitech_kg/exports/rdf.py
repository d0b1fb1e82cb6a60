"""The dataset as RDF, and as OWL documents for ontology editors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize

from digitech_kg.formats import DOWNLOADS, Format, Kind, cannot_hold, check_xml, is_unwritable
from digitech_kg.namespaces import DCAT, DCTERMS, OWL, Namespaces
from digitech_kg.ontology.standalone import merge_modules, owl_document
from digitech_kg.triple_store import sorted_nquads


def rdf(store: Store, fmt: Format, names: Namespaces) -> bytes:
    """Return the dataset: formats of datasets keep the named graphs, formats of graphs hold the union of all.

    N-Quads are sorted, so equal datasets give equal bytes. Raises `NotAcceptable` if the format can't hold a triple.
    """
    if fmt.name == "nquads":
        return sorted_nquads(store)
    if fmt.kind is Kind.DATASET:
        return store.dump(format=fmt.rdf, prefixes=dict(names.prefixes)) or b""
    return _serialized(sorted({quad.triple for quad in store}, key=str), fmt.rdf, names)


def _serialized(triples: Iterable[Triple], fmt: RdfFormat, names: Namespaces) -> bytes:
    try:
        written = serialize(triples, format=fmt, prefixes=dict(names.prefixes)) or b""
        return check_xml(written) if fmt == RdfFormat.RDF_XML else written
    except OSError as error:
        raise (cannot_hold(str(error)) if is_unwritable(error) else error) from None


def ontology_document(store: Store, names: Namespaces) -> bytes:
    """Return the ontology alone in RDF/XML, without imports."""
    return rdfxml(merge_modules(_triples(store, names.graphs.ontology)), names)


def read_alignments(files: Iterable[Path]) -> list[Triple]:
    """Return the triples of Turtle files that align the ontology with other vocabularies."""
    return [quad.triple for path in files for quad in parse(path.read_bytes(), RdfFormat.TURTLE)]


def owl_with_data(store: Store, names: Namespaces, documents: Collection[str] = ()) -> bytes:
    """Return the ontology and the data as an OWL 2 document in RDF/XML, whose IRI is where it is downloaded from.

    With `documents`, what only others say is left out: documents may contradict each other, and an OWL document must
    not contradict itself.
    """
    data = [triple for graph in _graphs(store, names, documents) for triple in _triples(store, graph)]
    iri = NamedNode(f"{names.base}download/{DOWNLOADS['owl'].file_name(names)}")
    ontology = _triples(store, names.graphs.ontology)
    return rdfxml(owl_document(iri, _about(store, names, iri), ontology, data), names)


def _about(store: Store, names: Namespaces, iri: NamedNode) -> list[Triple]:
    """Return what the dataset says of itself, with the document that holds it as subject."""
    found = store.quads_for_pattern(names.dataset, None, None, names.graphs.catalog)
    said = [quad.triple for quad in found]
    about = [Triple(iri, t.predicate, t.object) for t in said if t.predicate in (DCTERMS.title, DCTERMS.license)]
    return about + [Triple(iri, OWL.versionInfo, t.object) for t in said if t.predicate == DCAT.version]


def _graphs(store: Store, names: Namespaces, documents: Collection[str]) -> Iterator[NamedNode]:
    """Yield the graphs that say something about the world: no descriptions of the dataset, mappings or inferences.

    What outside sources say is there as their claims: said plainly it could contradict the documents.
    """
    graphs = names.graphs
    left_out = (graphs.catalog, graphs.links, graphs.ontology, graphs.comparison)
    for graph in sorted((g for g in store.named_graphs() if isinstance(g, NamedNode)), key=str):
        document = graphs.document_of(graph)
        is_stated_outside = graphs.source_of(graph) is not None and graphs.is_derived(graph)
        is_wanted = not is_stated_outside and (not documents or document is None or document in documents)
        if graph not in left_out and is_wanted and not graphs.is_inferred(graph):
            yield graph


def _triples(store: Store, graph: NamedNode) -> list[Triple]:
    return [q.triple for q in store.quads_for_pattern(None, None, None, graph)]


def rdfxml(triples: list[Triple], names: Namespaces) -> bytes:
    """Return triples in RDF/XML. Raises `NotAcceptable` if it can't hold one of them."""
    return _serialized(triples, RdfFormat.RDF_XML, names)
