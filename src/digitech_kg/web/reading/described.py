"""What the graph holds about a resource, as RDF."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.errors import NotFound
from digitech_kg.formats import Format, by_name
from digitech_kg.namespaces import BASE, PREFIXES
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.reader import node

_TRIPLES = by_name("ntriples")


def describe_resource(service: QueryService, iri: str, fmt: Format) -> bytes:
    """Give the triples with the resource as subject and the labels of their values, with the project's prefixes.

    Raises `NotFound` if the graph holds nothing about it.
    """
    triples = _describe(service, service.snapshot.version, iri)
    if not triples:
        raise NotFound(f"the graph holds nothing about {iri.removeprefix(BASE)}", hint="Search for what you meant.")
    text = "".join(map(str, triples))
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in text}
    return serialize(triples, format=fmt.rdf, prefixes=used) or b""


@lru_cache(maxsize=256)
def _describe(service: QueryService, _version: str, iri: str) -> tuple[Triple, ...]:
    """Read a description once for all formats that are asked for one after another."""
    query = browse_queries.DESCRIPTION.format(this=node(iri))
    with service.query(QueryRequest(query, None, _TRIPLES, known_prefixes=True)) as answer:
        found = {quad.triple for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
    return tuple(sorted(found, key=lambda triple: (triple.subject != NamedNode(iri), str(triple))))
