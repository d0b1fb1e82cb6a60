"""What a dataset says, read once from its store in the shape that tables are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.model import read_claims
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.mappings.model import PREDICATES
from digitech_kg.namespaces import RDF, RDFS, VOCABULARIES, GraphName, Graphs, Namespaces
from digitech_kg.tables import Value, python_value

#: What a table shows: a thing by what it is called, or a literal.
Shown = NamedNode | Literal
_SAME: Final = tuple(map(NamedNode, PREDICATES[:2]))


class Content:
    """What is said, by the graphs that say it. What only describes the dataset, or was inferred, is left out."""

    def __init__(self, store: Store, names: Namespaces) -> None:
        self.names = names
        kinds: dict[str, list[Quad]] = defaultdict(list)
        kind_of = cache(lambda graph: _kind(graph, names.graphs))
        for quad in store:
            kinds[kind_of(quad.graph_name)].append(quad)
        #: What is said of things, passages and claims; then of terms, and of pairs of claims and positions.
        self.data, self.terms, self.compared = (
            _view(found) for found in ([*kinds["data"], *kinds["evidence"]], kinds["terms"], kinds["compared"])
        )
        self.links = tuple(sorted(kinds["links"], key=str))
        self._links = GraphView(self.links)
        self._labels = read_labels([*kinds["terms"], *kinds["data"], *kinds["evidence"]])
        self.claims = tuple(sorted(read_claims(kinds["data"]), key=lambda claim: claim.iri.value))
        subjects = in_order(s for s in self.data.all_subjects() if isinstance(s, NamedNode))
        self.passages = tuple(s for s in subjects if s.value.startswith(names.prefixes["passage"]))
        others = {*self.passages, *(claim.iri for claim in self.claims)}
        self.things = tuple(s for s in subjects if s not in others and self.classes(s))

    def values(self, node: NamedNode, prop: NamedNode) -> list[Shown]:
        """Return the values of a property of a thing or passage that have a name or are literals."""
        return [value for value in self.data.values(node, prop) if isinstance(value, NamedNode | Literal)]

    def properties(self, node: NamedNode) -> list[NamedNode]:
        """Return the properties of a thing or passage, each once."""
        return list(dict.fromkeys(triple.predicate for triple in self.data.triples_of(node)))

    def classes(self, node: NamedNode) -> list[NamedNode]:
        """Return the classes of a thing or passage but those of OWL itself, which say nothing of it."""
        found = self.data.nodes(node, RDF.type)
        return [c for c in found if isinstance(c, NamedNode) and not c.value.startswith(VOCABULARIES["owl"])]

    def all_classes(self, node: NamedNode) -> set[NamedNode]:
        """Return the classes of a thing and all that are above them."""
        above = reachable(self.classes(node), lambda cls: self.terms.nodes(cls, RDFS.subClassOf))
        return {cls for cls in above if isinstance(cls, NamedNode)}

    def labels(self, node: NamedNode) -> dict[str, str]:
        """Return the labels of a thing, passage or term by language, in small letters; "" stands for none."""
        return self._labels.by_language(node)

    def name(self, term: NamedNode) -> str:
        """Return the label of a thing or term, or its short name; the whole IRI of what is elsewhere."""
        return self._labels.name(term, self.names).strip("<>")

    def shown(self, value: Shown) -> Value:
        """Return a literal as a Python value, and the label of anything else."""
        return python_value(value.value, value.datatype.value) if isinstance(value, Literal) else self.name(value)

    def same_elsewhere(self, node: NamedNode) -> list[str]:
        """Return the IRIs that a thing is linked to as the same, sorted."""
        return sorted(other.value for prop in _SAME for other in self._links.nodes(node, prop))


def in_order(nodes: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: node.value)


def _kind(graph: GraphName, graphs: Graphs) -> str:
    """Return what the quads of a graph are for; "" for nothing."""
    if graph == graphs.links:
        return "links"
    if graph == graphs.ontology:
        return "terms"
    if graph in (graphs.comparison, graphs.positions):
        return "compared"
    document = graphs.document_of(graph)
    if document and graph == graphs.evidence(document):
        return "evidence"
    return "" if graphs.is_derived(graph) else "data"


def _view(quads: Iterable[Quad]) -> GraphView:
    """Return quads as triples in an order that does not depend on how they are stored."""
    return GraphView(sorted({q.triple for q in quads if not isinstance(q.subject, Triple)}, key=str))
