"""The description of the HTTP interface for programs (OpenAPI 3.1), made from the tables of formats and settings."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, request

from digitech_kg.engine.table_files import available_tables
from digitech_kg.formats import PROBLEM, Kind, of_kind
from digitech_kg.settings import Settings
from digitech_kg.web.services.openapi_writing import (
    SECURITY,
    UPDATE_CONTENT,
    commit_parameters,
    graph_operations,
    outcome_answers,
)
from digitech_kg.web.sparql.protocol import DIRECT, FORM

_PROBLEM_STATUSES = {
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


def openapi_blueprint(settings: Settings) -> Blueprint:
    """Return the blueprint of `/openapi.json`."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(openapi_document(settings, request.url_root.rstrip("/")))

    return blueprint


def openapi_document(settings: Settings, server: str) -> dict[str, Any]:
    """Return the OpenAPI document of a server at the address `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "digitech-kg",
            "version": version("digitech-kg"),
            "description": "SPARQL 1.1 Protocol and Graph Store HTTP Protocol over a knowledge graph.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/sparql": {"get": _query_by_get(settings), "post": _query_by_post(settings)},
            "/graph-store": {"get": _graph(), **graph_operations(_GRAPH_PARAMETERS)},
            "/healthz": {"get": _json("Whether the process answers.")},
            "/readyz": {"get": _json("Whether the engine answers.")},
        },
        "components": {"schemas": {"Problem": _PROBLEM_SCHEMA}, "securitySchemes": SECURITY},
    }


_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "What programs tell errors apart by."},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "limit": {"type": "string"},
        "value": {"type": "number"},
        "unit": {"type": "string"},
        "available": {"type": "array", "items": {"type": "string"}},
    },
}


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _common_parameters(settings: Settings) -> list[dict[str, Any]]:
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    seconds = {"type": "number", "minimum": 1, "maximum": settings.query_timeout}
    return [
        _parameter("default-graph-uri", "Graph whose triples make up the default graph.", iris),
        _parameter("named-graph-uri", "Graph that GRAPH may name.", iris),
        _parameter("format", "Format by name, in place of the Accept header.", {"type": "string"}),
        _parameter("timeout", "Seconds after which to give up.", seconds),
        _parameter("explain", "Say how the query would be rewritten, instead of its result.", {"type": "string"}),
    ]


def _responses(*kinds: Kind) -> dict[str, Any]:
    tables = available_tables() if Kind.SOLUTIONS in kinds else ()
    content: dict[str, Any] = {fmt.media_type: {} for fmt in (*of_kind(*kinds), *tables)}
    if Kind.SOLUTIONS in kinds:
        content["text/plain"] = {"schema": {"type": "string", "description": "What `explain` asks for."}}
    problem = {PROBLEM.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers: dict[str, Any] = {"200": {"description": "The whole result.", "content": content}}
    answers["304"] = {"description": "The client has this result already."}
    for status, text in _PROBLEM_STATUSES.items():
        answers[status] = {"description": text, "content": problem}
    return answers


def _query_by_get(settings: Settings) -> dict[str, Any]:
    query = _parameter("query", "SPARQL 1.1 query; without it the service description is given.", {"type": "string"})
    return {
        "operationId": "queryByGet",
        "summary": "Evaluate a query",
        "parameters": [query, *_common_parameters(settings)],
        "responses": _responses(Kind.SOLUTIONS, Kind.GRAPH, Kind.DATASET),
    }


def _query_by_post(settings: Settings) -> dict[str, Any]:
    text = {"type": "string"}
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    properties = {"query": text, "update": text, "using-graph-uri": iris, "using-named-graph-uri": iris}
    form = {"type": "object", "minProperties": 1, "properties": properties}
    answers = outcome_answers() | _responses(Kind.SOLUTIONS, Kind.GRAPH, Kind.DATASET)
    return {
        "operationId": "queryByPost",
        "summary": "Evaluate a query, or carry out an update, that is sent as the body or in a form",
        "security": [{}, {"token": []}],
        "parameters": [*_common_parameters(settings), *commit_parameters()],
        "requestBody": {
            "required": True,
            "content": {FORM: {"schema": form}, DIRECT: {"schema": text}, **UPDATE_CONTENT},
        },
        "responses": answers,
    }


_GRAPH_PARAMETERS: list[dict[str, Any]] = [
    _parameter("graph", "IRI of a named graph.", {"type": "string", "format": "iri"}),
    {**_parameter("default", "The default graph.", {"type": "string"}), "allowEmptyValue": True},
]


def _graph() -> dict[str, Any]:
    answers = _responses(Kind.GRAPH, Kind.DATASET)
    answers["404"] = {**answers["400"], "description": "There is no such graph."}
    return {
        "operationId": "getGraph",
        "summary": "Get one named graph, or the default graph",
        "parameters": _GRAPH_PARAMETERS,
        "responses": answers,
    }


def _json(text: str) -> dict[str, Any]:
    return {
        "summary": text,
        "responses": {"200": {"description": text, "content": {"application/json": {"schema": {"type": "object"}}}}},
    }
