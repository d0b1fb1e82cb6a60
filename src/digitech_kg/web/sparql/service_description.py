"""The SPARQL 1.1 Service Description, from what is really there.

https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from digitech_kg.engine import QueryService
from digitech_kg.formats import FORMATS, Format
from digitech_kg.namespaces import RDF, SD, VOCABULARIES, VOID, XSD

#: What is inferred stands in graphs of its own and is queried like any other triple.
_REGIME = "http://www.w3.org/ns/entailment/Simple"


def describe_service(service: QueryService, endpoint: str, fmt: Format, *, takes_updates: bool) -> bytes:
    """Return the description of the service at the address `endpoint`, in a format for graphs."""
    triples = list(_triples(service, NamedNode(endpoint), takes_updates))
    return (
        serialize(triples, format=fmt.rdf, prefixes={name: VOCABULARIES[name] for name in ("rdf", "sd", "void")}) or b""
    )


def _triples(service: QueryService, endpoint: NamedNode, takes_updates: bool) -> Iterator[Triple]:
    node, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    yield Triple(node, RDF.type, SD.Service)
    yield Triple(node, SD.endpoint, endpoint)
    yield Triple(node, SD.supportedLanguage, SD.SPARQL11Query)
    if takes_updates:
        yield Triple(node, SD.supportedLanguage, SD.SPARQL11Update)
    if service.union_default_graph:
        yield Triple(node, SD.feature, SD.UnionDefaultGraph)
    for fmt in FORMATS:
        yield Triple(node, SD.resultFormat, NamedNode(fmt.iri))
    yield Triple(node, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    manifest = service.snapshot.manifest
    yield Triple(dataset, SD.defaultGraph, default)
    yield Triple(default, RDF.type, SD.Graph)
    in_default = manifest.quads if service.union_default_graph else manifest.graphs.get("DEFAULT", 0)
    yield Triple(default, VOID.triples, _number(in_default))
    yield Triple(node, SD.defaultEntailmentRegime, NamedNode(_REGIME))
    for index, (name, triples) in enumerate(sorted(manifest.graphs.items())):
        if name == "DEFAULT":
            continue
        named, graph = BlankNode(f"named{index}"), BlankNode(f"graph{index}")
        yield Triple(dataset, SD.namedGraph, named)
        yield Triple(named, RDF.type, SD.NamedGraph)
        yield Triple(named, SD.name, NamedNode(name))
        yield Triple(named, SD.graph, graph)
        yield Triple(graph, RDF.type, SD.Graph)
        yield Triple(graph, VOID.triples, _number(triples))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)
