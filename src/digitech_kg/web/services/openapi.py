"""The description of the HTTP interface for programs (OpenAPI 3.1): `openapi.json`, with the formats and settings."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from digitech_kg.engine.table_files import available_tables
from digitech_kg.formats import PROBLEM, Kind, of_kind
from digitech_kg.settings import Settings

_READING: Final = {
    "400": "The request or the query is faulty; syntax errors have line and column.",
    "403": "The query would make the server send a request elsewhere.",
    "406": "No accepted media type fits; the document lists those there are.",
    "413": "The query or body is longer than is read.",
    "415": "The body is of a type that is no query.",
    "429": "Too many queries at once; Retry-After says when to ask again.",
    "502": "Another server that was asked, for SERVICE or with --engine, gave no whole answer.",
    "504": "The query was stopped at its deadline.",
    "507": "The query needed too much memory, or its result is too large.",
}
_WRITING: Final = {
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
_NO_GRAPH: Final = {"404": "There is no such graph."}


def openapi_blueprint(settings: Settings) -> Blueprint:
    """Return the blueprint of `/openapi.json`."""
    blueprint = Blueprint("openapi", __name__)
    text = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(_complete(json.loads(text), settings, request.url_root.rstrip("/")))

    return blueprint


def _complete(document: dict[str, Any], settings: Settings, server: str) -> dict[str, Any]:
    """Fill in what the server at the address `server` offers."""
    parts = document["components"]
    graphs: dict[str, Any] = {fmt.media_type: {} for fmt in of_kind(Kind.GRAPH, Kind.DATASET)}
    solutions: dict[str, Any] = {fmt.media_type: {} for fmt in (*of_kind(Kind.SOLUTIONS), *available_tables())}
    for fmt in of_kind(Kind.GRAPH):
        parts["requestBodies"]["Graph"]["content"][fmt.media_type] = {"schema": {"type": "string"}}
    parts["parameters"]["timeout"]["schema"]["maximum"] = settings.query_timeout
    result = {"200": {"description": "The whole result.", "content": {"text/plain": {}, **solutions, **graphs}}}
    graph = {"200": {"description": "The whole graph.", "content": graphs}}
    reading = {**_problems(_READING), "304": _ref("responses", "Unchanged")}
    writing = {**_problems(_WRITING), "200": _ref("responses", "Written")}
    sparql, store = document["paths"]["/sparql"], document["paths"]["/graph-store"]
    sparql["get"]["responses"] = {**reading, **result}
    sparql["post"]["responses"] = {**writing, **reading, **result}
    store["get"]["responses"] = {**reading, **graph, **_problems(_NO_GRAPH)}
    for method in ("put", "post"):
        store[method]["responses"] = {**writing, "201": _ref("responses", "Created")}
    store["delete"]["responses"] = {**writing, **_problems(_NO_GRAPH)}
    for method in ("put", "post", "delete"):
        names = ("message", "dryRun", "X-Commit-Message", "If-Match", "If-None-Match")
        store[method] |= {"security": [{"token": []}], "parameters": [_ref("parameters", name) for name in names]}
    document["info"]["version"] = version("digitech-kg")
    return {**document, "servers": [{"url": server}]}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _problems(statuses: dict[str, str]) -> dict[str, Any]:
    content = {PROBLEM.media_type: {"schema": _ref("schemas", "Problem")}}
    return {status: {"description": text, "content": content} for status, text in statuses.items()}
