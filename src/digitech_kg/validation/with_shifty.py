"""Validate with shifty, fast enough to run on every build and write. The one module that knows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shifty
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from digitech_kg.namespaces import Namespaces
from digitech_kg.validation.report import Report, parse_ntriples, read_report, report_of

#: Blank property shapes go by such names while shifty has them.
_NAME = "urn:digitech-kg:blank-shape:"
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


@dataclass(frozen=True)
class _Prepared:
    validator: Any
    shapes: Graph


def validate(data: bytes, shapes: bytes, names: Namespaces) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    Named graphs are not SHACL's matter: hand over the union of those that the shapes are to see.
    """
    prepared = _prepare(shapes)
    # shifty's own `validate` gives the blank nodes of the data new labels in the report; what it is made of does not.
    inner = prepared.validator._inner
    found = inner.validate_algebra(data, None, "nt", "data", None, False, "info", False, "ignore", False)
    if found.conforms and not found.violations:
        return report_of((), names)
    # Writing a W3C report takes several times as long as finding out which shapes have something to report.
    chosen = _with_twins({violation.shape_name for violation in found.violations}, prepared.shapes)
    result = inner.validate_w3c(data, None, "nt", "data", chosen, False, "info", False, "ignore", False)
    return read_report(_completed(parse_ntriples(result._report_ntriples), prepared.shapes), names)


def _with_twins(failing: set[str | None], shapes: Graph) -> list[str] | None:
    """Return the names of failing shapes, and of all with the same targets; None for all shapes.

    Of shapes that ask for the same of the same nodes shifty names only one.
    """
    chosen: set[str] = set()
    for name in failing:
        if name is None:
            return None
        chosen.add(name)
        for prop in _TARGETS:
            for target in shapes.objects(URIRef(name), prop):
                chosen |= {str(shape) for shape in shapes.subjects(prop, target)}
    return sorted(chosen)


@lru_cache(maxsize=8)
def _prepare(shapes: bytes) -> _Prepared:
    """Plan shapes once for all validations, with a name for each property shape that has none."""
    graph, named = parse_ntriples(shapes), Graph()
    blank = {shape for shape in graph.subjects(SH.path, None) if isinstance(shape, BNode)}
    for triple in graph:
        subject, predicate, value = (URIRef(f"{_NAME}{term}") if term in blank else term for term in triple)
        named.add((subject, predicate, value))
    return _Prepared(shifty.PreparedValidator(named.serialize(format="nt").encode()), named)


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
    """Copy a path; of one that is a list and something else as well the list counts."""
    if isinstance(node, BNode) and (node, None, None) not in target:
        is_list = (node, RDF.first, None) in source
        for triple in list(source.triples((node, None, None))):
            if is_list and triple[1] not in (RDF.first, RDF.rest):
                continue
            target.add(triple)
            _copy(triple[2], source, target)
