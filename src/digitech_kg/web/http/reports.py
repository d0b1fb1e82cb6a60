"""A validation report as the answer to a write that the shapes do not allow, in the form that the client takes."""

from __future__ import annotations

import json
from typing import Final

from flask import Response, render_template, request

from digitech_kg.errors import InvalidData
from digitech_kg.namespaces import shorten
from digitech_kg.validation import Report

_TEXT: Final = "text/plain"
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_HTML: Final = "text/html"
#: Media type → name of rdflib's serializer.
_RDF: Final = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


def _rows(report: Report) -> list[tuple[str, str, str]]:
    """Give severity, focus node and message of each result."""
    return [(r.severity.name.lower(), shorten(r.focus_node), r.message) for r in report.results]


def report_response(error: InvalidData) -> Response | None:
    """Give the report that comes with an error, or None if none does.

    Programs that ask for nothing in particular get a problem document that has the results as well.
    """
    report = error.report
    if not isinstance(report, Report):
        return None
    kind = request.accept_mimetypes.best_match([_PROBLEM, _JSON, *_RDF, _TEXT, _HTML], default=_PROBLEM)
    if kind in _RDF:
        body = report.graph.serialize(format=_RDF[kind])
    elif kind == _TEXT:
        body = f"{error.message}\n{error.hint or ''}\n\n{report.to_text()}"
    elif kind == _HTML:
        body = render_template("report.html", error=error, rows=_rows(report))
    else:
        members = {"type": "about:blank", "title": error.title, "status": error.status, "detail": error.message}
        body = json.dumps({**members, "hint": error.hint, **json.loads(report.to_json())}, ensure_ascii=False)
    response = Response(body, status=error.status, content_type=f"{kind}; charset=utf-8" if "text" in kind else kind)
    response.headers["Vary"] = "Accept"
    return response
