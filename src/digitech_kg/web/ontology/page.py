"""The ontology at its own address: RDF/XML for OWL software, other RDF by negotiation, a page for people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML, by_name
from digitech_kg.messages import Message
from digitech_kg.namespaces import TERMS
from digitech_kg.ontology import list_alignments
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.ontology.data import load_ontology, load_ontology_page

#: RDF/XML first: Protégé and OWLAPI take it where they ask for nothing in particular.
_FORMATS = tuple(by_name(name) for name in ("rdfxml", "turtle", "jsonld", "ntriples"))


def ontology_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of `/ontology`, its modules and its versions."""
    blueprint = Blueprint("ontology", __name__)

    @blueprint.get("/ontology")
    def ontology() -> Response:
        return _respond(service)

    @blueprint.get("/ontology/<path:part>")
    def part(part: str) -> Response:
        document = load_ontology(service)
        if part not in document.parts:
            hint = Message("There are: {names}.", names=", ".join(sorted(document.parts)))
            what = Message("the ontology has no module or version '{name}'", name=part)
            raise NotFound(what, hint=hint)
        return _respond(service, part)

    return blueprint


def _respond(service: QueryService, part: str = "") -> Response:
    document, language = load_ontology(service), current_language()
    fmt = requested_format((*_FORMATS, HTML))
    if fmt is HTML and part.endswith("alignments"):
        response = Response(_alignments(service), content_type=HTML.content_type)
    elif fmt is HTML:
        page = load_ontology_page(service, language)
        shown = render_template("ontology.html", diagram=page.diagram, documentation=page.documentation)
        response = Response(shown, content_type=HTML.content_type)
    else:
        response = Response(document.serialize(fmt, part), content_type=fmt.content_type)
    response.headers["Vary"] = "Accept"
    response.set_etag(f"{document.version}-{part or 'all'}-{response.mimetype}-{language}")
    response.make_conditional(request)
    return response


def _alignments(service: QueryService) -> str:
    document, shorten = load_ontology(service), service.names.shorten
    rows = [
        {
            "anchor": row.term.removeprefix(TERMS),
            **{key: shorten(getattr(row, key)).strip("<>") for key in ("term", "relation", "other")},
            "address": row.other,
            "reason": row.reason,
        }
        for row in list_alignments(document.parts["alignments"])
    ]
    formats = [(fmt.name, fmt.media_type) for fmt in _FORMATS]
    return render_template("alignments.html", rows=rows, formats=formats)
