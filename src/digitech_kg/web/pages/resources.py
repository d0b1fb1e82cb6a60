"""Linked data: an IRI of the project leads to a page or to data about it. Also the addresses that crawlers ask for.

`/id/…` and the like answer 303 and lead to `/page/…` for people and to `/data/…` for programs. Sources: Cool URIs,
section 4.2; RFC 9110, 15.4.4; VoID, section 7.1; https://github.com/sib-swiss/sparql-examples
"""

from collections.abc import Iterable

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pyoxigraph import Literal, NamedNode, Quad, Triple
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine.request import QueryRequest, QueryService
from digitech_kg.formats import Format, Kind, by_name
from digitech_kg.namespaces import DCTERMS, XSD
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.middleware import Metrics
from digitech_kg.web.http.negotiation import requested_graph_format
from digitech_kg.web.pages.citing import BIBTEX, to_bibtex
from digitech_kg.web.pages.claim_page import view_claim
from digitech_kg.web.pages.documents import view_passage
from digitech_kg.web.pages.kept import as_file
from digitech_kg.web.pages.thing_view import view_thing
from digitech_kg.web.reading.addresses import (
    DATA_FORMATS,
    DESCRIBED,
    HAVE_PAGES,
    iri_of,
    lead_to_data,
    link_header,
    nothing_about,
    page_of,
    resource_page,
)
from digitech_kg.web.reading.reader import PAGE_QUERIES, GraphReader, node, write_rdf
from digitech_kg.web.site import Site

#: Named graphs, and what has a page of its own, answer for themselves.
_KINDS = ", ".join(kind for kind in DESCRIBED if kind not in ("graph", *HAVE_PAGES))


def _resources_pages(site: Site) -> Blueprint:
    """Return the blueprint of `/id/…` and the like, which answer 303, of `/data/…`, and of what programs look for."""
    blueprint = site.blueprint("resources", __name__, is_negotiated=True)
    service, names = site.service, site.service.names

    @blueprint.get(f"/<any({_KINDS}):kind>", defaults={"rest": ""})
    @blueprint.get(f"/<any({_KINDS}):kind>/<path:rest>")
    def resource(kind: str, rest: str) -> WerkzeugResponse:
        path = f"{kind}/{rest}" if rest else kind
        iri = names.base + path
        if not service.book().is_known(iri):
            raise nothing_about(service.book(), iri)
        # What a saved question is asked of goes on to its page.
        page, asked = url_for("browse.page", path=path).partition("?")[0], request.query_string.decode("latin-1")
        response = lead_to_data(service) or redirect(f"{page}?{asked}" if asked else page, code=303)
        response.headers["Link"] = link_header(iri, names)
        return response

    @blueprint.get("/data/<path:path>.<any(ttl, rdf, jsonld, nt, trig, nq):extension>")
    def data(path: str, extension: str) -> Response:
        reader, iri, fmt = site.reader, iri_of(path, names), by_name(extension, DATA_FORMATS)
        response = Response(describe_resource(reader, iri, fmt), content_type=fmt.content_type)
        response.headers["Link"] = f'<{iri}>; rel="describes", {link_header(iri, names)}'
        return response

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        # Every query has a page of its own: crawling those would only cost.
        paths = ("/sparql", "/results", "/search", "/editor/")
        lines = "".join(f"Disallow: {request.script_root}{path}\n" for path in paths)
        return Response(f"User-agent: *\n{lines}", content_type="text/plain; charset=utf-8")

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        reader, snapshot, told = site.reader, service.snapshot, site.reader.triples(PAGE_QUERIES["catalog"])
        if isinstance(snapshot, Snapshot):
            # This cannot stand in the version: equal data would give unequal ones.
            created = Literal(snapshot.manifest.created, datatype=XSD.dateTime)
            told.append(Triple(names.dataset, DCTERMS.modified, created))
        return rdf_response(reader, told)

    @blueprint.get("/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        endpoint = f"<{site.root}/sparql>"
        return rdf_response(site.reader, site.reader.triples(PAGE_QUERIES["examples"], endpoint=endpoint))

    return blueprint


def _browse_pages(site: Site) -> Blueprint:
    """Return the blueprint of `/page/…`; passages are quoted where there is a copy of the text."""
    blueprint = site.blueprint("browse", __name__)

    @blueprint.get("/page/<path:path>")
    def page(path: str) -> WerkzeugResponse:
        reader, names = site.reader, site.service.names
        iri = iri_of(path, names)
        kind, _slash, rest = path.partition("/")
        if kind in HAVE_PAGES:
            return redirect(page_of(iri, names) or "", code=303)
        match kind:
            case "claim":
                return resource_page("claim.html", iri, names, page=view_claim(reader, iri), path=rest)
            case "passage":
                return resource_page("passage.html", iri, names, page=view_passage(reader, iri))
            case _:
                return resource_page("thing.html", iri, names, thing=view_thing(reader, iri))

    @blueprint.get("/page/claim/<path:path>/cite.bib")
    def cite(path: str) -> Response:
        page = view_claim(site.reader, iri_of(f"claim/{path}", site.service.names))
        return as_file(to_bibtex(page["references"]), BIBTEX, f"{path.rsplit('/', 1)[-1]}.bib")

    return blueprint


def describe_resource(reader: GraphReader, iri: str, fmt: Format) -> bytes:
    """Return the description of a resource with the project's prefixes, in named graphs if the format is for them.

    Raises `NotFound` if the graph holds nothing about it.
    """
    found = reader.quads(PAGE_QUERIES["description"], this=node(iri))
    if not found:
        raise nothing_about(reader.book, iri)
    if fmt.kind is not Kind.DATASET:
        found = {Quad(*quad.triple) for quad in found}
    ordered = sorted(found, key=lambda quad: (str(quad.graph_name), quad.subject != NamedNode(iri), str(quad)))
    return write_rdf(ordered, fmt, reader.names)


def rdf_response(reader: GraphReader, triples: Iterable[Triple]) -> Response:
    """Return triples in the format that the request asks for, tagged by the version."""
    fmt = requested_graph_format()
    return Response(write_rdf(sorted(set(triples), key=str), fmt, reader.names), content_type=fmt.content_type)


def blueprints(site: Site) -> tuple[Blueprint, ...]:
    return _resources_pages(site), _browse_pages(site)


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
