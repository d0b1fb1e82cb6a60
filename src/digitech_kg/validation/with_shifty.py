"""Validate with shifty, fast enough to run on every build and write. The one module that knows it.

Shapes are loaded as data is, through a store, so that values in both compare equal.
"""

from collections.abc import Iterable, Set
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import shifty
from pyoxigraph import NamedNode, RdfFormat
from rdflib import RDF, SH, BNode, Graph, URIRef
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


def validate(data: bytes, shapes: bytes, names: Namespaces, focus: Set[Any] | None = None) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    SHACL knows no named graphs: pass the union of those that the shapes are to see. Only what is found on the nodes in
    `focus` is reported; None means on all.
    """
    if not shapes:
        return report_of((), names)
    planned, validator = _prepare(shapes)
    found = validator.validate_algebra(data, graph_mode="data", infer=False, sort_results=False)
    looked_at = None if focus is None else set(map(str, focus))
    if not any(looked_at is None or violation.focus_node in looked_at for violation in found.violations):
        return report_of((), names)
    # Only now, as it takes longer to write a report. Of a graph of rdflib, read slowest, blank nodes keep their labels.
    terms = (term for each in found.violations for term in (each.focus_node, *(why.value for why in each.reasons)))
    graph = parse_ntriples(data) if any(term.startswith("_:") for term in terms) else data
    _, report, _ = validator.validate(graph, graph_mode="data", infer=False, sort_results=False)
    return read_report(_completed(report, planned), names, focus)


@lru_cache(maxsize=8)
def _prepare(shapes: bytes) -> tuple[Graph, shifty.PreparedValidator]:
    """Return shapes, and what validates against them, with a name for each property shape that has none."""
    graph, named = parse_ntriples(shapes), Graph()
    blank = {shape for shape in graph.subjects(SH.path, None) if isinstance(shape, BNode)}
    for triple in graph:
        subject, predicate, value = (URIRef(f"{_NAME}{term}") if term in blank else term for term in triple)
        named.add((subject, predicate, value))
    return named, shifty.PreparedValidator(named.serialize(format="nt").encode())


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
