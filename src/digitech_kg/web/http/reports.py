"""A validation report as the answer to a write that the shapes do not allow, in the form that the client takes."""

from __future__ import annotations

import json
from typing import Final

from flask import Response, render_template, request

from digitech_kg.errors import InvalidData
from digitech_kg.formats import HTML, JSON, PROBLEM, TEXT, by_name
from digitech_kg.validation import Report
from digitech_kg.web.http.negotiation import best_format
from digitech_kg.web.http.problem_documents import problem_document

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
