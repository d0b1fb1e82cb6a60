"""What each named graph is: how much it holds, which kind it is, and what it was derived from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Quad

from digitech_kg.description.census import GraphCensus
from digitech_kg.description.facts import Catalog, count, english
from digitech_kg.namespaces import DCTERMS, PROV, RDF, SD, VOID, Graphs

_TITLES = {
    "ontology": "The ontology",
    "things": "Things that several documents share",
    "comparison": "How claims of different documents stand to each other",
    "links": "Links to other data sets",
    "catalog": "The description of the dataset",
}
_PARTS = {
    "": "Document {}: its metadata, passages, claims and things",
    "statements": "Plain statements of {}",
    "evidence": "Which claims of {} each plain statement rests on",
    "inferred": "What follows from the statements of {}",
}


def describe_graphs(catalog: Catalog, censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the description of each named graph, by its IRI."""
    for iri, census in sorted(censuses.items()):
        if ":" not in iri:
            continue
        graph = NamedNode(iri)
        yield catalog.fact(catalog.dataset, SD.namedGraph, graph)
        yield catalog.fact(graph, RDF.type, SD.NamedGraph)
        yield catalog.fact(graph, SD.name, graph)
        yield catalog.fact(graph, VOID.triples, count(census.triples))
        yield catalog.fact(graph, VOID.distinctSubjects, count(census.subjects))
        if title := title_of(graph, catalog.names.graphs):
            yield catalog.fact(graph, DCTERMS.title, english(title))
        for origin in _origins(graph, catalog.names.graphs):
            yield catalog.fact(graph, PROV.wasDerivedFrom, origin)


def title_of(graph: NamedNode, graphs: Graphs) -> str:
    """Return in English what a graph of the project holds; "" for any other graph.

    >>> title_of(NamedNode("https://example.org/graph/note/inferred"), Graphs("https://example.org/graph/"))
    'What follows from the statements of note'
    """
    if not graph.value.startswith(graphs.root):
        return ""
    name, _, part = graph.value.removeprefix(graphs.root).partition("/")
    if name == "external":
        return f"Facts of another source: {part}"
    if name in _TITLES:
        return _TITLES[name] if not part else "What follows from the ontology and the shared things alone"
    return _PARTS[part].format(name) if part in _PARTS else ""


def _origins(graph: NamedNode, graphs: Graphs) -> tuple[NamedNode, ...]:
    if graph.value == f"{graphs.things.value}/inferred":
        return graphs.ontology, graphs.things
    document = graphs.document_of(graph)
    if document is None or not graphs.is_derived(graph):
        return ()
    if not graphs.is_inferred(graph):
        return (graphs.document(document),)
    return graphs.ontology, graphs.things, graphs.document(document), graphs.statements(document)
