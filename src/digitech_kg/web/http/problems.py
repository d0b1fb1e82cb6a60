"""Formats by negotiation, and every error as one shape: a problem document (RFC 9457), or the same as a page."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from digitech_kg.errors import Busy, CallError, DigitechError, InternalError, NotAcceptable, NotReady
from digitech_kg.formats import HTML, JSON, PROBLEM, TEXT, Format, Kind, by_name, of_kind
from digitech_kg.validation.report import Report

_SOLUTIONS = of_kind(Kind.SOLUTIONS)
_GRAPHS = of_kind(Kind.GRAPH, Kind.DATASET)
#: Other names that clients use for formats, besides name, extension and media type.
_SYNONYMS = {"rdf+xml": "rdfxml", "json-ld": "jsonld", "n3": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
#: Formats that have one name for solutions and another for graphs.
_SIBLINGS = {"json": "jsonld", "xml": "rdfxml", "jsonld": "json", "rdfxml": "xml"}
#: A parameter of a media range other than its quality, such as a charset or profile. Our types have none, so a
#: range that names one would match nothing.
_RANGE_PARAMETER = re.compile(r";\s*(?!q\s*=)[\w!#$&^.+-]+\s*=\s*(?:\"[^\"]*\"|[^;,\"]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResultFormats:
    """The formats of a query's result, by query form; `html` if the client prefers a page to all of them."""

    solutions: Format | None
    graph: Format | None
    html: bool = False


def requested_format(offered: Sequence[Format]) -> Format:
    """Return the format of an answer to the current request, by `?format=` or else by its Accept header.

    The first of `offered` is the default. Raises `NotAcceptable` if the client takes none of them, `CallError` for an
    unknown name.
    """
    if wanted := request.args.get("format"):
        return by_name(_SYNONYMS.get(wanted.lower(), wanted), tuple(offered))
    accept = request.headers.get("Accept", "")
    best = best_format(accept, offered) if accept.strip() else offered[0]
    if best is None:
        raise _not_acceptable(accept, offered)
    return best


def requested_graph_format() -> Format:
    """Return the RDF format of an answer to the current request; a browser gets the default, which it can show."""
    fmt = requested_format((*_GRAPHS, HTML))
    return _GRAPHS[0] if fmt is HTML else fmt


def best_format(accept: str, offered: Sequence[Format]) -> Format | None:
    """Return the offered format that an Accept header prefers, or None if it takes none of them."""
    return _best(_parse_accept(accept), tuple(offered))


@lru_cache(maxsize=1024)
def prefers_page(accept: str) -> bool:
    """Return whether an Accept header asks for HTML rather than for any query result."""
    return HTML.media_type in accept and _page_is_best(_parse_accept(accept))


@lru_cache(maxsize=1024)
def choose_results(accept: str, wanted: str | None = None) -> ResultFormats:
    """Return the formats of a query's result for an Accept header, or for `?format=`; raises as `requested_format`."""
    if wanted:
        return _results_by_name(wanted)
    if not accept.strip():
        return ResultFormats(_SOLUTIONS[0], _GRAPHS[0])
    accepted = _parse_accept(accept)
    choice = ResultFormats(_best(accepted, _SOLUTIONS), _best(accepted, _GRAPHS), _page_is_best(accepted))
    if not (choice.solutions or choice.graph or choice.html):
        raise _not_acceptable(accept, (*_SOLUTIONS, *_GRAPHS))
    return choice


def _results_by_name(wanted: str) -> ResultFormats:
    name = _SYNONYMS.get(wanted.lower(), wanted.lower())
    if name == HTML.name:
        return ResultFormats(None, None, html=True)
    choice = ResultFormats(_named(name, _SOLUTIONS), _named(name, _GRAPHS))
    if not (choice.solutions or choice.graph):
        by_name(name, (*_SOLUTIONS, *_GRAPHS))
    return choice


def _named(name: str, formats: tuple[Format, ...]) -> Format | None:
    try:
        return by_name(name, formats)
    except CallError:
        return next((fmt for fmt in formats if fmt.name == _SIBLINGS.get(name)), None)


def _parse_accept(accept: str) -> MIMEAccept:
    """Return the ranges of an Accept header, each by its type alone."""
    return parse_accept_header(_RANGE_PARAMETER.sub("", accept), MIMEAccept)


def _best(accepted: MIMEAccept, offered: tuple[Format, ...]) -> Format | None:
    """Return the format with the highest quality; among equals one that is named, then the order of `offered`."""
    named = _named_types(accepted)
    ranks = {
        (quality, media_type in named, media_type not in fmt.aliases, -index): fmt
        for index, fmt in enumerate(offered)
        for media_type in (fmt.media_type, *fmt.aliases)
        # A range such as text/* means our own types: an alias, or a page beside data, has to be named.
        if media_type in named or not (media_type in fmt.aliases or (fmt is HTML and index > 0))
        if (quality := accepted.quality(media_type)) > 0
    }
    return ranks[max(ranks)] if ranks else None


def _named_types(accepted: MIMEAccept) -> set[str]:
    return {value.split(";")[0].strip().lower() for value, _quality in accepted}


def _page_is_best(accepted: MIMEAccept) -> bool:
    is_named = HTML.media_type in _named_types(accepted)
    return is_named and _best(accepted, (HTML, *_SOLUTIONS, *_GRAPHS)) is HTML


def _not_acceptable(accept: str, offered: Sequence[Format]) -> NotAcceptable:
    message = f"none of the accepted media types is available: {accept[:200]}"
    return NotAcceptable(message, available=[fmt.media_type for fmt in offered])


#: Where a request's environment holds the error to answer it with.
REFUSED: Final = "digitech_kg.refused"
_LOG = logging.getLogger("digitech_kg.web")


def problem_document(error: DigitechError) -> dict[str, Any]:
    told = {"title": error.title, "status": error.status, "code": error.code, "detail": error.message}
    hint = {"hint": error.hint} if error.hint else {}
    return {"type": "about:blank", **told, **hint, **error.extra()}


def problem_headers(error: DigitechError) -> dict[str, str]:
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
