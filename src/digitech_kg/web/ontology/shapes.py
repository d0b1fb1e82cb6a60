"""`/shapes`: the shapes as Turtle and other RDF, or as a page for people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML
from digitech_kg.namespaces import SHAPES
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.ontology.shapes_view import load_shapes
from digitech_kg.web.reading.addresses import DATA_FORMATS, PAGE_OR_DATA
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader


def shapes_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of `/shapes`, the document of `shapes#CompanyShape` and its like."""
    blueprint = Blueprint("shapes", __name__)
    reader = GraphReader(service)

    @blueprint.get("/shapes")
    def shapes() -> Response:
        document = load_shapes(service.snapshot, reader.names)
        fmt = requested_format(PAGE_OR_DATA)
        if fmt is HTML:
            targets = {target for shape in document.shapes for target in shape.targets}
            labels = Labels(reader, current_language(), targets)
            page = render_template("shapes.html", shapes=document.shapes, name=labels.name, formats=DATA_FORMATS)
            response = Response(page)
        else:
            response = Response(document.serialize(fmt), content_type=fmt.content_type)
        response.vary.add("Accept")
        response.headers["Link"] = f'<{SHAPES.rstrip("#")}>; rel="describes"'
        response.set_etag(f"{service.snapshot.version}-{current_language()}-{fmt.name}", weak=True)
        response.make_conditional(request)
        return response

    return blueprint
