"""Validate with pySHACL, the reference that the faster gate is held against. The one module that knows it."""

from __future__ import annotations

import pyshacl
from rdflib import Graph

from digitech_kg.validation.report import Report, parse_ntriples, read_report


def validate_with_pyshacl(data: bytes, shapes: bytes) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes`; slower than `validate`, with the same results."""
    data_graph = parse_ntriples(data)
    shapes_graph = Graph().parse(data=shapes, format="nt")
    _, graph, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", inplace=True)
    return read_report(graph)


def check_shapes(shapes: bytes) -> str | None:
    """Check shapes against SHACL's own shapes; give pySHACL's text if they are malformed, else None."""
    graph = Graph().parse(data=shapes, format="nt")
    try:
        pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    except pyshacl.errors.ReportableRuntimeError as error:
        return str(error.message)
    return None
