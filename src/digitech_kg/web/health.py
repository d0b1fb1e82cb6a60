"""Whether the process lives and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.formats import by_name


def health_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/healthz` (the process answers) and `/readyz` (the engine does)."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", version=service.snapshot.version)

    @blueprint.get("/readyz")
    def readyz() -> Response:
        with service.query(QueryRequest("ASK {}", by_name("json"), None), timeout_s=5) as answer:
            return jsonify(status="ready", version=answer.version)

    return blueprint
