"""Every error as one shape: a problem document (RFC 9457), or the same content as a page."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from digitech_kg.errors import Busy, DigitechError, InternalError, InvalidData, NotReady
from digitech_kg.formats import HTML, JSON, PROBLEM, TEXT, by_name
from digitech_kg.validation import Report
from digitech_kg.web.http.negotiation import best_format

#: Where a request's environment holds the error to answer it with.
REFUSED: Final = "digitech_kg.refused"
_LOG = logging.getLogger("digitech_kg.web")


def problem_document(error: DigitechError) -> dict[str, Any]:
    """Return the members of the problem document of an error."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if error.hint:
        document["hint"] = error.hint
    return {**document, **error.extra()}


def problem_headers(error: DigitechError) -> dict[str, str]:
    """Return the headers that go with an error's status."""
    if isinstance(error, Busy | NotReady):
        return {"Retry-After": str(error.retry_after_s)}
    challenge = getattr(error, "challenge", None)
    return {"WWW-Authenticate": challenge} if challenge else {}


@dataclass
class Reply:
    """The answer to a request outside Flask; `close` is called when the body was sent or the client is gone."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    close: Callable[[], None] = lambda: None
    #: For the log: outcome, bytes, rows and so on.
    outcome: dict[str, object] = field(default_factory=dict)


def problem_reply(error: DigitechError) -> Reply:
    """Return the problem document of an error as a reply."""
    body = json.dumps(problem_document(error), ensure_ascii=False).encode("utf-8", "replace")
    headers = [("Content-Type", PROBLEM.media_type), ("Content-Length", str(len(body))), ("Vary", "Accept")]
    headers += problem_headers(error).items()
    return Reply(error.status, headers, (body,), outcome={"outcome": error.title.lower(), "bytes": len(body)})


def incident(error: Exception) -> InternalError:
    """Log an unexpected error, and return the error for the client, which has the number in the log."""
    number = uuid.uuid4().hex[:12]
    _LOG.error("incident %s", number, exc_info=error)
    return InternalError(f"the server failed unexpectedly; the log has the details under {number}")


#: rdflib's names of serializers.
_SERIALIZERS: Final = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}
_FORMATS: Final = (PROBLEM, JSON, *map(by_name, _SERIALIZERS), TEXT, HTML)


def _rows(report: Report) -> list[tuple[str, str, str]]:
    """Return severity, focus node and message of each result."""
    return [(r.severity.name.lower(), report.names.shorten(r.focus_node), r.message) for r in report.results]


def report_response(error: InvalidData) -> Response | None:
    """Return the report that comes with an error, or None if none does.

    Programs that ask for nothing in particular get a problem document that has the results as well.
    """
    report = error.report
    if not isinstance(report, Report):
        return None
    fmt = best_format(request.headers.get("Accept", ""), _FORMATS) or PROBLEM
    if fmt.name in _SERIALIZERS:
        body = report.graph.serialize(format=_SERIALIZERS[fmt.name])
    elif fmt is TEXT:
        body = f"{error.message}\n{error.hint or ''}\n\n{report.to_text()}"
    elif fmt is HTML:
        body = render_template("report.html", error=error, rows=_rows(report))
    else:
        document = {**problem_document(error), **json.loads(report.to_json())}
        body = json.dumps(document, ensure_ascii=False)
    response = Response(body, status=error.status, content_type=fmt.content_type)
    response.headers["Vary"] = "Accept"
    return response


#: Titles and details that replace those of the HTTP library.
_PLAIN: Final = {404: ("Page not found", "there is no page at this address: check it for typing mistakes, or search")}


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
        title, detail = _PLAIN.get(status, (error.name, error.description or ""))
        code = error.name.lower().replace(" ", "-")
        document = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
        # For example the methods allowed, or the length of a file of which a range was asked.
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
        text, content_type = json.dumps(document, ensure_ascii=False), PROBLEM.media_type
    # The error may repeat what a client sent: half of a surrogate pair can't be encoded.
    body = text.encode("utf-8", "replace")
    response = Response(body, status=document["status"], content_type=content_type, headers=headers)
    response.headers["Vary"] = "Accept"
    return response
