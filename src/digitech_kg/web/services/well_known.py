"""What other programs look for under `/.well-known/`: the description of the dataset, and example queries.

Sources: VoID, section 7.1, https://www.w3.org/TR/void/#well-known; https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from werkzeug.wrappers import Response

from digitech_kg.description import DATASET, distribution_of
from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.errors import NotAcceptable
from digitech_kg.exports import KeptFiles
from digitech_kg.formats import Kind, by_name, of_kind
from digitech_kg.namespaces import DCAT, DCTERMS, PREFIXES, RDF, SPDX, XSD
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.about.snippets import safe_root
from digitech_kg.web.http.negotiation import choose

#: Everything of the catalogue but the texts of the saved questions, which have an address of their own.
_VOID = f"""
PREFIX dk: <{PREFIXES["dk"]}>
PREFIX graph: <{PREFIXES["graph"]}>
CONSTRUCT {{ ?s ?p ?o }}
WHERE {{
  GRAPH graph:catalog {{ ?s ?p ?o }}
  FILTER NOT EXISTS {{ ?s a dk:SavedQuestion }}
}}
"""
_EXAMPLES = f"""
PREFIX dcat: <{PREFIXES["dcat"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX dk: <{PREFIXES["dk"]}>
PREFIX graph: <{PREFIXES["graph"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX schema: <{PREFIXES["schema"]}>
PREFIX sh: <{PREFIXES["sh"]}>
PREFIX spex: <{PREFIXES["spex"]}>
CONSTRUCT {{
  ?question a ?type ;
    rdfs:comment ?label ;
    dcterms:description ?description ;
    ?form ?text ;
    spex:federatesWith ?other ;
    schema:keywords ?tag ;
    schema:target <%s> .
}}
WHERE {{
  VALUES ?form {{ sh:select sh:ask sh:construct }}
  GRAPH graph:catalog {{
    ?question a dk:SavedQuestion , ?type ;
      rdfs:label ?label ;
      dcterms:description ?description ;
      ?form ?text ;
      dcat:keyword ?tag .
    OPTIONAL {{ ?question spex:federatesWith ?other }}
  }}
  FILTER(?type != dk:SavedQuestion)
}}
"""


def well_known_blueprint(service: QueryService, *, public_url: str = "") -> Blueprint:
    """Give the blueprint of `/.well-known/void` and `/.well-known/sparql-examples`, in any RDF format."""
    blueprint = Blueprint("well_known", __name__)

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        return _graph(service, _VOID, more=tuple(_known_files(service.snapshot)))

    @blueprint.get("/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        return _graph(service, _EXAMPLES % f"{safe_root(public_url or request.url_root)}/sparql")

    return blueprint


def _known_files(snapshot: object) -> Iterator[Triple]:
    """When the snapshot was built, and size and checksum of the files that are written already.

    They cannot stand in the dataset, since the files hold it. Source: DCAT 3, sections 6.8.16 and 6.8.19.
    """
    if not isinstance(snapshot, Snapshot):
        return
    yield Triple(DATASET, DCTERMS.modified, Literal(snapshot.manifest.created, datatype=XSD.dateTime))
    for kept in KeptFiles(snapshot).found():
        part = distribution_of(DATASET, kept.download)
        checksum = NamedNode(part.value + "/checksum")
        yield Triple(part, DCAT.byteSize, Literal(str(kept.size), datatype=XSD.nonNegativeInteger))
        yield Triple(part, SPDX.checksum, checksum)
        yield Triple(checksum, RDF.type, SPDX.Checksum)
        yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield Triple(checksum, SPDX.checksumValue, Literal(kept.sha256, datatype=XSD.hexBinary))


def _graph(service: QueryService, query: str, *, more: tuple[Triple, ...] = ()) -> Response:
    choice = choose(request.headers.get("Accept", ""), request.args.get("format"))
    fmt = by_name("turtle") if choice.html else choice.graph
    if fmt is None:
        available = [f.media_type for f in of_kind(Kind.GRAPH)]
        raise NotAcceptable("no accepted media type can carry a graph", available=available)
    with service.query(QueryRequest(query, None, by_name("ntriples"))) as answer:
        found = {quad.triple for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
        version = answer.version
    body = serialize(sorted({*found, *more}, key=str), format=fmt.rdf, prefixes=PREFIXES)
    response = Response(body, content_type=fmt.content_type)
    response.headers["Dataset-Version"] = version
    response.headers["Vary"] = "Accept"
    return response
