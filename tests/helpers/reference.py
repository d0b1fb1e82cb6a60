"""Validate with pySHACL, the reference that the project's validator is held against."""

from collections.abc import Set
from functools import lru_cache
from threading import Lock
from typing import Any

import pyshacl
from rdflib import Graph
from rdflib.plugins.sparql.processor import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from digitech_kg.namespaces import Namespaces
from digitech_kg.validation.report import Report, parse_ntriples, read_report

#: pyparsing, which parses the constraints, fails at times when two threads use one grammar for the first time.
_ALONE = Lock()


def validate_with_pyshacl(data: bytes, shapes: bytes, names: Namespaces, focus: Set[Any] | None = None) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes`; slower than `validate`, with the same results."""
    return read_report(write_pyshacl_report(data, shapes), names, focus)


def write_pyshacl_report(data: bytes, shapes: bytes) -> Graph:
    """Return pySHACL's report. Raises what it gives instead of one."""
    parsed = parse_ntriples(data)
    data_graph = _ParsingOnce(parsed.store, parsed.identifier)
    # pySHACL writes the names of blank shapes into constraints: as they stay the same, each is parsed once.
    shapes_graph = parse_ntriples(shapes)
    with _ALONE:
        _, graph, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", inplace=True)
    if not isinstance(graph, Graph):
        raise graph
    return graph


class _ParsingOnce(Graph):
    """A graph that parses each constraint once: pySHACL passes it as text for every focus node, which takes longest."""

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,  # noqa: N803
        *others: Any,
        **named: Any,
    ) -> Result:
        """Answer a query; the parameters are those of the class above."""
        if isinstance(query_object, str):
            query_object = _parse(query_object, tuple(sorted((str(p), str(iri)) for p, iri in (initNs or {}).items())))
        return super().query(query_object, processor, result, initNs, *others, **named)


@lru_cache(maxsize=512)
def _parse(text: str, prefixes: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(prefixes))
