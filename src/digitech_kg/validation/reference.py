"""Validate with pySHACL, the reference that the faster validator is held against. The one module that knows it."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

import pyshacl
from rdflib import Graph, plugin
from rdflib.plugins.sparql.processor import SPARQLProcessor, prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor

from digitech_kg.namespaces import Namespaces
from digitech_kg.validation.report import Report, parse_ntriples, read_report

#: pyparsing, which parses the constraints, fails at times when two threads use one grammar for the first time.
_ALONE = Lock()


def validate_with_pyshacl(data: bytes, shapes: bytes, names: Namespaces) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes`; slower than `validate`, with the same results."""
    data_graph = parse_ntriples(data)
    shapes_graph = Graph().parse(data=shapes, format="nt")
    with _ALONE:
        _, graph, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", inplace=True)
    return read_report(graph, names)


def check_shapes(shapes: bytes) -> str | None:
    """Check shapes against SHACL's own shapes; give pySHACL's text if they are malformed, else None."""
    graph = Graph().parse(data=shapes, format="nt")
    try:
        pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    except pyshacl.errors.ReportableRuntimeError as error:
        return str(error.message)
    return None


class ParsingOnce(SPARQLProcessor):
    """rdflib's SPARQL engine, which parses a text that it has seen before no second time.

    pySHACL hands each constraint over as text for every focus node, and parsing takes nine tenths of its time.
    """

    def query(  # type: ignore[override]
        self,
        strOrQuery: str | Query,  # noqa: N803
        initBindings: Any = None,  # noqa: N803
        initNs: Any = None,  # noqa: N803
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803
    ) -> Any:
        """Evaluate a query; the parameters are those of the class above."""
        if isinstance(strOrQuery, str):
            prefixes = tuple(sorted((str(prefix), str(iri)) for prefix, iri in (initNs or {}).items()))
            strOrQuery = _parse(strOrQuery, prefixes, base)  # noqa: N806
        return super().query(strOrQuery, initBindings, initNs, base, DEBUG)


@lru_cache(maxsize=512)
def _parse(text: str, prefixes: tuple[tuple[str, str], ...], base: str | None) -> Query:
    return prepareQuery(text, initNs=dict(prefixes), base=base)


plugin.register("sparql", Processor, __name__, ParsingOnce.__name__)
