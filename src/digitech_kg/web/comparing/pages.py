"""`/disagreements` and `/compare`: where documents contradict each other, agree, or put a point more firmly."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML, JSON, TABLES, by_name
from digitech_kg.tables import to_xlsx
from digitech_kg.web.comparing.reading import (
    COLUMNS,
    comparison_table,
    read_claims,
    read_disagreements,
    read_side_by_side,
)
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.reading.documents import list_documents
from digitech_kg.web.reading.reader import GraphReader

_XLSX: Final = by_name("xlsx", TABLES)
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
        claims = read_claims(reader, view, current_language())
        return render_template("disagreements.html", view=view, claims=claims)

    @blueprint.get("/compare")
    def compare() -> str:
        view = read_side_by_side(reader, request.args, current_language())
        claims = read_claims(reader, view, current_language())
        documents = list_documents(reader, current_language())
        return render_template("compare.html", view=view, claims=claims, documents=documents, columns=COLUMNS)

    @blueprint.get("/compare.xlsx")
    def download() -> Response:
        view = read_side_by_side(reader, request.args, current_language())
        table = comparison_table(view, read_claims(reader, view, current_language()))
        response = Response(to_xlsx([table]), content_type=_XLSX.content_type)
        response.headers["Content-Disposition"] = 'attachment; filename="comparison.xlsx"'
        return response

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return blueprint
