"""Linked data: an IRI of ours leads to a page or to data about it (Cool URIs, section 4.2; RFC 9110, 15.4.4)."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotAcceptable
from digitech_kg.formats import Format, by_name
from digitech_kg.namespaces import BASE
from digitech_kg.web.http.negotiation import HTML, parse_accept
from digitech_kg.web.reading.addresses import DATA_FORMATS, DESCRIBED, data_of, iri_of, page_of
from digitech_kg.web.reading.described import describe_resource

#: Named graphs and versions answer for themselves, at `graph_store` and `history`.
_KINDS = ", ".join(kind for kind in DESCRIBED if kind not in ("graph", "history"))


def resources_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/id/…` and the like, which answer 303, and of `/data/…`."""
    blueprint = Blueprint("resources", __name__)

    @blueprint.get(f"/<any({_KINDS}):kind>", defaults={"rest": ""})
    @blueprint.get(f"/<any({_KINDS}):kind>/<path:rest>")
    def resource(kind: str, rest: str) -> WerkzeugResponse:
        path = f"{kind}/{rest}" if rest else kind
        fmt = choose_data_format(request.headers.get("Accept", ""), request.args.get("format"))
        target = data_of(BASE + path, fmt) if fmt else url_for("browse.page", path=path, lang=request.args.get("lang"))
        response = redirect(target, code=303)
        response.vary.add("Accept")
        response.headers["Link"] = link_header(BASE + path)
        return response

    @blueprint.get("/data/<path:path>.<any(ttl, rdf, jsonld, nt):extension>")
    def data(path: str, extension: str) -> Response:
        iri, fmt = iri_of(path), by_name(extension, DATA_FORMATS)
        tag = hashlib.sha256(f"{service.snapshot.version} {iri} {extension}".encode()).hexdigest()[:20]
        if request.if_none_match.contains_weak(tag):
            response = Response(status=304)
        else:
            response = Response(describe_resource(service, iri, fmt), content_type=fmt.content_type)
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Link"] = f'<{iri}>; rel="describes", {link_header(iri)}'
        return response

    return blueprint


def choose_data_format(accept: str, wanted: str | None = None) -> Format | None:
    """Give the format of a description, or None for a page: the default, and what wins a tie.

    Raises `NotAcceptable` if the header fits neither, `CallError` for an unknown `wanted`.
    """
    if wanted:
        return None if wanted == "html" else by_name(wanted, DATA_FORMATS)
    if not accept.strip():
        return None
    accepted = parse_accept(accept)
    best = max(DATA_FORMATS, key=lambda fmt: max(accepted.quality(t) for t in (fmt.media_type, *fmt.aliases)))
    quality = max(accepted.quality(t) for t in (best.media_type, *best.aliases))
    if accepted.quality(HTML) <= 0 and quality <= 0:
        available = [HTML, *(fmt.media_type for fmt in DATA_FORMATS)]
        raise NotAcceptable(f"no description can be given as '{accept}'", available=available)
    return None if accepted.quality(HTML) >= quality else best


def link_header(iri: str) -> str:
    """Give the value of the Link header: the page and each format as alternates (RFC 8288)."""
    path = iri.removeprefix(BASE)
    page = page_of(iri) if path.startswith("history/") else url_for("browse.page", path=path, lang=None)
    links = [f'<{page}>; rel="alternate"; type="{HTML}"']
    links += [f'<{data_of(iri, fmt)}>; rel="alternate"; type="{fmt.media_type}"' for fmt in DATA_FORMATS]
    return ", ".join(links)
