"""Validate with shifty, fast enough to run on every build and write. The one module that knows it.

Shapes are loaded as data is, through a store, so that values in both compare equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import shifty
from pyoxigraph import NamedNode, RdfFormat
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import SHAPES, Namespaces
from digitech_kg.sources.loading import parse_turtle
from digitech_kg.sources.project import SourceFile
from digitech_kg.triple_store import dump, store_of
from digitech_kg.validation.report import Report, parse_ntriples, read_report, report_of

_GRAPH: Final = NamedNode(SHAPES.removesuffix("#"))


def load_shapes(files: Iterable[Path]) -> bytes:
    """Return the shapes of these Turtle files as N-Triples.

    They pass through a store because it changes how literals are written (`4.0` → `4`), as it does with data.
    Raises `SourceError` with the syntax errors of all files, or if there is no shape at all: validating against
    nothing would find nothing.
    """
    quads, faults = [], []
    for path in files:
        parsed = parse_turtle(SourceFile(path, f"shapes/{path.name}", _GRAPH))
        quads += parsed.quads
        faults += parsed.faults
    if not quads and not faults:
        faults.append(Fault("shapes/", "holds no shapes", "Put the project's SHACL shapes there."))
    if faults:
        raise SourceError(faults)
    return dump(store_of(quads), RdfFormat.N_TRIPLES, _GRAPH)


#: Blank property shapes go by such names while shifty has them.
_NAME = "urn:digitech-kg:blank-shape:"
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
_Target = tuple[Node, Node]


@dataclass
class _Prepared:
    """Shapes planned once for all validations."""

    shapes: Graph

    @cached_property
    def validator(self) -> shifty.PreparedValidator:
        """A validator for all shapes."""
        return _validator(self.lines)

    @cached_property
    def lines(self) -> list[str]:
        """The shapes as lines of N-Triples."""
        return self.shapes.serialize(format="nt").splitlines()

    @cached_property
    def targets(self) -> dict[str, set[_Target]]:
        """The properties and values by which a shape says what it is about; a class can be a shape for its members."""
        found: dict[str, set[_Target]] = defaultdict(set)
        for prop in _TARGETS:
            for shape, value in self.shapes.subject_objects(prop):
                found[str(shape)].add((prop, value))
        for shape in self.shapes.subjects(RDF.type, RDFS.Class):
            found[str(shape)].add((SH.targetClass, shape))
        return dict(found)

    def narrowed(self, nodes: dict[str, set[str]]) -> shifty.PreparedValidator:
        """Return a validator for the shapes, of which those named look at these nodes, as N-Triples, and no others."""
        dropped = [(shape, *target) for shape in nodes for target in self.targets.get(shape, ())]
        dropped += [(shape, RDF.type, RDFS.Class) for shape in nodes]
        lines = {f"<{shape}> {prop.n3()} {value.n3()} ." for shape, prop, value in dropped}
        added = [f"<{shape}> {SH.targetNode.n3()} {node} ." for shape, found in nodes.items() for node in found]
        return _validator([*(line for line in self.lines if line not in lines), *added])


def _validator(lines: Iterable[str]) -> shifty.PreparedValidator:
    return shifty.PreparedValidator("\n".join(lines).encode())


def validate(data: bytes, shapes: bytes, names: Namespaces, focus: Set[Any] | None = None) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    SHACL knows no named graphs: pass the union of those that the shapes are to see. Only what is found on the nodes in
    `focus` is reported; None means on all.
    """
    if not shapes:
        return report_of((), names)
    prepared = _prepare(shapes)
    found = prepared.validator.validate_algebra(data, graph_mode="data", infer=False, sort_results=False)
    looked_at = None if focus is None else set(map(str, focus))
    violations = [v for v in found.violations if looked_at is None or v.focus_node in looked_at]
    if not violations:
        return report_of((), names)
    # Writing a W3C report of all takes several times as long as finding out what there is to report.
    nodes = _nodes_to_report(violations, prepared)
    chosen = None if nodes is None else sorted(nodes)
    narrow = prepared.narrowed({shape: found for shape, found in (nodes or {}).items() if found})
    # Of a graph of rdflib, unlike of bytes, the blank nodes keep their labels in the report.
    graph = parse_ntriples(data)
    _, report, _ = narrow.validate(graph, graph_mode="data", infer=False, shape_names=chosen, sort_results=False)
    return read_report(_completed(report, prepared.shapes), names, focus)


def _nodes_to_report(violations: Iterable[Any], prepared: _Prepared) -> dict[str, set[str]] | None:
    """Return the shapes that have something to report, and of which nodes; no nodes stand for all that it is about.

    None stands for all shapes. Of shapes that ask for the same of the same nodes shifty names only one.
    """
    found: dict[str, set[str]] = defaultdict(set)
    wide: set[str] = set()
    for violation in violations:
        name, node = violation.shape_name, violation.focus_node
        if name is None:
            return None
        targets = prepared.targets.get(name, set())
        for shape in {name, *(twin for twin, others in prepared.targets.items() if others & targets)}:
            found[shape].add(node)
            # No other graph can name a blank node of the data.
            if node.startswith("_:") or prepared.targets.get(shape, set()) != targets:
                wide.add(shape)
    return {shape: set() if shape in wide else nodes for shape, nodes in found.items()}


@lru_cache(maxsize=8)
def _prepare(shapes: bytes) -> _Prepared:
    """Plan shapes, with a name for each property shape that has none."""
    graph, named = parse_ntriples(shapes), Graph()
    blank = {shape for shape in graph.subjects(SH.path, None) if isinstance(shape, BNode)}
    for triple in graph:
        subject, predicate, value = (URIRef(f"{_NAME}{term}") if term in blank else term for term in triple)
        named.add((subject, predicate, value))
    return _Prepared(named)


def _completed(report: Graph, shapes: Graph) -> Graph:
    """Return a report in which complex paths are spelt out (section 3.6.2.2), which shifty leaves blank."""
    for result, path in list(report.subject_objects(SH.resultPath)):
        shape = report.value(result, SH.sourceShape)
        if isinstance(path, BNode) and (meant := shapes.value(shape, SH.path)) is not None:
            report.set((result, SH.resultPath, meant))
            _copy(meant, shapes, report)
        if isinstance(shape, URIRef) and shape.startswith(_NAME):
            report.set((result, SH.sourceShape, BNode(shape.removeprefix(_NAME))))
    return report


def _copy(node: Node, source: Graph, target: Graph) -> None:
    """Copy a path; a path that is both a list and something else counts as the list."""
    if isinstance(node, BNode) and (node, None, None) not in target:
        is_list = (node, RDF.first, None) in source
        for triple in list(source.triples((node, None, None))):
            if is_list and triple[1] not in (RDF.first, RDF.rest):
                continue
            target.add(triple)
            _copy(triple[2], source, target)
