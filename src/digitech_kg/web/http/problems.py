"""Answer every error with a problem document (RFC 9457), or with a page that says the same."""

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from digitech_kg.errors import DigitechError, InternalError
from digitech_kg.formats import HTML, JSON, PROBLEM, TEXT, by_name
from digitech_kg.validation.report import Report
from digitech_kg.web.http.negotiation import best_format

#: Where a request's environment holds the error to answer it with.
REFUSED: Final = "digitech_kg.refused"
_LOG = logging.getLogger("digitech_kg.web")


def problem_document(error: DigitechError) -> dict[str, Any]:
    told = {"title": error.title, "status": error.status, "code": error.code, "detail": error.message}
    hint = {"hint": error.hint} if error.hint else {}
    return {"type": "about:blank", **told, **hint, **error.extra()}


def problem_headers(error: DigitechError) -> dict[str, str]:
    told = {"Retry-After": "retry_after_s", "WWW-Authenticate": "challenge"}
    return {name: str(value) for name, member in told.items() if (value := getattr(error, member, None))}


@dataclass
class Reply:
    """The answer to a request outside Flask; `close` is called when the body was sent or the client is gone."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    close: Callable[[], None] = lambda: None
    #: For the log: outcome, bytes, format and query.
    outcome: dict[str, object] = field(default_factory=dict)


def problem_reply(error: DigitechError) -> Reply:
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
    """Return severity, focus node and message of each result, first of those for which the data was refused."""
    rows = [(r.severity.name.lower(), report.names.shorten(r.focus_node), r.message) for r in report.results]
    return sorted(rows, key=lambda row: row[0] != "violation")


#: Titles and details that replace those of the HTTP library.
_PLAIN: Final = {
    404: ("Page not found", "there is no page at this address: check it for typing mistakes, or search"),
    405: ("Method Not Allowed", "this address does not take requests of this kind"),
}


def register_error_handlers(app: Flask, *, suggest: Callable[[str], object] = lambda _: None) -> None:
    """Answer all errors, expected or not, with a problem document or a page.

    The page for an unknown address shows what `suggest` finds for its path.
    """
    app.extensions["suggest"] = suggest

    @app.errorhandler(DigitechError)
    def known(error: DigitechError) -> Response:
        report = getattr(error, "report", None)
        headers = problem_headers(error)
        return _respond(problem_document(error), headers, report if isinstance(report, Report) else None)

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


def _respond(document: dict[str, Any], headers: dict[str, str], report: Report | None = None) -> Response:
    """Return a problem in the format that is asked for; a validation report comes as RDF and text as well.

    Programs that ask for nothing in particular get a problem document that has the results of the report.
    """
    fmt = best_format(request.headers.get("Accept", ""), _FORMATS if report else (PROBLEM, HTML)) or PROBLEM
    if fmt is HTML:
        meant = current_app.extensions["suggest"](request.path) if document["status"] == 404 else None
        text = render_template("problem.html", problem=document, meant=meant, rows=_rows(report) if report else ())
    elif report and fmt.name in _SERIALIZERS:
        text = report.graph.serialize(format=_SERIALIZERS[fmt.name])
    elif report and fmt is TEXT:
        text = f"{document['detail']}\n{document.get('hint', '')}\n\n{report.to_text()}"
    else:
        text = json.dumps({**document, **(json.loads(report.to_json()) if report else {})}, ensure_ascii=False)
    # The error may repeat what a client sent: half of a surrogate pair can't be encoded.
    body = text.encode("utf-8", "replace")
    response = Response(body, status=document["status"], content_type=fmt.content_type, headers=headers)
    response.headers["Vary"] = "Accept"
    return response
