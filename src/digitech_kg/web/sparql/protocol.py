"""Read query operations of the SPARQL 1.1 Protocol from the parts of an HTTP request. Does no I/O.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.engine.request import DatasetClause
from digitech_kg.errors import CallError, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_PARAMETERS = frozenset({"query", "default-graph-uri", "named-graph-uri", "format", "output", "results", "timeout"})
#: Parameters of the page for people, which programs may find in an address that they were given.
_PAGE_PARAMETERS = frozenset({"view", "lang"})
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_PARAMETERS = 1000


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query operation as the client made it, before anything is negotiated."""

    query: str | None
    dataset: DatasetClause
    format: str | None
    timeout_s: float | None


def parse_query_operation(method: str, query_string: str, content_type: str, body: bytes) -> ProtocolRequest:
    """Read a query operation from the parts of an HTTP request.

    Raises `CallError` for what the protocol forbids, with the parameter's name, `UnsupportedMediaType` for a body
    that is not a query.
    """
    parameters = parse_parameters(query_string, "the query string")
    query = None
    if method in ("POST", "QUERY"):
        media_type, _, options = content_type.partition(";")
        media_type = media_type.strip().lower()
        check_charset(options)
        if media_type == FORM:
            parameters += parse_parameters(decode(body), "the body")
        elif media_type == DIRECT:
            query = decode(body)
            if any(name == "query" for name, _ in parameters):
                raise CallError("the query is both in the body and in the query string", hint="Send it once.")
        else:
            hint = f"Send {DIRECT} with the query as the body, or {FORM} with a query parameter."
            raise UnsupportedMediaType(f"'{media_type or 'none'}' is not a media type for queries", hint=hint)
    return _operation(parameters, query)


def parse_parameters(text: str, where: str) -> list[tuple[str, str]]:
    """Split form-encoded text strictly.

    Raises `CallError` for broken escapes, other charsets than UTF-8, or too many parameters.
    """
    if _BROKEN_ESCAPE.search(text):
        hint = "Write a percent sign itself as %25."
        raise CallError(f"{where} has a percent sign that is not an escape", hint=hint)
    if text.count("&") >= _MAX_PARAMETERS:
        message = f"{where} has more than {_MAX_PARAMETERS} parameters"
        raise CallError(message, hint="Send fewer parameters.")
    pairs = (piece.partition("=") for piece in text.split("&") if piece)
    try:
        return [(_unescape(name), _unescape(value)) for name, _, value in pairs]
    except UnicodeDecodeError:
        raise CallError(f"{where} is not UTF-8", hint="Encode parameters as UTF-8.") from None


def _unescape(text: str) -> str:
    """Return form-encoded text as plain text; its escapes must be complete. Raises `UnicodeDecodeError`.

    Quoted-printable text has the same escapes with another sign, and the standard library reads it ten times as fast.
    """
    text = text.replace("+", " ")
    return a2b_qp(text.replace("=", "=3D").replace("%", "=").encode()).decode() if "%" in text else text


def check_charset(options: str) -> None:
    """Raise `UnsupportedMediaType` if the parameters of a Content-Type name a charset other than UTF-8."""
    match = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", options, re.IGNORECASE)
    if match and match[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"charset '{match[1]}' is not supported", hint="Send UTF-8.")


def decode(body: bytes) -> str:
    """Return a body as text. Raises `CallError` if it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise CallError("the body is not UTF-8", hint="Send UTF-8.") from None


def _operation(parameters: Iterable[tuple[str, str]], query: str | None) -> ProtocolRequest:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if unknown := sorted(values.keys() - _PARAMETERS - _PAGE_PARAMETERS):
        if "update" in unknown:
            raise CallError(
                "an update can't be sent this way", hint="Send it by POST, as a form or as application/sparql-update."
            )
        hint = f"Known parameters: {', '.join(sorted(_PARAMETERS))}."
        raise CallError(f"unknown parameter '{unknown[0]}'", hint=hint, code="unknown-parameter")
    for name in ("query", "format", "timeout"):
        if len(values.get(name, [])) > 1:
            raise CallError(
                f"parameter '{name}' is given {len(values[name])} times",
                hint="Give it once.",
            )
    dataset = DatasetClause(
        tuple(absolute_iri(iri) for iri in values.get("default-graph-uri", [])),
        tuple(absolute_iri(iri) for iri in values.get("named-graph-uri", [])),
    )
    wanted = next((values[n][0] for n in ("format", "output", "results") if values.get(n)), None)
    timeout_s = _seconds(_first(values, "timeout"))
    return ProtocolRequest(query or _first(values, "query"), dataset, wanted, timeout_s)


def _first(values: dict[str, list[str]], name: str) -> str | None:
    return values[name][0] if name in values else None


def absolute_iri(iri: str) -> str:
    """Return `iri`. Raises `CallError` if it is not an absolute IRI."""
    try:
        return NamedNode(iri).value
    except ValueError:
        raise CallError(f"'{iri[:200]}' is not an absolute IRI", hint="Name graphs by absolute IRIs.") from None


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.001 <= seconds < float("inf"):
        raise CallError(f"timeout '{text[:50]}' is not a number of seconds", hint="Give 0.001 or more.")
    return seconds
