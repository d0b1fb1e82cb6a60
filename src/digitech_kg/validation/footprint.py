"""What a shapes graph reads of the data, from its targets, paths and constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal as Choice

from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Node

from digitech_kg.validation.readings import Chain, Reading, Step, Unbounded, chains_of, named, readings_along
from digitech_kg.validation.sparql_readings import readings_of_query

_ANY: frozenset[NamedNode] = frozenset()
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
#: Shapes for the value nodes; the second row gives lists of them.
_NESTED = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_NESTED_LISTS = (SH["and"], SH["or"], SH.xone)
#: Compared with the value nodes, and read at the focus node.
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_REPEATED: tuple[tuple[URIRef, Choice["*", "+", "?"]], ...] = (
    (SH.zeroOrMorePath, "*"),
    (SH.oneOrMorePath, "+"),
    (SH.zeroOrOnePath, "?"),
)
#: What reads nothing beyond the path, and what says nothing to a validator.
_INNOCENT = re.compile(
    "class|closed|datatype|deactivated|defaultValue|description|flags|group|hasValue|ignoredProperties|in|languageIn|"
    "(max|min)(Count|Exclusive|Inclusive|Length)|message|name|nodeKind|order|path|pattern|qualified(Max|Min)Count|"
    "severity|sparql|uniqueLang"
)
_KNOWN = frozenset({*_TARGETS, *_NESTED, *_NESTED_LISTS, *_PAIRS})


@dataclass(frozen=True)
class Footprint:
    """All readings of a shapes graph; if it could not be analysed, `why_unbounded` says why."""

    readings: tuple[Reading, ...]
    why_unbounded: str | None = None

    @cached_property
    def by_predicate(self) -> dict[NamedNode, tuple[Reading, ...]]:
        """The readings of each predicate that is named."""
        found: dict[NamedNode, list[Reading]] = {}
        for reading in self.readings:
            for predicate in reading.predicates:
                found.setdefault(predicate, []).append(reading)
        return {predicate: tuple(readings) for predicate, readings in found.items()}

    @cached_property
    def of_any(self) -> tuple[Reading, ...]:
        """The readings of triples with any predicate."""
        return tuple(reading for reading in self.readings if not reading.predicates)

    def readings_of(self, predicate: NamedNode) -> tuple[Reading, ...]:
        """Give the readings that a triple with this predicate can be part of."""
        return self.by_predicate.get(predicate, ()) + self.of_any


@lru_cache(maxsize=8)
def read_footprint(shapes: bytes) -> Footprint:
    """Give what these shapes (N-Triples) read; shapes that are not analysed give one that is unbounded."""
    graph = Graph().parse(data=shapes, format="nt")
    try:
        return Footprint(tuple(dict.fromkeys(_Shapes(graph).readings())))
    except Unbounded as reason:
        return Footprint((), str(reason))


class _Shapes:
    """Walks from the shapes that have targets to all that they are made of."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        #: Parameters of constraint components that the shapes graph defines itself.
        self._parameters = {path for node in graph.objects(None, SH.parameter) for path in graph.objects(node, SH.path)}

    def readings(self) -> Iterator[Reading]:
        for shape in self._targeted():
            for predicate in self._graph.objects(shape, SH.targetSubjectsOf):
                yield Reading(named(predicate), (("subject", ()),))
            for predicate in self._graph.objects(shape, SH.targetObjectsOf):
                yield Reading(named(predicate), (("object", ()),))
            yield Reading(named(RDF.type), (("subject", ()),))
            yield from self._shape(shape, (), ())

    def _targeted(self) -> set[Node]:
        graph = self._graph
        if (None, SH.target, None) in graph:
            raise Unbounded("a shape has a target of its own making")
        shapes = {shape for predicate in _TARGETS for shape in graph.subjects(predicate, None)}
        kinds = [
            set(graph.subjects(RDF.type, kind)) for kind in (SH.NodeShape, SH.PropertyShape, RDFS.Class, OWL.Class)
        ]
        return shapes | ((kinds[0] | kinds[1]) & (kinds[2] | kinds[3]))

    def _shape(self, shape: Node, at: Chain, above: tuple[Node, ...]) -> Iterator[Reading]:
        """Yield what a shape reads when its focus nodes are where `at` leads."""
        if shape in above:
            raise Unbounded(f"{shape} refers to itself")
        self._check(shape)
        graph, values = self._graph, [at]
        if (path := graph.value(shape, SH.path)) is not None:
            chains = chains_of(self._path(path))
            values = [(*at, *chain) for chain in chains]
            for chain in chains:
                yield from readings_along(chain, at)
        for predicate in _PAIRS:
            for other in graph.objects(shape, predicate):
                yield from readings_along((Step(named(other)),), at)
        for constraint in graph.objects(shape, SH.sparql):
            yield from self._sparql(constraint, at)
        for value in values:
            yield from self._values(shape, value, (*above, shape))

    def _values(self, shape: Node, at: Chain, above: tuple[Node, ...]) -> Iterator[Reading]:
        """Yield what a shape reads at its value nodes."""
        graph = self._graph
        if (shape, SH["class"], None) in graph:
            yield Reading(named(RDF.type), (("subject", at),))
        if (shape, SH.closed, None) in graph:
            yield Reading(_ANY, (("subject", at),))
        for predicate in _NESTED:
            for inner in graph.objects(shape, predicate):
                yield from self._shape(inner, at, above)
        for predicate in _NESTED_LISTS:
            for items in graph.objects(shape, predicate):
                for inner in Collection(graph, items):
                    yield from self._shape(inner, at, above)

    def _check(self, shape: Node) -> None:
        """Raise `Unbounded` if a shape has a constraint that is not analysed."""
        for predicate in self._graph.predicates(shape, None):
            name = str(predicate).removeprefix(str(SH))
            known = predicate in _KNOWN or name == str(predicate) or _INNOCENT.fullmatch(name)
            if predicate in self._parameters or not known:
                raise Unbounded(f"{shape} has {predicate}")

    def _sparql(self, constraint: Node, at: Chain) -> Iterator[Reading]:
        prefixes: dict[str, str] = {}
        waiting, seen = list(self._graph.objects(constraint, SH.prefixes)), set[Node]()
        while waiting:
            if (ontology := waiting.pop()) in seen:
                continue
            seen.add(ontology)
            waiting += self._graph.objects(ontology, OWL.imports)
            for declaration in self._graph.objects(ontology, SH.declare):
                prefix = str(self._graph.value(declaration, SH.prefix))
                prefixes[prefix] = str(self._graph.value(declaration, SH.namespace))
        for text in self._graph.objects(constraint, SH.select):
            for reading in readings_of_query(str(text), prefixes):
                ends = tuple((role, (*at, *chain)) for role, chain in reading.ends)
                yield Reading(reading.predicates, ends)

    def _path(self, node: Node) -> URIRef | Path:
        """Give a SHACL property path as rdflib has SPARQL's (section 2.3.1)."""
        graph = self._graph
        if isinstance(node, URIRef):
            return node
        if (node, RDF.first, None) in graph:
            return SequencePath(*(self._path(item) for item in Collection(graph, node)))
        if (inverse := graph.value(node, SH.inversePath)) is not None:
            return InvPath(self._path(inverse))
        if (options := graph.value(node, SH.alternativePath)) is not None:
            return AlternativePath(*(self._path(item) for item in Collection(graph, options)))
        for predicate, mod in _REPEATED:
            if (inner := graph.value(node, predicate)) is not None:
                return MulPath(self._path(inner), mod)
        raise Unbounded(f"{node} is no path")
