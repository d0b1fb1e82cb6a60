"""Read requests of the SPARQL 1.1 Protocol, without I/O (https://www.w3.org/TR/sparql11-protocol/)."""

import re
from binascii import a2b_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header

from digitech_kg.commit.request import SparqlUpdate
from digitech_kg.engine.request import DatasetClause
from digitech_kg.errors import CallError, UnsupportedMediaType
from digitech_kg.web.http.limits import OF_PAGES, check_names

FORM: Final = "application/x-www-form-urlencoded"
UPDATE: Final = "application/sparql-update"
#: The parameter that a body of each type stands for.
_DIRECT: Final = {"application/sparql-query": "query", UPDATE: "update"}
_OF_QUERIES: Final = frozenset(
    {"query", "default-graph-uri", "named-graph-uri", "format", "output", "results", "timeout"}
)
_OF_WRITES: Final = frozenset({"message", "dryRun"})
_OF_UPDATES: Final = _OF_WRITES | {"update", "using-graph-uri", "using-named-graph-uri"}
_OF_GRAPHS: Final = frozenset({"graph", "default"})
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_PARAMETERS: Final = 1000

#: What a request says, as pairs of name and value.
Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query operation as the client made it, before anything is negotiated."""

    query: str | None
    dataset: DatasetClause
    format: str | None
    timeout_s: float | None


def read_parameters(environ: Mapping[str, Any], body: bytes = b"") -> Parameters:
    """Return what a WSGI request says, with the query or update that is its body.

    Raises `CallError` for what the protocol forbids, `UnsupportedMediaType` for a body that is no operation.
    """
    method = environ["REQUEST_METHOD"]
    parameters = said = parse_parameters(environ.get("QUERY_STRING", ""), "the query string")
    if method in ("POST", "QUERY"):
        media_type, options = parse_options_header(environ.get("CONTENT_TYPE", ""))
        media_type = media_type.lower()
        if not (media_type == FORM or media_type in _DIRECT):
            hint = f"Send {' or '.join(_DIRECT)} with the operation as the body, or {FORM}."
            raise UnsupportedMediaType(f"'{media_type or 'none'}' is not a media type for queries", hint=hint)
        if (charset := options.get("charset", "utf-8")).lower() not in ("utf-8", "utf8", "us-ascii"):
            raise UnsupportedMediaType(f"charset '{charset}' is not supported", hint="Send UTF-8.")
        text = decode(body)
        own = parse_parameters(text, "the body") if media_type == FORM else [(_DIRECT[media_type], text)]
        said = [*parameters, *own]
    if is_update(said if method != "POST" else parameters):
        hint = "Send it by POST, as a form or as application/sparql-update."
        raise CallError("an update can't be sent this way", hint=hint)
    return said


def is_update(parameters: Parameters) -> bool:
    return any(name == "update" for name, _ in parameters)


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


def decode(body: bytes) -> str:
    """Return a body as text. Raises `CallError` if it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise CallError("the body is not UTF-8", hint="Send UTF-8.") from None


def parse_query(parameters: Parameters) -> ProtocolRequest:
    """Return the query of a request, which may have none. Raises `CallError` with the parameter that is at fault."""
    check_names((name for name, _ in parameters), _OF_QUERIES, OF_PAGES)
    values = MultiDict(parameters)
    # SPARQLWrapper sends a format by its name and, after that, by its media type.
    for name in ("query", "timeout"):
        if (count := len(values.getlist(name))) > 1:
            raise CallError(f"parameter '{name}' is given {count} times", hint="Give it once.")
    dataset = DatasetClause(_iris(values, "default-graph-uri"), _iris(values, "named-graph-uri"))
    wanted = next((values[name] for name in ("format", "output", "results") if name in values), None)
    timeout_s = values.get("timeout", 0.0, type=float) if "timeout" in values else None
    if timeout_s is not None and not 0.001 <= timeout_s < float("inf"):
        raise CallError(f"timeout '{values['timeout'][:50]}' is not a number of seconds", hint="Give 0.001 or more.")
    return ProtocolRequest(values.get("query"), dataset, wanted, timeout_s)


def parse_update(parameters: Parameters) -> SparqlUpdate:
    """Return the update of a request. Raises `CallError` with the parameter that is at fault."""
    values = MultiDict(parameters)
    if "query" in values:
        raise CallError("the request has both a query and an update", hint="Send them one after the other.")
    check_names(values, _OF_UPDATES)
    texts = values.getlist("update")
    if len(texts) != 1:
        raise CallError(f"the request has {len(texts)} updates", hint="Send one; it may have several operations.")
    return SparqlUpdate(texts[0], _iris(values, "using-graph-uri"), _iris(values, "using-named-graph-uri"))


def parse_graph_call(query_string: str, *, is_write: bool) -> Parameters:
    """Return the parameters of a call to the graph store. Raises `CallError` with the one that is at fault."""
    found = parse_parameters(query_string, "the query string")
    more, others = (_OF_WRITES, frozenset[str]()) if is_write else ({"format"}, OF_PAGES)
    check_names((name for name, _ in found), _OF_GRAPHS | more, others)
    return found


def _iris(values: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(map(absolute_iri, values.getlist(name)))


def absolute_iri(iri: str) -> str:
    """Return `iri`. Raises `CallError` if it is not an absolute IRI."""
    try:
        return NamedNode(iri).value
    except ValueError:
        raise CallError(f"'{iri[:200]}' is not an absolute IRI", hint="Name graphs by absolute IRIs.") from None
