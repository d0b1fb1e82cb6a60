"""Write a snapshot in the formats that other programs read."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize

from digitech_kg.formats import FORMATS, Format, Kind, by_name
from digitech_kg.namespaces import GRAPH, PREFIXES
from digitech_kg.ontology import merge_modules, owl_document
from digitech_kg.snapshot import Snapshot
from digitech_kg.triple_store import dump, open_read_only, sorted_nquads, union_of

_RDFXML = by_name("rdfxml")
#: Formats of datasets keep the named graphs; formats of graphs hold the union of all. `owl` is the ontology with all
#: data as one OWL 2 document in RDF/XML, `ontology` the ontology alone.
EXPORT_FORMATS: Final[dict[str, Format]] = {
    **{f.name: f for f in FORMATS if f.kind in (Kind.GRAPH, Kind.DATASET)},
    "ontology": _RDFXML,
    "owl": _RDFXML,
}
#: Graphs that say nothing of the world in OWL's sense: descriptions of the dataset, and mappings to other vocabularies.
_NOT_IN_OWL: Final = frozenset((GRAPH.catalog, GRAPH.inferred, GRAPH.links, GRAPH.ontology))


def export_dataset(snapshot: Snapshot, format_name: str, *, inferred: bool = False) -> bytes:
    """Give the snapshot in a format of `EXPORT_FORMATS`; N-Quads are sorted, so equal datasets give equal bytes.

    `inferred` adds to `owl` what a reasoner drew; the other formats of data always hold it.
    """
    fmt = EXPORT_FORMATS[format_name]
    store = open_read_only(snapshot.store)
    if format_name == "ontology":
        return _rdfxml(merge_modules(_triples(store, GRAPH.ontology)))
    if format_name == "owl":
        return _rdfxml(_owl(store, inferred=inferred))
    if fmt.name == "nquads":
        return sorted_nquads(store)
    if fmt.kind is Kind.DATASET:
        return dump(store, fmt.rdf)
    return union_of(store, fmt.rdf)


def _owl(store: Store, *, inferred: bool) -> list[Triple]:
    graphs = [g for g in store.named_graphs() if isinstance(g, NamedNode) and g not in _NOT_IN_OWL]
    if inferred:
        graphs.append(GRAPH.inferred)
    return owl_document(_triples(store, GRAPH.ontology), (t for graph in graphs for t in _triples(store, graph)))


def _triples(store: Store, graph: NamedNode) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, graph)]


def _rdfxml(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
