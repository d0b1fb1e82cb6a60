"""The ontology at its own address: RDF/XML for OWL software, other RDF by negotiation, a page for people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MIMEAccept

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotAcceptable, NotFound
from digitech_kg.formats import Format, by_name
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import HTML, choose, parse_accept, prefers_page
from digitech_kg.web.ontology.data import load_ontology, load_ontology_page

#: RDF/XML first: Protégé and OWLAPI take it where they ask for nothing in particular.
_FORMATS = tuple(by_name(name) for name in ("rdfxml", "turtle", "jsonld", "ntriples"))


def ontology_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/ontology`, its modules and its versions."""
    blueprint = Blueprint("ontology", __name__)

    @blueprint.get("/ontology")
    def ontology() -> Response:
        return _respond(service)

    @blueprint.get("/ontology/<path:part>")
    def part(part: str) -> Response:
        document = load_ontology(service)
        if part not in document.parts:
            hint = f"There are: {', '.join(sorted(document.parts))}."
            raise NotFound(f"there is no module or version '{part}' of the ontology", hint=hint)
        return _respond(service, part)

    return blueprint


def _respond(service: QueryService, part: str = "") -> Response:
    document, language = load_ontology(service), current_language()
    accept, wanted = request.headers.get("Accept", ""), request.args.get("format")
    if wanted == "html" or (not wanted and prefers_page(accept)):
        page = load_ontology_page(service, language)
        shown = render_template("ontology.html", diagram=page.diagram, documentation=page.documentation)
        response = Response(shown, content_type=f"{HTML}; charset=utf-8")
    else:
        fmt = _format(accept, wanted)
        response = Response(document.serialize(fmt, part), content_type=fmt.content_type)
    response.headers["Vary"] = "Accept"
    response.set_etag(f"{document.version}-{part or 'all'}-{response.mimetype}-{language}")
    response.make_conditional(request)
    return response


def _format(accept: str, wanted: str | None) -> Format:
    """Give the format asked for by name, else the best of ours for the header; `*/*` is RDF/XML."""
    if wanted:
        named = choose("", wanted).graph
        if named in _FORMATS:
            return named
        accept = wanted
    elif not accept.strip():
        return _FORMATS[0]
    else:
        accepted = parse_accept(accept)
        ranked = [(_quality(accepted, fmt), -place, fmt) for place, fmt in enumerate(_FORMATS)]
        quality, _, fmt = max(ranked)
        if quality > 0:
            return fmt
    raise NotAcceptable(f"the ontology cannot be given as '{accept}'", available=[f.media_type for f in _FORMATS])


def _quality(accepted: MIMEAccept, fmt: Format) -> float:
    return max(accepted.quality(media_type) for media_type in (fmt.media_type, *fmt.aliases))
