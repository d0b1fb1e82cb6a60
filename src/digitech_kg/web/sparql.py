"""The query operation of the SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/#query-operation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import DatasetClause, QueryRequest, QueryService
from digitech_kg.errors import CallError, DigitechError
from digitech_kg.web.negotiation import Choice, choose

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_PARAMETERS = frozenset({"query", "default-graph-uri", "named-graph-uri", "format", "output", "results", "timeout"})
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_PARAMETERS = 1000


class _TooLargeError(DigitechError):
    status = 413
    title = "Request body too large"


class _UnsupportedTypeError(DigitechError):
    status = 415
    title = "Unsupported media type"


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query operation as the client made it, before anything is negotiated."""

    query: str | None
    dataset: DatasetClause
    format: str | None
    timeout_s: float | None


def parse_query_operation(method: str, query_string: str, content_type: str, body: bytes) -> ProtocolRequest:
    """Read a query operation from the parts of an HTTP request.

    Raises `CallError` for what the protocol forbids, with the parameter's name, and a 415 error for other bodies.
    """
    parameters = parse_parameters(query_string, "the query string")
    query = None
    if method in ("POST", "QUERY"):
        media_type, _, options = content_type.partition(";")
        media_type = media_type.strip().lower()
        _check_charset(options)
        if media_type == _FORM:
            parameters += parse_parameters(_decode(body), "the body")
        elif media_type == _DIRECT:
            query = _decode(body)
            if any(name == "query" for name, _ in parameters):
                raise CallError("the query is in the body and in the query string", hint="Send it once.")
        else:
            hint = f"Send {_DIRECT} with the query as the body, or {_FORM} with a query parameter."
            raise _UnsupportedTypeError(f"a body of type '{media_type or 'none'}' is no query", hint=hint)
    return _operation(parameters, query)


def parse_parameters(text: str, where: str) -> list[tuple[str, str]]:
    """Split form-encoded text strictly.

    Raises `CallError` for broken escapes, other charsets than UTF-8, or too many parameters.
    """
    if _BROKEN_ESCAPE.search(text):
        hint = "Write a percent sign itself as %25."
        raise CallError(f"{where} has a percent sign that begins no escape", hint=hint)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise CallError(f"{where} is not UTF-8", hint="Encode parameters as UTF-8.") from None
    except ValueError:
        raise CallError(f"{where} has more than {_MAX_PARAMETERS} parameters") from None


def _check_charset(options: str) -> None:
    match = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", options, re.IGNORECASE)
    if match and match[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _UnsupportedTypeError(f"charset '{match[1]}' is not supported", hint="Send UTF-8.")


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise CallError("the body is not UTF-8", hint="Send UTF-8.") from None


def _operation(parameters: Iterable[tuple[str, str]], query: str | None) -> ProtocolRequest:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if unknown := sorted(values.keys() - _PARAMETERS):
        if "update" in unknown:
            raise CallError("updates are not accepted here", hint="This service is read-only.")
        hint = f"Known parameters: {', '.join(sorted(_PARAMETERS))}."
        raise CallError(f"unknown parameter '{unknown[0]}'", hint=hint)
    for name in ("query", "format", "timeout"):
        if len(values.get(name, [])) > 1:
            raise CallError(f"parameter '{name}' is given {len(values[name])} times", hint="Give it once.")
    dataset = DatasetClause(
        tuple(_absolute(iri) for iri in values.get("default-graph-uri", [])),
        tuple(_absolute(iri) for iri in values.get("named-graph-uri", [])),
    )
    wanted = next((values[n][0] for n in ("format", "output", "results") if values.get(n)), None)
    return ProtocolRequest(query or _first(values, "query"), dataset, wanted, _seconds(_first(values, "timeout")))


def _first(values: dict[str, list[str]], name: str) -> str | None:
    return values[name][0] if name in values else None


def _absolute(iri: str) -> str:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*$", iri):
        raise CallError(f"'{iri}' is no absolute IRI", hint="Name graphs by absolute IRIs.")
    return iri


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise CallError(f"timeout '{text}' is no number of seconds", hint="Give a number greater than 0.")
    return seconds


def sparql_blueprint(service: QueryService, *, max_body_bytes: int) -> Blueprint:
    """Give the blueprint of `/sparql` over a query service."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
    def sparql() -> WerkzeugResponse:
        operation = parse_query_operation(
            request.method, request.query_string.decode("latin-1"), request.content_type or "", _body(max_body_bytes)
        )
        choice = choose(request.headers.get("Accept", ""), operation.format)
        if choice.html:
            return redirect(url_for("results.results", query=operation.query), code=303)
        if operation.query is None:
            raise CallError("there is no query", hint="Give a SPARQL query in the parameter 'query'.")
        return _answer(service, operation, choice)

    return blueprint


def _body(max_bytes: int) -> bytes:
    if request.method not in ("POST", "QUERY"):
        return b""
    length = request.content_length
    body = request.stream.read(max_bytes + 1) if length is None or length <= max_bytes else None
    if body is None or len(body) > max_bytes:
        hint = "Send a shorter query."
        raise _TooLargeError(f"the body is larger than {max_bytes:,} bytes", hint=hint)
    return body


def _answer(service: QueryService, operation: ProtocolRequest, choice: Choice) -> Response:
    version = service.snapshot.version
    etag = _etag(version, operation, choice)
    if etag in request.if_none_match:
        return _with_headers(Response(status=304), version, etag)
    query = QueryRequest(operation.query or "", choice.solutions, choice.graph, operation.dataset)
    answer = service.query(query, timeout_s=operation.timeout_s)
    if answer.version != version:
        etag = _etag(answer.version, operation, choice)
    response = Response(
        answer.chunks(), content_type=answer.format.content_type, headers={"Content-Length": str(answer.length)}
    )
    response.call_on_close(answer.close)
    return _with_headers(response, answer.version, etag)


def _etag(version: str, operation: ProtocolRequest, choice: Choice) -> str:
    names = [fmt.name if fmt else "" for fmt in (choice.solutions, choice.graph)]
    parts = [operation.query or "", *operation.dataset.default_graphs, "", *operation.dataset.named_graphs, *names]
    return f"{version}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"


def _with_headers(response: Response, version: str, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Dataset-Version"] = version
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response
