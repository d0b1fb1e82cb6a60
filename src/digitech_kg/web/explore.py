"""`/matrix`, `/timeline`, `/coverage`: tables and drawings made on the server."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.web.languages import current_language
from digitech_kg.web.overviews import MATRICES, view_coverage, view_matrix, view_timeline
from digitech_kg.web.page_cache import PageCache
from digitech_kg.web.reader import GraphReader


def explore_blueprint(service: QueryService, cache: PageCache) -> Blueprint:
    """Give the blueprint of the overviews."""
    blueprint = Blueprint("explore", __name__)
    reader = GraphReader(service)
    cache.attach(blueprint)

    @blueprint.get("/matrix")
    def matrix() -> str:
        view = view_matrix(reader, request.args.get("of", "technologies"), current_language())
        return render_template("matrix.html", matrix=view, matrices=tuple(MATRICES))

    @blueprint.get("/timeline")
    def timeline() -> str:
        return render_template("timeline.html", timeline=view_timeline(reader, current_language()))

    @blueprint.get("/coverage")
    def coverage() -> str:
        return render_template("coverage.html", coverage=view_coverage(reader, current_language()))

    return blueprint
