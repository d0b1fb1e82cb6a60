"""`/document/<name>`: the reading view, and how the document argues."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.authoring import TextCopy
from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML
from digitech_kg.messages import Message
from digitech_kg.web.http.assets import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.pages.argument import view_argument
from digitech_kg.web.pages.document_view import DENSITIES, view_document
from digitech_kg.web.pages.firmness import read_filter
from digitech_kg.web.pages.resources import link_header
from digitech_kg.web.reading.addresses import PAGE_OR_DATA, data_of
from digitech_kg.web.reading.documents import find_document
from digitech_kg.web.reading.reader import GraphReader


def documents_blueprint(service: QueryService, cache: PageCache, copies: Mapping[str, TextCopy]) -> Blueprint:
    """Return the blueprint of the reading view, with quotations of documents of which there is a copy."""
    blueprint = Blueprint("documents", __name__)
    reader = GraphReader(service)

    @blueprint.before_request
    def lead_programs_to_data() -> WerkzeugResponse | None:
        fmt = requested_format(PAGE_OR_DATA)
        name = (request.view_args or {}).get("name", "")
        if fmt is HTML:
            return None
        response = redirect(data_of(find_document(reader, name), fmt, reader.names), code=303)
        response.vary.add("Accept")
        return response

    cache.attach(blueprint)

    @blueprint.get("/document/<name>")
    def document(name: str) -> Response:
        density = request.args.get("claims", "")
        if density and density not in DENSITIES:
            hint = Message("There are: {names}.", names=", ".join(DENSITIES))
            raise NotFound(Message("there are no claims of the kind '{name}'", name=density[:60]), hint=hint)
        view = view_document(
            reader,
            name,
            current_language(),
            density=density,
            wanted=read_filter(reader, {**request.args, "document": name}),
            copy=copies.get(name),
        )
        response = make_response(render_template("document.html", view=view, script=script_address("own_copy")))
        response.headers["Link"] = link_header(view.entry.about.iri, reader.names)
        return response

    @blueprint.get("/document/<name>/argument")
    def argument(name: str) -> str:
        return render_template("argument.html", view=view_argument(reader, name, current_language()))

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return blueprint
