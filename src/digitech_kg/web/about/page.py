"""`/about`: what the dataset is, how much there is of what, how to cite and how to use it."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.web.about.citation import cite
from digitech_kg.web.about.conformance import read_score
from digitech_kg.web.about.dataset_markup import schema_org
from digitech_kg.web.about.snippets import list_snippets, safe_root
from digitech_kg.web.about.view import view_about
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import GraphReader


def about_blueprint(service: QueryService, cache: PageCache, *, public_url: str = "") -> Blueprint:
    """Return the blueprint of `/about`; snippets name `public_url`, or else the address that was asked."""
    blueprint = Blueprint("about", __name__)
    reader, score = GraphReader(service), read_score()
    cache.attach(blueprint)

    @blueprint.get("/about")
    def about() -> str:
        root = safe_root(public_url or request.url_root, reader.names.base)
        return render_template(
            "about.html",
            view=view_about(reader, service.snapshot.manifest, current_language()),
            # A citation is the same for readers of every language.
            citation=cite(read_metadata(reader), reader.names.base),
            snippets=list_snippets(reader, root),
            root=root,
            score=score,
            schema=schema_org(service),
        )

    return blueprint
