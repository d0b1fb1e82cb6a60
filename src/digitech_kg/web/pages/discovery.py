"""What other programs look for: sitemap, description of the dataset, example queries, and whether the server answers.

Sources: VoID, section 7.1, https://www.w3.org/TR/void/#well-known; https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response, jsonify, url_for
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pyoxigraph import Literal, NamedNode, Triple, serialize

from digitech_kg.description import distribution_of
from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.formats import by_name
from digitech_kg.hooks import links_on
from digitech_kg.namespaces import DCAT, DCTERMS, RDF, SPDX, XSD, Namespaces
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.middleware import Metrics
from digitech_kg.web.http.negotiation import requested_graph_format
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: Addresses that one sitemap may hold (https://www.sitemaps.org/protocol.html).
_MOST_ADDRESSES = 50_000


def discovery_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the sitemap and of robots.txt."""
    blueprint = Blueprint("discovery", __name__)

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        # Every query has a page of its own: crawling those would only cost.
        closed = [
            url_for("sparql.sparql"),
            url_for("results.results"),
            url_for("search.search"),
            url_for("editor.known").removesuffix("known"),
        ]
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        lines.append(f"Sitemap: {url_for('discovery.sitemap', _external=True)}")
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/sitemap.xml")
    def sitemap() -> Response:
        return Response(write_sitemap(site.reader), content_type="application/xml; charset=utf-8")

    return blueprint


def write_sitemap(reader: GraphReader) -> str:
    """Return the addresses of the main pages and of all issues, topics, documents, things, claims and questions."""
    pages = (
        "places.start",
        "places.documents",
        "places.things",
        "places.data",
        "about.about",
        "claims.listing",
        "comparing.compare",
        "issues.matrix",
        "topics.board",
    )
    of_parts = (link.endpoint for link in links_on("navigation", reader.names))
    addresses = [url_for(page, _external=True) for page in (*pages, *of_parts)]
    addresses += [url_for("issues.issue", name=name, _external=True) for name in reader.book.issues]
    addresses += [url_for("topics.topic", name=name, _external=True) for name in reader.book.topics]
    documents = sorted(reader.book.documents)
    addresses += [url_for("documents.document", name=name, _external=True) for name in documents]
    for iri in reader.book.iter_pages(_MOST_ADDRESSES - len(addresses)):
        addresses.append(url_for("browse.page", path=iri.removeprefix(reader.names.base), _external=True))
    body = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</urlset>\n'
    )


#: Everything of the catalogue but the texts of the saved questions, which have an address of their own.
_VOID = """
CONSTRUCT { ?s ?p ?o }
WHERE {
  GRAPH graph:catalog { ?s ?p ?o }
  FILTER NOT EXISTS { ?s a dk:SavedQuestion }
}
"""
_EXAMPLES = """
CONSTRUCT {
  ?question a ?type ;
    rdfs:comment ?label ;
    dcterms:description ?description ;
    ?form ?text ;
    spex:federatesWith ?other ;
    schema:keywords ?tag ;
    schema:target $endpoint .
}
WHERE {
  VALUES ?form { sh:select sh:ask sh:construct }
  GRAPH graph:catalog {
    ?question a dk:SavedQuestion , ?type ;
      rdfs:label ?label ;
      dcterms:description ?description ;
      ?form ?text ;
      dcat:keyword ?tag .
    OPTIONAL { ?question spex:federatesWith ?other }
  }
  FILTER(?type != dk:SavedQuestion)
}
"""


def well_known_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/.well-known/void` and `/.well-known/sparql-examples`, in any RDF format."""
    blueprint, service, reader = Blueprint("well_known", __name__), site.service, site.reader

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        files = _known_files(service.snapshot, service.names)
        return _graph(reader.version, [*reader.triples(_VOID), *files], service.names)

    @blueprint.get("/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        endpoint = f"<{site.root}/sparql>"
        return _graph(reader.version, reader.triples(_EXAMPLES, endpoint=endpoint), service.names)

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
        checksum = NamedNode(part.value + "#checksum")
        yield Triple(part, DCAT.byteSize, Literal(str(kept.size), datatype=XSD.nonNegativeInteger))
        yield Triple(part, SPDX.checksum, checksum)
        yield Triple(checksum, RDF.type, SPDX.Checksum)
        yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield Triple(checksum, SPDX.checksumValue, Literal(kept.sha256, datatype=XSD.hexBinary))


def _graph(version: str, triples: Iterable[Triple], names: Namespaces) -> Response:
    fmt = requested_graph_format()
    body = serialize(sorted(set(triples), key=str), format=fmt.rdf, prefixes=dict(names.prefixes))
    headers = {"Dataset-Version": version, "Vary": "Accept"}
    return Response(body, content_type=fmt.content_type, headers=headers)


def health_blueprint(service: QueryService, metrics: Metrics) -> Blueprint:
    """Return the blueprint of `/healthz` (the process answers), `/readyz` (the engine does) and `/metrics`."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", version=service.snapshot.version)

    @blueprint.get("/readyz")
    def readyz() -> Response:
        with service.query(QueryRequest("ASK {}", by_name("json"), None), timeout_s=5) as answer:
            return jsonify(status="ready", version=answer.version)

    @blueprint.get("/metrics")
    def prometheus() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint
