"""Count what each graph of a dataset consists of. A commit counts only the graphs that changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from digitech_kg.mappings.model import PREDICATES, target_of
from digitech_kg.namespaces import DK, RDF, Namespaces, value_of
from digitech_kg.triple_store import count_by_iri


@dataclass(frozen=True)
class GraphCensus:
    """The numbers of one graph. Equal graphs have equal ones, and its fields come back from JSON as they were."""

    triples: int = 0
    subjects: int = 0
    #: Members by the IRI of their class.
    classes: Mapping[str, int] = field(default_factory=dict)
    #: Triples by the IRI of their property.
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Mappings to other data sets by the name of the data set, a space and the IRI of the property.
    links: Mapping[str, int] = field(default_factory=dict)
    #: The documents that passages are part of, sorted.
    documents: Sequence[str] = field(default_factory=list)
    #: The members of `dk:Source` that are part of no other, sorted.
    sources: Sequence[str] = field(default_factory=list)


def count_graph(store: Store, graph: NamedNode, names: Namespaces) -> GraphCensus:
    """Return the census of a graph of a store. The engine counts; only links and passages are looked at one by one."""
    properties = count_by_iri(store, f"SELECT ?p (COUNT(*) AS ?count) {{ GRAPH {graph} {{ ?s ?p ?o }} }} GROUP BY ?p")
    types = f"SELECT ?o (COUNT(*) AS ?count) {{ GRAPH {graph} {{ ?s {RDF.type} ?o }} }} GROUP BY ?o"
    subjects = f"SELECT ({graph} AS ?g) (COUNT(DISTINCT ?s) AS ?count) {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
    links: Counter[str] = Counter()
    for prop in PREDICATES & properties.keys():
        for quad in store.quads_for_pattern(None, NamedNode(prop), None, graph):
            if isinstance(quad.object, NamedNode):
                target = target_of(quad.object.value)
                links[f"{target.prefix if target else 'other'} {prop}"] += 1
    declared = {quad.subject for quad in store.quads_for_pattern(None, RDF.type, DK.Source, graph)}
    parts = list(store.quads_for_pattern(None, DK.isPartOf, None, graph))
    passages = names.prefixes["passage"]
    wholes = {value_of(quad.object) for quad in parts if value_of(quad.subject).startswith(passages)}
    return GraphCensus(
        triples=sum(properties.values()),
        subjects=count_by_iri(store, subjects)[graph.value],
        classes=count_by_iri(store, types),
        properties=properties,
        links=dict(sorted(links.items())),
        documents=sorted(whole for whole in wholes if not whole.startswith(passages)),
        sources=sorted(map(value_of, declared - {quad.subject for quad in parts})),
    )


#: The key of a census that is no graph's, but takes away what the sum of all others counts too often.
REPEATED: Final = "repeated-triples"


def count_repeated(
    store: Store, names: Namespaces, before: GraphCensus | None, added: Iterable[Quad], removed: Iterable[Quad]
) -> GraphCensus:
    """Return, below zero, how often triples of each property, and members of each class, are in a further graph.

    If it is known what there was `before`, only the quads that came and went since are looked up.
    """
    classes, properties = Counter(before.classes if before else {}), Counter(before.properties if before else {})
    for triple, more in _moved(store, names, added, removed) if before else _repeated(store, names):
        properties[triple.predicate.value] -= more
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
            classes[triple.object.value] -= more
    told = [{term: n for term, n in sorted(counts.items()) if n} for counts in (classes, properties)]
    return GraphCensus(classes=told[0], properties=told[1])


def _repeated(store: Store, names: Namespaces) -> Iterator[tuple[Triple, int]]:
    """Yield the triples in several graphs and in how many further ones; a property at a time fits in memory."""
    graphs = count_by_iri(store, "SELECT ?p (COUNT(DISTINCT ?g) AS ?count) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p")
    for prop in (NamedNode(prop) for prop, count in graphs.items() if count > 1):
        told = f"GRAPH ?g {{ ?s {prop} ?o }} FILTER(?g != {names.graphs.catalog})"
        query = f"SELECT ?s ?o (COUNT(?g) AS ?n) {{ {told} }} GROUP BY ?s ?o HAVING (COUNT(?g) > 1)"
        for subject, value, count in cast(QuerySolutions, store.query(query)):
            yield Triple(subject, prop, value), int(count.value) - 1


def _moved(store: Store, names: Namespaces, *change: Iterable[Quad]) -> Iterator[tuple[Triple, int]]:
    """Yield the triples that came and went, and in how many more graphs they are repeated now."""
    added, removed = (Counter(_counted(quads, names)) for quads in change)
    for triple in added | removed:
        now = sum(1 for _ in _counted(store.quads_for_pattern(*triple), names))
        yield triple, max(now - 1, 0) - max(now - added[triple] + removed[triple] - 1, 0)


def _counted(quads: Iterable[Quad], names: Namespaces) -> Iterator[Triple]:
    """Yield triples once for each graph but the catalogue, which is made later."""
    graphs = names.graphs
    yield from (q.triple for q in quads if isinstance(q.graph_name, NamedNode) and q.graph_name != graphs.catalog)


def count_quads(quads: Iterable[Quad]) -> GraphCensus:
    """Return triples, subjects, classes and properties of the quads of one graph."""
    quads = list(quads)
    properties = Counter(quad.predicate.value for quad in quads)
    typed = (quad.object for quad in quads if quad.predicate == RDF.type)
    classes = Counter(term.value for term in typed if isinstance(term, NamedNode))
    return GraphCensus(
        triples=len(quads),
        subjects=len({quad.subject for quad in quads}),
        classes=dict(sorted(classes.items())),
        properties=dict(sorted(properties.items())),
    )
