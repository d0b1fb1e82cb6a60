"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request

from digitech_kg.engine import QueryService
from digitech_kg.settings import Settings
from digitech_kg.web.http.bodies import BodyLimit
from digitech_kg.web.http.clients import ClientLimits
from digitech_kg.web.http.negotiation import NegotiatedRequest
from digitech_kg.web.http.observation import ROUTE, Metrics, Observer
from digitech_kg.web.http.page_cache import compress_page
from digitech_kg.web.http.problems import REFUSED
from digitech_kg.web.ontology.page import ontology_blueprint
from digitech_kg.web.pages.why import why_blueprint
from digitech_kg.web.services.downloads import downloads_blueprint
from digitech_kg.web.services.health import health_blueprint
from digitech_kg.web.services.openapi import openapi_blueprint
from digitech_kg.web.services.reconcile import reconcile_blueprint
from digitech_kg.web.services.well_known import well_known_blueprint
from digitech_kg.web.site import register_site
from digitech_kg.web.sparql.endpoint import SparqlEndpoint, check_host
from digitech_kg.web.sparql.front import HEADERS, PREFLIGHT, Front
from digitech_kg.web.sparql.graph_store import graph_store_blueprint
from digitech_kg.web.sparql.graph_writing import graph_writing_blueprint
from digitech_kg.web.sparql.mementos import Mementos
from digitech_kg.web.sparql.pages import sparql_blueprint
from digitech_kg.web.sparql.writing import WriteDesk


def create_app(service: QueryService, settings: Settings, data_dir: Path) -> Flask:
    """Give the application over a query service; `data_dir` holds the tokens of those who may write."""
    app = Flask(__name__, static_folder=None)
    app.request_class = NegotiatedRequest
    desk = app.extensions["desk"] = WriteDesk(service, settings, data_dir)
    clients = ClientLimits(concurrent=settings.client_queries, per_second=settings.client_rate)
    endpoint, metrics = SparqlEndpoint(service, settings, clients, takes_updates=desk.takes_writes), Metrics(service)
    app.register_blueprint(sparql_blueprint(endpoint, service, desk, settings))
    app.register_blueprint(graph_store_blueprint(service, clients))
    app.register_blueprint(graph_writing_blueprint(service, desk, settings))
    app.register_blueprint(health_blueprint(service, metrics))
    app.register_blueprint(ontology_blueprint(service))
    app.register_blueprint(openapi_blueprint(settings))
    app.register_blueprint(well_known_blueprint(service, public_url=settings.public_url))
    app.register_blueprint(downloads_blueprint(service))
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
        return compress_page(response)

    mementos = Mementos(Front(app.wsgi_app, endpoint), service, refuse=app.wsgi_app)
    bodies = BodyLimit(mementos, settings.workers + settings.queue_length, refuse=app.wsgi_app)
    app.wsgi_app = Observer(bodies, metrics)  # type: ignore[method-assign]
    return app
