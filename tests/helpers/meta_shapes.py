"""SHACL's own shapes, by which shapes are checked."""

import pyshacl
from rdflib import Graph


def check_shapes(shapes: bytes) -> str | None:
    """Return what pySHACL says of malformed shapes; None if they are well formed."""
    graph = Graph().parse(data=shapes, format="nt")
    try:
        pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    except pyshacl.errors.ReportableRuntimeError as error:
        return str(error.message)
    return None
