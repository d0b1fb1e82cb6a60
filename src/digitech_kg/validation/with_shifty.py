"""Validate with shifty, fast enough to run on every build and write. The one module that knows it.

Shapes are loaded as data is, through a store, so that values in both compare equal.
"""

from collections.abc import Iterable, Set
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import shifty
from pyoxigraph import NamedNode, RdfFormat
from rdflib import Graph

from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import SHAPES, Namespaces
from digitech_kg.sources.loading import parse_turtle
from digitech_kg.sources.project import SourceFile
from digitech_kg.triple_store import dump, store_of
from digitech_kg.validation.report import Report, parse_ntriples, read_report

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


def validate(data: bytes, shapes: bytes, names: Namespaces, focus: Set[Any] | None = None) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    SHACL knows no named graphs: pass the union of those that the shapes are to see. Only what is found on the nodes in
    `focus` is reported; None means on all.
    """
    return read_report(write_report(data, shapes, focus), names, focus)


def write_report(data: bytes, shapes: bytes, focus: Set[Any] | None = None) -> Graph:
    """Return shifty's report, in which a path that is more than a property is blank; empty if nothing is found."""
    if not shapes:
        return Graph()
    validator = _prepare(shapes)
    found = validator.validate_algebra(data, graph_mode="data", infer=False, sort_results=False)
    looked_at = None if focus is None else set(map(str, focus))
    if not any(looked_at is None or violation.focus_node in looked_at for violation in found.violations):
        return Graph()
    # Only now, as it takes longer to write a report. Of a graph of rdflib, read slowest, blank nodes keep their labels.
    terms = (term for each in found.violations for term in (each.focus_node, *(why.value for why in each.reasons)))
    graph = parse_ntriples(data) if any(term.startswith("_:") for term in terms) else data
    report: Graph = validator.validate(graph, graph_mode="data", infer=False, sort_results=False)[1]
    return report


_prepare: Final = lru_cache(maxsize=8)(shifty.PreparedValidator)
