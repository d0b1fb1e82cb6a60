"""What a dataset holds, by the part that it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode, Quad

from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.namespaces import RDF, GraphName, Namespaces


class Contents:
    """The graphs of a store, sorted into what documents share, documents, and what is outside of them."""

    def __init__(self, target: TrackedStore, names: Namespaces) -> None:
        self._target, self._graphs = target, names.graphs
        self._shared = (names.graphs.ontology, names.graphs.things)

    def _quads(self, graphs: Iterable[GraphName]) -> list[Quad]:
        return [quad for graph in graphs for quad in self._target.graph(graph)]

    def shared(self) -> list[Quad]:
        """Return what all documents share: the ontology and the things."""
        return self._quads(self._shared)

    def documents(self) -> list[str]:
        """Return the names of the documents, sorted."""
        return self._graphs.documents_among(self._target.store.named_graphs())

    def document(self, name: str) -> list[Quad]:
        """Return what is written by hand for a document."""
        return self._quads([self._graphs.document(name)])

    def whole_document(self, name: str) -> list[Quad]:
        """Return what is written by hand for a document and what is derived from it."""
        return self._quads([self._graphs.document(name), *self._graphs.derived_of(name)])

    def outside(self) -> list[Quad]:
        """Return the facts of outside sources, the links, and what is said of the dataset itself."""
        root, named = self._graphs.external("").value, self._target.store.named_graphs()
        external = [graph for graph in named if isinstance(graph, NamedNode) and graph.value.startswith(root)]
        return self._quads([*external, self._graphs.links, self._graphs.catalog])

    def stated(self) -> list[Quad]:
        """Return all of the project but what is inferred."""
        graphs = [*self._shared, *(self._graphs.document(name) for name in self.documents())]
        graphs += [graph for name in self.documents() for graph in self._graphs.derived_of(name)[:2]]
        return [*self._quads(graphs), *self.outside()]

    def graph(self, graph: GraphName) -> list[Quad]:
        """Return the quads of one graph."""
        return self._quads([graph])

    def touches_shared(self, touched: Collection[GraphName]) -> bool:
        """Whether a change to these graphs changes what all documents share."""
        return any(graph in touched for graph in self._shared)

    def touches_outside(self, touched: Collection[GraphName]) -> bool:
        """Whether a change to these graphs changes outside facts or links."""
        root = self._graphs.external("").value
        return any(g == self._graphs.links or (isinstance(g, NamedNode) and g.value.startswith(root)) for g in touched)

    def foreign(self, touched: Iterable[GraphName]) -> list[GraphName]:
        """Return those of the graphs that are no part of the project: the default graph and graphs named otherwise."""
        return [graph for graph in touched if self._graphs.is_foreign(graph)]

    def is_empty_of(self, graph: GraphName, term: NamedNode) -> bool:
        """Whether a graph has no member of a class, and no triple of a property, of this name."""
        patterns = ((RDF.type, term), (term, None))
        found = (self._target.store.quads_for_pattern(None, predicate, value, graph) for predicate, value in patterns)
        return all(next(iter(quads), None) is None for quads in found)
