"""Linked data: an IRI of ours leads to a page or to data about it (Cool URIs, section 4.2; RFC 9110, 15.4.4)."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML, by_name
from digitech_kg.namespaces import Namespaces
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.addresses import (
    DATA_FORMATS,
    DESCRIBED,
    PAGE_OR_DATA,
    data_of,
    iri_of,
    nothing_about,
    page_of,
)
from digitech_kg.web.reading.described import describe_resource
from digitech_kg.web.reading.reader import GraphReader, node

#: Named graphs and versions answer for themselves, at `graph_store` and `history`.
_KINDS = ", ".join(kind for kind in DESCRIBED if kind not in ("graph", "history"))


def resources_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of `/id/…` and the like, which answer 303, and of `/data/…`."""
    blueprint = Blueprint("resources", __name__)
    reader = GraphReader(service)

    @blueprint.get(f"/<any({_KINDS}):kind>", defaults={"rest": ""})
    @blueprint.get(f"/<any({_KINDS}):kind>/<path:rest>")
    def resource(kind: str, rest: str) -> WerkzeugResponse:
        path = f"{kind}/{rest}" if rest else kind
        iri, names = reader.names.base + path, reader.names
        fmt = requested_format(PAGE_OR_DATA)
        if not reader.ask(browse_queries.IS_KNOWN, this=node(iri)):
            raise nothing_about(path)
        page = url_for("browse.page", path=path, lang=request.args.get("lang"))
        target = page if fmt is HTML else data_of(iri, fmt, names)
        response = redirect(target, code=303)
        response.vary.add("Accept")
        response.headers["Link"] = link_header(iri, names)
        return response

    @blueprint.get("/data/<path:path>.<any(ttl, rdf, jsonld, nt):extension>")
    def data(path: str, extension: str) -> Response:
        iri, fmt = iri_of(path, reader.names), by_name(extension, DATA_FORMATS)
        tag = hashlib.sha256(f"{service.snapshot.version} {iri} {extension}".encode()).hexdigest()[:20]
        if request.if_none_match.contains_weak(tag):
            response = Response(status=304)
        else:
            response = Response(describe_resource(service, iri, fmt), content_type=fmt.content_type)
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Link"] = f'<{iri}>; rel="describes", {link_header(iri, reader.names)}'
        return response

    return blueprint


def link_header(iri: str, names: Namespaces) -> str:
    """Return the value of the Link header: the page and each format as alternates (RFC 8288)."""
    path = iri.removeprefix(names.base)
    page = page_of(iri, names) if path.startswith("history/") else url_for("browse.page", path=path, lang=None)
    links = [f'<{page}>; rel="alternate"; type="{HTML.media_type}"']
    links += [f'<{data_of(iri, fmt, names)}>; rel="alternate"; type="{fmt.media_type}"' for fmt in DATA_FORMATS]
    return ", ".join(links)
