"""The part about writing of the description of the HTTP interface."""

from __future__ import annotations

from typing import Any, Final

from digitech_kg.formats import PROBLEM, Kind, of_kind
from digitech_kg.web.sparql.update_request import DIRECT

#: The scheme of tokens; reading needs none.
SECURITY: Final[dict[str, Any]] = {
    "token": {"type": "http", "scheme": "bearer", "description": "Made by digitech-kg token create."}
}
#: Content of a request with an update, beside those with a query.
UPDATE_CONTENT: Final[dict[str, Any]] = {DIRECT: {"schema": {"type": "string"}}}
_STATUSES: Final = {
    "400": "The request, the update or the body is faulty; syntax errors have line and column.",
    "401": "There is no token, or one that is unknown, expired or revoked.",
    "403": "The token does not allow it, the graph is derived, or the write would have the server send a request.",
    "412": "If-Match or If-None-Match does not fit: somebody wrote in between.",
    "413": "The body is larger than is taken.",
    "415": "The body's type is no RDF.",
    "422": "The result would be invalid or contradict itself; with the validation report.",
    "429": "Too many writes with one token, or too many wait; Retry-After says when to try again.",
    "502": "The store behind --engine failed.",
    "503": "Tokens cannot be read at the moment.",
    "504": "The write took too long; nothing was changed.",
    "507": "There is no space left; nothing was changed.",
}
_OUTCOME: Final = {
    "type": "object",
    "required": ["version", "published", "graphs"],
    "properties": {
        "version": {"type": "string", "description": "The version that holds now."},
        "previous": {"type": "string"},
        "published": {"type": "boolean"},
        "graphs": {"type": "object", "description": "Quads added and removed by graph."},
        "warnings": {"type": "array", "items": {"type": "object"}},
        "old_violations": {"type": "array", "items": {"type": "object"}},
        "difference": {"type": "object", "description": "For a dry run: added and removed as N-Quads."},
    },
}


def outcome_answers() -> dict[str, Any]:
    """Return the responses of a write by status."""
    problem = {PROBLEM.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    done = {"application/json": {"schema": _OUTCOME}}
    answers: dict[str, Any] = {"200": {"description": "It was carried out, or nothing had to change.", "content": done}}
    for status, text in _STATUSES.items():
        answers[status] = {"description": text, "content": problem}
    return answers


def commit_parameters() -> list[dict[str, Any]]:
    """Return the parameters of every write."""
    text = {"type": "string", "maxLength": 2000}
    tags = {"type": "string", "description": "Entity tags"}
    return [
        {"name": "message", "in": "query", "description": "Why it is written.", "schema": text},
        {"name": "dryRun", "in": "query", "description": "Only show what would change.", "schema": {"type": "boolean"}},
        {"name": "X-Commit-Message", "in": "header", "description": "As message, in ASCII.", "schema": text},
        {"name": "If-Match", "in": "header", "description": "Write only over this state.", "schema": tags},
        {"name": "If-None-Match", "in": "header", "description": "* writes only what is new.", "schema": tags},
    ]


def graph_operations(graph_parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Return PUT, POST and DELETE of the graph store; `graph_parameters` name the graph."""
    parameters = [*graph_parameters, *commit_parameters()]
    content = {fmt.media_type: {"schema": {"type": "string"}} for fmt in of_kind(Kind.GRAPH)}
    form = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
    body = {"required": True, "content": {**content, "multipart/form-data": {"schema": form}}}
    created = {"201": {"description": "The graph is new; Location says where it answers."}}
    gone = {"404": {"description": "There is no such graph."}}
    common = {"parameters": parameters, "security": [{"token": []}]}
    return {
        "put": {
            "operationId": "putGraph",
            "summary": "Replace one graph",
            "requestBody": body,
            "responses": outcome_answers() | created,
            **common,
        },
        "post": {
            "operationId": "postGraph",
            "summary": "Add to one graph, or make a new one where none is named",
            "requestBody": body,
            "responses": outcome_answers() | created,
            **common,
        },
        "delete": {
            "operationId": "deleteGraph",
            "summary": "Delete one graph",
            "responses": outcome_answers() | gone,
            **common,
        },
    }
