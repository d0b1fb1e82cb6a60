"""Whether the process lives, whether it can answer, and how much it does."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.formats import by_name
from digitech_kg.web.http.observation import Metrics


def health_blueprint(service: QueryService, metrics: Metrics) -> Blueprint:
    """Return the blueprint of `/healthz` (the process answers), `/readyz` (the engine does) and `/metrics`."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", version=service.snapshot.version)

    @blueprint.get("/readyz")
    def readyz() -> Response:
        with service.query(QueryRequest("ASK {}", by_name("json"), None), timeout_s=5) as answer:
            return jsonify(status="ready", version=answer.version)

    @blueprint.get("/metrics")
    def prometheus() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint
