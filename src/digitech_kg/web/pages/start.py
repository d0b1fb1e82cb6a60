"""Pages for people: the start page, the saved questions, and one page for the result of any query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from digitech_kg.engine import QueryService
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.http.assets import script_address
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.pages.answers.pages import render_answer
from digitech_kg.web.pages.start_view import view_start
from digitech_kg.web.reading.advice import advise_on
from digitech_kg.web.reading.catalog import list_questions
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.results import run_for_page

#: Tag of the questions that the start page begins with.
_FIRST: Final = "start"


def pages_blueprint(service: QueryService, cache: PageCache, copies: Mapping[str, TextCopy]) -> Blueprint:
    """Return the blueprint of the start page and `/page/query/<name>`."""
    blueprint = Blueprint("pages", __name__)
    reader = GraphReader(service)
    cache.attach(blueprint)

    @blueprint.get("/")
    def start() -> str:
        questions = list_questions(service, current_language())
        return render_template(
            "start.html",
            view=view_start(reader, current_language()),
            first=[question for question in questions if _FIRST in question.tags],
            questions=[question for question in questions if not question.endpoints],
            script=script_address("suggest"),
        )

    @blueprint.get("/page/query/<name>")
    def question(name: str) -> str:
        return render_answer(service, name, copies)

    return blueprint


def results_blueprint(service: QueryService, clients: ClientLimits) -> Blueprint:
    """Return the blueprint of `/results`, whose pages are as many as there are queries and are not kept.

    Its queries count to the client like those of the endpoint.
    """
    blueprint = Blueprint("results", __name__)

    @blueprint.get("/results")
    def results() -> str | Response:
        query = request.args.get("query", "").strip()
        if not query:
            return redirect(url_for("sparql.sparql"), code=303)
        with clients.admit(request.remote_addr or "") as client:
            result = run_for_page(service, query, current_language(), client=client)
        return render_template(
            "results.html", advice=advise_on(GraphReader(service), query), result=result, script=script_address("views")
        )

    return blueprint
