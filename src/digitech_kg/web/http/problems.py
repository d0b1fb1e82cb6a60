"""Every error as one shape: a problem document (RFC 9457), or the same content as a page."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from digitech_kg.errors import Busy, DigitechError, InternalError, InvalidData, NotReady
from digitech_kg.web.http.negotiation import HTML
from digitech_kg.web.http.reports import report_response
from digitech_kg.web.http.wordings import say

PROBLEM = "application/problem+json"
#: Where in a request's environment an error stands that it is to be answered with.
REFUSED = "digitech_kg.refused"
_LOG = logging.getLogger("digitech_kg.web")


def problem_document(error: DigitechError) -> dict[str, Any]:
    """Give the members of the problem document of an error."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
    }
    if error.hint:
        document["hint"] = error.hint
    return {**document, **error.extra()}


def problem_headers(error: DigitechError) -> dict[str, str]:
    """Give the headers that go with an error's status."""
    if isinstance(error, Busy | NotReady):
        return {"Retry-After": str(error.retry_after_s)}
    challenge = getattr(error, "challenge", None)
    return {"WWW-Authenticate": challenge} if challenge else {}


def incident(error: Exception) -> InternalError:
    """Log an error that nobody expected, and give the one that tells the client where to find it."""
    number = uuid.uuid4().hex[:12]
    _LOG.error("incident %s", number, exc_info=error)
    return InternalError(f"The server met an error that it did not expect; its log has it under {number}.")


def register_error_handlers(app: Flask, *, suggest: Callable[[str], object] = lambda _: None) -> None:
    """Turn errors of ours, of HTTP and of the program into problem documents or pages.

    The page of an address that leads nowhere shows what `suggest` finds for its path.
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
        document = {"type": "about:blank", "title": error.name, "status": status, "detail": error.description or ""}
        # Such as the methods allowed, or the length of what a range was asked of.
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return _respond(document, headers)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        return known(incident(error))


def _respond(document: dict[str, Any], headers: dict[str, str]) -> Response:
    accepted = request.accept_mimetypes
    if accepted.best_match([PROBLEM, HTML]) == HTML and accepted[HTML] > accepted[PROBLEM]:
        meant = current_app.extensions["suggest"](request.path) if document["status"] == 404 else None
        text = render_template("problem.html", problem=document, meant=meant, say=say)
        content_type = f"{HTML}; charset=utf-8"
    else:
        text, content_type = json.dumps(document, ensure_ascii=False), PROBLEM
    # What a client sent and the error names may hold half of a pair of surrogates, which no encoding writes.
    body = text.encode("utf-8", "replace")
    response = Response(body, status=document["status"], content_type=content_type, headers=headers)
    response.headers["Vary"] = "Accept"
    return response
