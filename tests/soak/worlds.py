"""Small datasets to change, taken from the bundled graph: a few things of each kind with all that they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from digitech_kg.claims import derive_statements
from digitech_kg.namespaces import BASE, DK, GRAPH, OWL, RDF, RDFS, SKOS
from digitech_kg.triple_store import dump, store_of, union_ntriples
from digitech_kg.validation import load_shapes, validate
from digitech_kg.validation.affected import DataGraph

Node = NamedNode | BlankNode
_DERIVED = (GRAPH.statements, GRAPH.evidence, GRAPH.inferred)
#: What the shapes for data look at in the ontology.
_OF_ONTOLOGY = ("subClassOf", "domainIncludes", "rangeIncludes", "type")


@dataclass(frozen=True)
class World:
    """A dataset with the shapes that it is held against; they see one graph, or all graphs but one."""

    name: str
    quads: frozenset[Quad]
    shapes: bytes
    graph: NamedNode | None = None
    without: NamedNode | None = None

    def data(self, store: Store) -> DataGraph:
        """Give what the shapes see of a store."""
        return DataGraph(store, graph=self.graph, without=self.without)

    def ntriples(self, store: Store) -> bytes:
        """Give what the shapes see of a store, as the build gives it to them."""
        if self.graph is not None:
            return dump(store, RdfFormat.N_TRIPLES, self.graph)
        return union_ntriples(store, without=self.without)


def whole_world(quads: Iterable[Quad], shape_files: Iterable[Path]) -> World:
    """Give the whole graph under the shapes for data."""
    return World("whole graph", frozenset(quads), _shapes(shape_files), without=GRAPH.inferred)


def small_world(quads: Iterable[Quad], shape_files: Iterable[Path], *, seed: int) -> World:
    """Give a part of the graph under the shapes for data: some things of each class, and what speaks of them."""
    random, of, shapes = Random(seed), _by_subject(quads), _shapes(shape_files)
    classes, claims = defaultdict(list), []
    for node in sorted(of, key=str):
        for quad in of[node]:
            if quad.predicate == RDF.type and quad.graph_name not in (GRAPH.ontology, *_DERIVED):
                classes[quad.object].append(node)
                claims += [node] if quad.object in (DK.Claim, DK.ExternalClaim) else []
    chosen: set[Node] = {NamedNode(BASE + "dataset"), *random.sample(claims, 8)}
    for kind in sorted(classes, key=str):
        chosen.update(random.sample(classes[kind], 1))
    random.shuffle(claims)
    structure = {q for node in of for q in of[node] if q.graph_name == GRAPH.ontology and _is_structure(q)}
    wanting: set[str] | None = None
    while wanting is None or wanting:
        chosen |= _speaking_of(wanting or set(), claims, of, chosen)
        chosen = _referred_to(chosen, of)
        kept = {quad for node in chosen for quad in of[node] if quad.graph_name not in _DERIVED} | structure
        kept |= set(derive_statements(sorted(kept, key=str)))
        report = validate(union_ntriples(store_of(kept)), shapes)
        wanting = {result.focus_node for result in report.results}
    # Types that are inferred must not hide that one is missing.
    kept |= {Quad(q.subject, q.predicate, q.object, GRAPH.inferred) for q in kept if q.predicate == RDF.type}
    return World("small project", frozenset(kept), shapes, without=GRAPH.inferred)


def ontology_world(quads: Iterable[Quad], shape_files: Iterable[Path], *, seed: int) -> World:
    """Give a part of the ontology under its house rules: some terms of each kind with the classes above them."""
    random, of = Random(seed), _by_subject(q for q in quads if q.graph_name == GRAPH.ontology)
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
    chosen: set[Node] = {
        node for node in of if any(q.object in (OWL.Ontology, OWL.AllDisjointClasses) for q in of[node])
    }
    for kind in kinds:
        terms = sorted((n for n in of if isinstance(n, NamedNode) and any(q.object == kind for q in of[n])), key=str)
        chosen.update(random.sample(terms, min(4, len(terms))))
    chosen = {*chosen, *_above(chosen, of)}
    kept = {quad for node in chosen for quad in of[node] if quad.predicate not in (RDFS.comment, SKOS.example)}
    rules = load_shapes(path for path in shape_files if path.name == "ontology.ttl")
    return World("ontology", frozenset(kept), rules, graph=GRAPH.ontology)


def _shapes(shape_files: Iterable[Path]) -> bytes:
    return load_shapes(path for path in shape_files if path.name != "ontology.ttl")


def _by_subject(quads: Iterable[Quad]) -> dict[Node, list[Quad]]:
    found: dict[Node, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, NamedNode | BlankNode):
            found[quad.subject].append(quad)
    return found


def _referred_to(chosen: set[Node], of: dict[Node, list[Quad]]) -> set[Node]:
    """Give all nodes of the data that the chosen ones lead to."""
    found, waiting = set(chosen), list(chosen)
    while waiting:
        for quad in of.get(waiting.pop(), ()):
            value = quad.object
            if (
                quad.graph_name in (*_DERIVED, GRAPH.catalog)
                or value in found
                or not isinstance(value, NamedNode | BlankNode)
            ):
                continue
            if value in of and not any(q.graph_name == GRAPH.ontology for q in of[value]):
                found.add(value)
                waiting.append(value)
    return found


def _speaking_of(wanting: set[str], claims: list[Node], of: dict[Node, list[Quad]], chosen: set[Node]) -> set[Node]:
    """Give for each thing that wants something a claim of each predicate about it, and one that it is the object of."""
    found: dict[tuple[object, ...], Node] = {}
    for claim in claims:
        predicate = next((q.object for q in of[claim] if q.predicate == DK.predicate), None)
        for quad in of[claim]:
            if isinstance(quad.object, NamedNode) and quad.object.value in wanting and claim not in chosen:
                about = quad.predicate == DK.subject
                found[quad.object, quad.predicate, predicate if about else None] = claim
    if wanting and not found:
        raise AssertionError(f"nothing can be added to make these valid: {wanting}")
    return set(found.values())


def _above(chosen: set[Node], of: dict[Node, list[Quad]]) -> set[Node]:
    found, waiting = set(chosen), list(chosen)
    while waiting:
        for quad in of.get(waiting.pop(), ()):
            value = quad.object
            if isinstance(value, NamedNode | BlankNode) and value in of and value not in found:
                found.add(value)
                waiting.append(value)
    return found


def _is_structure(quad: Quad) -> bool:
    return any(quad.predicate.value.endswith(name) for name in _OF_ONTOLOGY) and isinstance(quad.subject, NamedNode)
