"""`/disagreements` and `/compare`: where documents contradict each other, agree, or put a point more firmly."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML, JSON
from digitech_kg.web.comparing.files import FILES
from digitech_kg.web.comparing.reading import (
    COLUMNS,
    read_claims,
    read_disagreements,
    read_pair,
    read_side_by_side,
)
from digitech_kg.web.comparing.telling import kind_name, pair_title, sentences_of, state_name, tell_others, title_of
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.answers.citing import Notes, origin_at
from digitech_kg.web.pages.answers.pages import OFFICE, as_file
from digitech_kg.web.reading.addresses import data_links, iri_of, link_header
from digitech_kg.web.reading.reader import GraphReader

_READERS: Final[Mapping[str, Callable[[GraphReader, Mapping[str, str], str], Any]]] = {
    "comparing.disagreements": read_disagreements,
    "comparing.compare": read_side_by_side,
}


def comparing_blueprint(service: QueryService, cache: PageCache) -> Blueprint:
    """Return the blueprint of both pages; programs get what a page shows as JSON, at the same address."""
    blueprint = Blueprint("comparing", __name__)
    reader = GraphReader(service)

    @blueprint.before_request
    def answer_programs() -> Response | None:
        if request.endpoint not in _READERS or requested_format((HTML, JSON)) is HTML:
            return None
        view = _READERS[request.endpoint or ""](reader, request.args, current_language())
        return jsonify(dataclasses.asdict(view))

    cache.attach(blueprint)

    @blueprint.get("/disagreements")
    def disagreements() -> str:
        view = read_disagreements(reader, request.args, current_language())
        claims = read_claims(reader, view.pairs, current_language())
        others = tell_others(view.tally)
        return render_template("disagreements.html", view=view, claims=claims, others=others, kind_name=kind_name)

    @blueprint.get("/compare")
    def compare() -> str:
        view = read_side_by_side(reader, request.args, current_language())
        claims = read_claims(reader, view.pairs, current_language(), view.points)
        told = {"title": title_of(view), "sentences": sentences_of(view)}
        words = {"kind_name": kind_name, "state_name": state_name, "columns": COLUMNS}
        return render_template("compare.html", view=view, claims=claims, **told, **words)

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        iri = iri_of(f"comparison/{name}", reader.names)
        pair = read_pair(reader, iri, current_language())
        told = {"pair": pair, "title": pair_title(pair.kind), "kind_name": kind_name}
        claims = read_claims(reader, [pair], current_language())
        shown = render_template("comparison.html", claims=claims, **told, **data_links(iri, reader.names))
        response = make_response(shown)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    @blueprint.get(f"/compare.<any({', '.join(FILES)}):kind>")
    def download(kind: str) -> Response:
        view = read_side_by_side(reader, request.args, current_language())
        claims = read_claims(reader, view.pairs, current_language(), view.points)
        maker = Notes(reader, current_language(), list(claims.values()), {})
        notes = {iri: maker.make(claim) for iri, claim in claims.items()}
        asked = {column: request.args[column] for column in COLUMNS if column in request.args}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        content = FILES[kind](view, notes, origin_at(service, address))
        return as_file(content, OFFICE[kind], f"comparison.{kind}")

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return blueprint
