"""Pages of things, claims, passages, documents and graphs: `/page/…`."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import BASE
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.pages.claim_page import view_claim, view_passage
from digitech_kg.web.pages.discovery import describe_for_crawlers
from digitech_kg.web.pages.resources import link_header
from digitech_kg.web.pages.thing_view import view_thing
from digitech_kg.web.reading.addresses import DATA_FORMATS, data_of, iri_of, page_of
from digitech_kg.web.reading.parts import part_wanted
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.text_copy import TextCopy


def browse_blueprint(service: QueryService, cache: PageCache, copy: TextCopy | None) -> Blueprint:
    """Give the blueprint of `/page/…`; passages are quoted if there is a copy of the text."""
    blueprint = Blueprint("browse", __name__)
    reader = GraphReader(service)
    cache.attach(blueprint)

    @blueprint.get("/page/<path:path>")
    def page(path: str) -> WerkzeugResponse:
        iri = iri_of(path)
        match path.split("/", 1)[0]:
            case "history":
                return redirect(page_of(iri) or "", code=303)
            case "claim":
                shown = render_template("claim.html", page=view_claim(reader, iri, current_language()), **_data(iri))
            case "passage":
                view = view_passage(reader, iri, current_language(), copy)
                shown = render_template("passage.html", page=view, **_data(iri))
            case _:
                thing = view_thing(reader, iri, current_language(), part_wanted())
                shown = render_template("thing.html", thing=thing, schema=describe_for_crawlers(thing), **_data(iri))
        return _with_links(shown, iri)

    return blueprint


def _data(iri: str) -> dict[str, object]:
    """Give what every page of a resource shows beside its content: its IRI, its data, its address."""
    downloads = [(fmt, data_of(iri, fmt)) for fmt in DATA_FORMATS]
    return {
        "iri": iri,
        "downloads": downloads,
        "canonical": url_for("browse.page", path=iri.removeprefix(BASE), lang=None, _external=True),
    }


def _with_links(page: str, iri: str) -> Response:
    response = make_response(page)
    response.headers["Link"] = link_header(iri)
    return response
