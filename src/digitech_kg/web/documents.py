"""`/document/<name>`: the reading view."""

from __future__ import annotations

from flask import Blueprint, render_template

from digitech_kg.engine import QueryService
from digitech_kg.web.document_view import view_document
from digitech_kg.web.languages import current_language
from digitech_kg.web.page_cache import PageCache
from digitech_kg.web.reader import GraphReader
from digitech_kg.web.text_copy import TextCopy


def documents_blueprint(service: QueryService, cache: PageCache, copy: TextCopy | None) -> Blueprint:
    """Give the blueprint of the reading view, with quotations if there is a copy of the text."""
    blueprint = Blueprint("documents", __name__)
    cache.attach(blueprint)

    @blueprint.get("/document/<name>")
    def document(name: str) -> str:
        view = view_document(GraphReader(service), name, current_language(), copy)
        return render_template("document.html", view=view)

    return blueprint
