"""The dataset as RDF, and as OWL documents for ontology editors."""

from __future__ import annotations

import gzip
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize

from digitech_kg.formats import Format, Kind
from digitech_kg.namespaces import GRAPH, PREFIXES
from digitech_kg.ontology import merge_modules, owl_document
from digitech_kg.triple_store import dump, sorted_nquads, union_of

#: Graphs that say nothing of the world in OWL's sense: descriptions of the dataset, and mappings to other vocabularies.
_NOT_IN_OWL: Final = frozenset((GRAPH.catalog, GRAPH.inferred, GRAPH.links, GRAPH.ontology))


def rdf(store: Store, fmt: Format) -> bytes:
    """Give the dataset: formats of datasets keep the named graphs, formats of graphs hold the union of all.

    N-Quads are sorted, so equal datasets give equal bytes.
    """
    if fmt.name == "nquads":
        return sorted_nquads(store)
    return dump(store, fmt.rdf) if fmt.kind is Kind.DATASET else union_of(store, fmt.rdf)


def compressed_nquads(store: Store) -> bytes:
    """Give the sorted N-Quads compressed."""
    return gzip.compress(sorted_nquads(store), mtime=0)


def ontology_document(store: Store) -> bytes:
    """Give the ontology alone, in RDF/XML, without imports."""
    return _rdfxml(merge_modules(_triples(store, GRAPH.ontology)))


def owl_with_data(store: Store, *, inferred: bool = False) -> bytes:
    """Give the ontology with all data as one OWL 2 document in RDF/XML; `inferred` adds what a reasoner drew."""
    graphs = [g for g in store.named_graphs() if isinstance(g, NamedNode) and g not in _NOT_IN_OWL]
    if inferred:
        graphs.append(GRAPH.inferred)
    data = (triple for graph in graphs for triple in _triples(store, graph))
    return _rdfxml(owl_document(_triples(store, GRAPH.ontology), data))


def _triples(store: Store, graph: NamedNode) -> list[Triple]:
    return [q.triple for q in store.quads_for_pattern(None, None, None, graph)]


def _rdfxml(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
