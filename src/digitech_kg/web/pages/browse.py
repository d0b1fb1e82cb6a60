"""Pages of things, claims, passages, documents and graphs: `/page/…`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.authoring import TextCopy
from digitech_kg.engine import QueryService
from digitech_kg.namespaces import Namespaces
from digitech_kg.web.http.assets import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.pages.answers.citing import BIBLIOGRAPHIES
from digitech_kg.web.pages.answers.files import origin_at
from digitech_kg.web.pages.claim_markup import claim_markup
from digitech_kg.web.pages.claim_page import view_claim
from digitech_kg.web.pages.discovery import describe_for_crawlers
from digitech_kg.web.pages.passage_page import view_passage
from digitech_kg.web.pages.resources import link_header
from digitech_kg.web.pages.thing_view import view_thing
from digitech_kg.web.reading.addresses import DATA_FORMATS, data_of, iri_of, page_of
from digitech_kg.web.reading.parts import part_wanted
from digitech_kg.web.reading.reader import GraphReader

_CITED: Final = {kind.ending: kind for kind in BIBLIOGRAPHIES}


def browse_blueprint(service: QueryService, cache: PageCache, copies: Mapping[str, TextCopy]) -> Blueprint:
    """Return the blueprint of `/page/…`; passages of documents of which there is a copy are quoted."""
    blueprint = Blueprint("browse", __name__)
    reader = GraphReader(service)
    cache.attach(blueprint)

    @blueprint.get("/page/<path:path>")
    def page(path: str) -> WerkzeugResponse:
        iri = iri_of(path, reader.names)
        match path.split("/", 1)[0]:
            case "history":
                return redirect(page_of(iri, reader.names) or "", code=303)
            case "claim":
                view = view_claim(reader, iri, current_language(), copies)
                data = data_links(iri, reader.names)
                markup = claim_markup(reader, view.claim, str(data["canonical"]), current_language())
                nanopub = f"/nanopub/{path.removeprefix('claim/')}"
                data |= {
                    "path": path.removeprefix("claim/"),
                    "origin": origin_at(service, iri),
                    "bibliographies": BIBLIOGRAPHIES,
                }
                script = script_address("copy")
                shown = render_template("claim.html", page=view, schema=markup, nanopub=nanopub, script=script, **data)
            case "passage":
                passage = view_passage(reader, iri, current_language(), copies)
                shown = render_template("passage.html", page=passage, **data_links(iri, reader.names))
            case _:
                thing = view_thing(reader, iri, current_language(), part_wanted())
                shown = render_template(
                    "thing.html",
                    thing=thing,
                    schema=describe_for_crawlers(reader, thing),
                    **data_links(iri, reader.names),
                )
        response = make_response(shown)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    @blueprint.get(f"/page/claim/<path:path>/cite.<any({', '.join(f'{ending!r}' for ending in _CITED)}):ending>")
    def cite(path: str, ending: str) -> Response:
        iri, kind = iri_of(f"claim/{path}", reader.names), _CITED[ending]
        view = view_claim(reader, iri, current_language(), copies)
        response = Response(kind.write(view.references(origin_at(service, iri))), content_type=kind.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{path.rsplit("/", 1)[-1]}.{ending}"'
        return response

    return blueprint


def data_links(iri: str, names: Namespaces) -> dict[str, object]:
    """Return what every page of a resource shows beside its content: its IRI, its data, its address."""
    downloads = [(fmt, data_of(iri, fmt, names)) for fmt in DATA_FORMATS]
    return {
        "iri": iri,
        "downloads": downloads,
        "canonical": url_for("browse.page", path=iri.removeprefix(names.base), lang=None, _external=True),
    }
