"""What the graph holds about a resource, as RDF."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode, Triple, serialize

from digitech_kg.engine import QueryService
from digitech_kg.formats import Format
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.addresses import nothing_about
from digitech_kg.web.reading.reader import GraphReader, node


def describe_resource(service: QueryService, iri: str, fmt: Format) -> bytes:
    """Return the triples with the resource as subject and the labels of their values, with the project's prefixes.

    Raises `NotFound` if the graph holds nothing about it.
    """
    reader = GraphReader(service)
    triples = _describe(reader, reader.version, iri)
    if not triples:
        raise nothing_about(iri.removeprefix(reader.names.base))
    text = "".join(map(str, triples))
    used = {prefix: namespace for prefix, namespace in reader.names.prefixes.items() if namespace in text}
    return serialize(triples, format=fmt.rdf, prefixes=used) or b""


@lru_cache(maxsize=256)
def _describe(reader: GraphReader, _version: str, iri: str) -> tuple[Triple, ...]:
    """Read a description once for all formats that are asked for one after another."""
    found = set(reader.triples(browse_queries.DESCRIPTION, this=node(iri)))
    return tuple(sorted(found, key=lambda triple: (triple.subject != NamedNode(iri), str(triple))))
