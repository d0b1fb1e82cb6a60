"""Read update operations of the SPARQL 1.1 Protocol, and author, reason and conditions of any write.

https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from digitech_kg.commit import Commit, SparqlUpdate
from digitech_kg.errors import CallError
from digitech_kg.messages import Message
from digitech_kg.web.http.observation import REQUEST_ID
from digitech_kg.web.sparql.protocol import FORM, absolute_iri, check_charset, decode, parse_parameters

DIRECT: Final = "application/sparql-update"
#: What may stand beside an update or a graph.
_COMMON: Final = frozenset({"message", "dryRun"})
_PARAMETERS: Final = frozenset({"update", "using-graph-uri", "using-named-graph-uri", *_COMMON})
_LONGEST_MESSAGE: Final = 2000
_MESSAGE: Final = "HTTP_X_COMMIT_MESSAGE"
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def media_type_of(environ: Mapping[str, Any]) -> str:
    """Return the media type of a request's body, without its parameters."""
    return str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def holds_update(environ: Mapping[str, Any], body: bytes) -> bool:
    """Whether a POST request is an update rather than a query."""
    kind = media_type_of(environ)
    if kind == DIRECT:
        return True
    return kind == FORM and any(name == "update" for name, _ in parse_parameters(decode(body), "the body"))


def parse_update(environ: Mapping[str, Any], body: bytes) -> SparqlUpdate:
    """Return the update of a request. Raises `CallError` for what the protocol forbids, with the parameter's name."""
    check_charset(environ.get("CONTENT_TYPE", ""))
    parameters = parse_parameters(environ.get("QUERY_STRING", ""), "the query string")
    if media_type_of(environ) == DIRECT:
        parameters.append(("update", decode(body)))
    else:
        parameters += parse_parameters(decode(body), "the body")
    names = [name for name, _ in parameters]
    if "query" in names:
        raise CallError("the request has both a query and an update", hint="Send them one after the other.")
    if unknown := sorted(set(names) - _PARAMETERS):
        raise CallError(
            Message("unknown parameter '{name}'", name=unknown[0]),
            hint=Message("Known parameters: {names}.", names=", ".join(sorted(_PARAMETERS))),
            code="unknown-parameter",
        )
    texts = [value for name, value in parameters if name == "update"]
    if len(texts) != 1:
        raise CallError(
            Message("the request has {count} updates", count=len(texts)),
            hint="Send one; it may have several operations.",
        )
    return SparqlUpdate(
        texts[0],
        tuple(absolute_iri(value) for name, value in parameters if name == "using-graph-uri"),
        tuple(absolute_iri(value) for name, value in parameters if name == "using-named-graph-uri"),
    )


def parse_commit(
    environ: Mapping[str, Any], *, action: str, author: str, graphs: tuple[str, ...], body: bytes = b""
) -> Commit:
    """Return who makes a write, why, and under which conditions.

    `body` is that of a form, whose parameters count like those of the address.
    """
    parameters = dict(parse_parameters(environ.get("QUERY_STRING", ""), "the query string"))
    if media_type_of(environ) == FORM:
        parameters |= dict(parse_parameters(decode(body), "the body"))
    message = environ.get(_MESSAGE) or parameters.get("message", "")
    if environ.get(_MESSAGE) == "":
        hint = "Use the parameter 'message', which takes any text."
        raise CallError("X-Commit-Message is empty or not in ASCII", hint=hint)
    if len(message) > _LONGEST_MESSAGE:
        raise CallError(
            Message("the message is longer than {number} characters", number=_LONGEST_MESSAGE),
            hint="Write a shorter message.",
        )
    dry_run = parameters.get("dryRun", "false").lower()
    if dry_run not in _TRUTH:
        raise CallError("dryRun is neither true nor false", hint="Leave out dryRun to write.")
    return Commit(
        action=action,
        author=author,
        message=message.strip(),
        request_id=environ.get(REQUEST_ID, ""),
        graphs=frozenset(graphs) or None,
        if_match=_tags(environ.get("HTTP_IF_MATCH", "")),
        if_none_match=_tags(environ.get("HTTP_IF_NONE_MATCH", "")),
        dry_run=_TRUTH[dry_run],
    )


def _tags(header: str) -> tuple[str, ...]:
    return tuple(filter(None, (tag.strip() for tag in header.split(","))))
