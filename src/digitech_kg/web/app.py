"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request

from digitech_kg.engine import QueryService
from digitech_kg.settings import Settings
from digitech_kg.web.http.bodies import BodyLimit
from digitech_kg.web.http.clients import ClientLimits
from digitech_kg.web.http.compression import compress
from digitech_kg.web.http.observation import ROUTE, Metrics, Observer
from digitech_kg.web.http.problem_documents import REFUSED
from digitech_kg.web.ontology.page import ontology_blueprint
from digitech_kg.web.pages.why import why_blueprint
from digitech_kg.web.services.downloads import downloads_blueprint
from digitech_kg.web.services.health import health_blueprint
from digitech_kg.web.services.nanopubs import nanopubs_blueprint
from digitech_kg.web.services.openapi import openapi_blueprint
from digitech_kg.web.services.reconcile import reconcile_blueprint
from digitech_kg.web.services.well_known import well_known_blueprint
from digitech_kg.web.site import register_site
from digitech_kg.web.sparql.as_of import AsOf
from digitech_kg.web.sparql.endpoint import SparqlEndpoint, check_host
from digitech_kg.web.sparql.front import HEADERS, PREFLIGHT, Front
from digitech_kg.web.sparql.graph_store import graph_store_blueprint
from digitech_kg.web.sparql.graph_writing import graph_writing_blueprint
from digitech_kg.web.sparql.pages import sparql_blueprint
from digitech_kg.web.sparql.writing import WriteService


def create_app(service: QueryService, settings: Settings, data_dir: Path) -> Flask:
    """Return the application over a query service; `data_dir` holds the tokens of those who may write."""
    app = Flask(__name__, static_folder=None)
    writes = app.extensions["write_service"] = WriteService(service, settings, data_dir)
    clients = ClientLimits(concurrent=settings.client_queries, per_second=settings.client_rate)
    endpoint, metrics = SparqlEndpoint(service, settings, clients, takes_updates=writes.takes_writes), Metrics(service)
    app.register_blueprint(sparql_blueprint(endpoint, service, writes, settings))
    app.register_blueprint(graph_store_blueprint(service, clients))
    app.register_blueprint(graph_writing_blueprint(service, writes, settings))
    app.register_blueprint(health_blueprint(service, metrics))
    app.register_blueprint(ontology_blueprint(service))
    app.register_blueprint(openapi_blueprint(settings))
    app.register_blueprint(well_known_blueprint(service, public_url=settings.public_url))
    app.register_blueprint(downloads_blueprint(service))
    app.register_blueprint(nanopubs_blueprint(service))
    body = settings.body_size * 1024 * 1024
    app.register_blueprint(reconcile_blueprint(service, max_body_bytes=body, public_url=settings.public_url))
    app.register_blueprint(why_blueprint(service))
    register_site(app, service, settings, clients)

    @app.before_request
    def refuse() -> None:
        check_host(request.environ)
        if error := request.environ.get(REFUSED):
            raise error

    @app.after_request
    def add_headers(response: Response) -> Response:
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else "none"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.allow:
            response.headers.update(PREFLIGHT)
        return compress(response)

    as_of = AsOf(Front(app.wsgi_app, endpoint), service, refuse=app.wsgi_app)
    bodies = BodyLimit(as_of, settings.workers + settings.queue_length, refuse=app.wsgi_app)
    app.wsgi_app = Observer(bodies, metrics)  # type: ignore[method-assign]
    return app
