"""`/document/<name>`: the reading view."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.pages.document_view import view_document
from digitech_kg.web.pages.resources import choose_data_format, link_header
from digitech_kg.web.reading.addresses import data_of
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.text_copy import TextCopy


def documents_blueprint(service: QueryService, cache: PageCache, copy: TextCopy | None) -> Blueprint:
    """Give the blueprint of the reading view, with quotations if there is a copy of the text."""
    blueprint = Blueprint("documents", __name__)

    @blueprint.before_request
    def lead_programs_to_data() -> WerkzeugResponse | None:
        fmt = choose_data_format(request.headers.get("Accept", ""), request.args.get("format"))
        name = (request.view_args or {}).get("name", "")
        if fmt is None:
            return None
        response = redirect(data_of(PREFIXES["id"] + name, fmt), code=303)
        response.vary.add("Accept")
        return response

    cache.attach(blueprint)

    @blueprint.get("/document/<name>")
    def document(name: str) -> Response:
        view = view_document(GraphReader(service), name, current_language(), copy)
        response = make_response(render_template("document.html", view=view))
        response.headers["Link"] = link_header(PREFIXES["id"] + name)
        return response

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return blueprint
