"""Every error as one shape: a problem document (RFC 9457), or the same content as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from digitech_kg.errors import DigitechError, InvalidData
from digitech_kg.formats import HTML, PROBLEM
from digitech_kg.web.http.languages import asked_language, localize
from digitech_kg.web.http.negotiation import best_format
from digitech_kg.web.http.problem_documents import incident, problem_document, problem_headers
from digitech_kg.web.http.reports import report_response

_TEXTS: Final = frozenset(("title", "detail", "hint"))


def register_error_handlers(app: Flask, *, suggest: Callable[[str], object] = lambda _: None) -> None:
    """Answer all errors, expected or not, with a problem document or a page.

    The page for an unknown address shows what `suggest` finds for its path.
    """
    app.extensions["suggest"] = suggest

    @app.errorhandler(InvalidData)
    def invalid(error: InvalidData) -> Response:
        return report_response(error) or known(error)

    @app.errorhandler(DigitechError)
    def known(error: DigitechError) -> Response:
        return _respond(problem_document(error), problem_headers(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        document = {
            "type": "about:blank",
            "title": error.name,
            "status": status,
            "code": error.name.lower().replace(" ", "-"),
            "detail": error.description or "",
        }
        # Such as the methods allowed, or the length of what a range was asked of.
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return _respond(document, headers)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        return known(incident(error))


def _respond(document: dict[str, Any], headers: dict[str, str]) -> Response:
    if best_format(request.headers.get("Accept", ""), (PROBLEM, HTML)) is HTML:
        meant = current_app.extensions["suggest"](request.path) if document["status"] == 404 else None
        text = render_template("problem.html", problem=document, meant=meant)
        content_type = HTML.content_type
    else:
        if asked_language():
            document |= {
                name: localize(str(document[name]), title=name == "title").text for name in _TEXTS & document.keys()
            }
        text, content_type = json.dumps(document, ensure_ascii=False), PROBLEM.media_type
    # What a client sent and the error names may hold half of a pair of surrogates, which no encoding writes.
    body = text.encode("utf-8", "replace")
    response = Response(body, status=document["status"], content_type=content_type, headers=headers)
    response.headers["Vary"] = "Accept"
    return response
