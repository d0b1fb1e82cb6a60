"""Pages for people: the start page with the saved questions, and one page for the result of any query."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import CallError
from digitech_kg.web.catalog import find_question, list_questions
from digitech_kg.web.results import run_for_page


def pages_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of the start page, `/query/<name>` and `/results`."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def start() -> str:
        return render_template("start.html", questions=list_questions(service), manifest=service.snapshot.manifest)

    @blueprint.get("/query/<name>")
    def question(name: str) -> str:
        saved = find_question(service, name)
        return render_template("results.html", question=saved, result=run_for_page(service, saved.text))

    @blueprint.get("/results")
    def results() -> str | Response:
        query = request.args.get("query", "").strip()
        if not query:
            raise CallError("there is no query", hint="Open a saved question from the start page.")
        return render_template("results.html", question=None, result=run_for_page(service, query))

    return blueprint
