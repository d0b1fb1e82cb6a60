"""`/shapes`: the shapes as Turtle and other RDF, or as a page for people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import BASE
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.ontology.shapes_view import load_shapes
from digitech_kg.web.pages.resources import choose_data_format
from digitech_kg.web.reading.addresses import DATA_FORMATS
from digitech_kg.web.reading.names import Names
from digitech_kg.web.reading.reader import GraphReader


def shapes_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/shapes`, the document of `shapes#CompanyShape` and its like."""
    blueprint = Blueprint("shapes", __name__)

    @blueprint.get("/shapes")
    def shapes() -> Response:
        document = load_shapes(service.snapshot)
        fmt = choose_data_format(request.headers.get("Accept", ""), request.args.get("format"))
        if fmt is None:
            targets = {target for shape in document.shapes for target in shape.targets}
            names = Names(GraphReader(service), current_language(), targets)
            page = render_template("shapes.html", shapes=document.shapes, name=names.name, formats=DATA_FORMATS)
            response = Response(page)
        else:
            response = Response(document.serialize(fmt), content_type=fmt.content_type)
        response.vary.add("Accept")
        response.headers["Link"] = f'<{BASE}shapes>; rel="describes"'
        response.set_etag(f"{service.snapshot.version}-{current_language()}-{fmt.name if fmt else 'html'}", weak=True)
        response.make_conditional(request)
        return response

    return blueprint
