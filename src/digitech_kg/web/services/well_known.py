"""What other programs look for under `/.well-known/`: the description of the dataset, and example queries.

Sources: VoID, section 7.1, https://www.w3.org/TR/void/#well-known; https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from werkzeug.wrappers import Response

from digitech_kg.description import distribution_of
from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.formats import by_name
from digitech_kg.namespaces import DCAT, DCTERMS, DK, RDF, RDFS, SCHEMA, SH, SPDX, SPEX, XSD, Namespaces
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.about.snippets import safe_root
from digitech_kg.web.http.negotiation import requested_graph_format

#: Everything of the catalogue but the texts of the saved questions, which have an address of their own.
_VOID = f"""
CONSTRUCT {{ ?s ?p ?o }}
WHERE {{
  GRAPH {{catalog}} {{ ?s ?p ?o }}
  FILTER NOT EXISTS {{ ?s a {DK.SavedQuestion} }}
}}
"""
_EXAMPLES = f"""
CONSTRUCT {{
  ?question a ?type ;
    {RDFS.comment} ?label ;
    {DCTERMS.description} ?description ;
    ?form ?text ;
    {SPEX.federatesWith} ?other ;
    {SCHEMA.keywords} ?tag ;
    {SCHEMA.target} {{endpoint}} .
}}
WHERE {{
  VALUES ?form {{ {SH.select} {SH.ask} {SH.construct} }}
  GRAPH {{catalog}} {{
    ?question a {DK.SavedQuestion} , ?type ;
      {RDFS.label} ?label ;
      {DCTERMS.description} ?description ;
      ?form ?text ;
      {DCAT.keyword} ?tag .
    OPTIONAL {{ ?question {SPEX.federatesWith} ?other }}
  }}
  FILTER(?type != {DK.SavedQuestion})
}}
"""


def well_known_blueprint(service: QueryService, *, public_url: str = "") -> Blueprint:
    """Return the blueprint of `/.well-known/void` and `/.well-known/sparql-examples`, in any RDF format."""
    blueprint = Blueprint("well_known", __name__)

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        query = _VOID.replace("{catalog}", str(service.names.graphs.catalog))
        return _graph(service, query, more=tuple(_known_files(service.snapshot, service.names)))

    @blueprint.get("/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        endpoint = f"<{safe_root(public_url or request.url_root, service.names.base)}/sparql>"
        query = _EXAMPLES.replace("{catalog}", str(service.names.graphs.catalog))
        return _graph(service, query.replace("{endpoint}", endpoint))

    return blueprint


def _known_files(snapshot: object, names: Namespaces) -> Iterator[Triple]:
    """When the snapshot was built, and size and checksum of the files that are written already.

    They cannot stand in the dataset, since the files hold it. Source: DCAT 3, sections 6.8.16 and 6.8.19.
    """
    if not isinstance(snapshot, Snapshot):
        return
    yield Triple(names.dataset, DCTERMS.modified, Literal(snapshot.manifest.created, datatype=XSD.dateTime))
    for kept in KeptFiles(snapshot).found():
        part = distribution_of(kept.download, names)
        checksum = NamedNode(part.value + "/checksum")
        yield Triple(part, DCAT.byteSize, Literal(str(kept.size), datatype=XSD.nonNegativeInteger))
        yield Triple(part, SPDX.checksum, checksum)
        yield Triple(checksum, RDF.type, SPDX.Checksum)
        yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield Triple(checksum, SPDX.checksumValue, Literal(kept.sha256, datatype=XSD.hexBinary))


def _graph(service: QueryService, query: str, *, more: tuple[Triple, ...] = ()) -> Response:
    fmt = requested_graph_format()
    with service.query(QueryRequest(query, None, by_name("ntriples"))) as answer:
        found = {quad.triple for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
        version = answer.version
    body = serialize(sorted({*found, *more}, key=str), format=fmt.rdf, prefixes=dict(service.names.prefixes))
    response = Response(body, content_type=fmt.content_type)
    response.headers["Dataset-Version"] = version
    response.headers["Vary"] = "Accept"
    return response
