"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request

from digitech_kg.engine import QueryService
from digitech_kg.engine.request import wanted_version
from digitech_kg.hooks import links_on, load, parts_on
from digitech_kg.settings import Settings
from digitech_kg.sources.document_texts import TextCopy, read_texts
from digitech_kg.web.about.page import about_blueprint
from digitech_kg.web.comparing.pages import comparing_blueprint
from digitech_kg.web.history.pages import history_blueprint
from digitech_kg.web.http.assets import register_assets
from digitech_kg.web.http.caching import PageCache, compress
from digitech_kg.web.http.languages import current_language, register_languages
from digitech_kg.web.http.limits import BodyLimit, ClientLimits
from digitech_kg.web.http.observation import ROUTE, Metrics, Observer
from digitech_kg.web.http.problems import REFUSED, register_error_handlers
from digitech_kg.web.ontology.page import ontology_blueprint
from digitech_kg.web.ontology.shapes import shapes_blueprint
from digitech_kg.web.pages.answers.pages import answers_blueprint
from digitech_kg.web.pages.discovery import discovery_blueprint
from digitech_kg.web.pages.documents import documents_blueprint
from digitech_kg.web.pages.editor import editor_blueprint
from digitech_kg.web.pages.firmness import firmness_blueprint
from digitech_kg.web.pages.resources import browse_blueprint, resources_blueprint
from digitech_kg.web.pages.search import search_blueprint, suggest
from digitech_kg.web.pages.start import pages_blueprint, results_blueprint
from digitech_kg.web.reading.bidirectional import register_isolation
from digitech_kg.web.reading.dataset import register_dataset
from digitech_kg.web.reading.results import register_result_formats
from digitech_kg.web.reading.wording import register_wording
from digitech_kg.web.services.downloads import downloads_blueprint, nanopubs_blueprint
from digitech_kg.web.services.reconcile import reconcile_blueprint
from digitech_kg.web.services.well_known import health_blueprint, well_known_blueprint
from digitech_kg.web.site import Site
from digitech_kg.web.sparql.endpoint import SparqlEndpoint, check_host
from digitech_kg.web.sparql.front import HEADERS, PREFLIGHT, AsOf, Front, sparql_blueprint
from digitech_kg.web.sparql.graph_store import graph_store_blueprint
from digitech_kg.web.sparql.writing import WriteService


def register_site(app: Flask, site: Site) -> None:
    """Add pages, linked data, search, languages, error pages, and the pages of parts."""
    service, settings, clients, cache, copies = site.service, site.settings, site.clients, site.pages, site.copies
    for part in parts_on(service.names):
        for blueprint in load(part.routes)(site) if part.routes else ():
            app.register_blueprint(blueprint)
    app.register_blueprint(resources_blueprint(service))
    app.register_blueprint(pages_blueprint(service, cache, copies))
    app.register_blueprint(answers_blueprint(service, copies))
    app.register_blueprint(results_blueprint(service, clients))
    app.register_blueprint(browse_blueprint(service, cache, copies))
    app.register_blueprint(documents_blueprint(service, cache, copies))
    app.register_blueprint(firmness_blueprint(service, cache))
    app.register_blueprint(search_blueprint(service, cache))
    app.register_blueprint(editor_blueprint(service))
    app.register_blueprint(comparing_blueprint(service, cache))
    app.register_blueprint(discovery_blueprint(service))
    app.register_blueprint(about_blueprint(service, cache, public_url=settings.public_url))
    app.register_blueprint(shapes_blueprint(service))
    app.register_blueprint(history_blueprint(service, cache))
    register_assets(app)
    register_result_formats(app)
    register_languages(app)
    register_dataset(app, service)
    register_wording(app)
    register_isolation(app)
    app.context_processor(lambda: {"past": wanted_version()})
    app.jinja_env.globals["part_links"] = lambda shelf: tuple(links_on(shelf, service.names))
    register_error_handlers(app, suggest=lambda path: suggest(service, path, current_language()))


def create_app(service: QueryService, settings: Settings, data_dir: Path) -> Flask:
    """Return the application over a query service; `data_dir` holds the tokens of those who may write.

    Raises `CallError` for an unreadable `--text`.
    """
    app = Flask(__name__, static_folder=None)
    writes = app.extensions["write_service"] = WriteService(service, settings, data_dir)
    clients = ClientLimits(concurrent=settings.client_queries, per_second=settings.client_rate)
    endpoint, metrics = SparqlEndpoint(service, settings, clients, takes_updates=writes.takes_writes), Metrics(service)
    app.register_blueprint(sparql_blueprint(endpoint, service, writes, settings))
    app.register_blueprint(graph_store_blueprint(service, clients, writes, settings))
    app.register_blueprint(health_blueprint(service, metrics))
    app.register_blueprint(ontology_blueprint(service))
    app.register_blueprint(well_known_blueprint(service, public_url=settings.public_url))
    app.register_blueprint(downloads_blueprint(service))
    app.register_blueprint(nanopubs_blueprint(service))
    body = settings.body_size * 1024 * 1024
    app.register_blueprint(reconcile_blueprint(service, max_body_bytes=body, public_url=settings.public_url))
    copies = {name: TextCopy(text) for name, text in read_texts(settings.text).items()}
    register_site(app, Site(service, settings, PageCache(service), clients, copies))

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
        if response.location and response.location.startswith(request.host_url):
            # The router makes addresses of the Host header, which a client may set to any.
            response.location = response.location[len(request.host_url) - 1 :]
        if response.allow:
            response.headers.update(PREFLIGHT)
        return compress(response)

    as_of = AsOf(Front(app.wsgi_app, endpoint), service, refuse=app.wsgi_app)
    bodies = BodyLimit(as_of, settings.workers + settings.queue_length, refuse=app.wsgi_app)
    app.wsgi_app = Observer(bodies, metrics)  # type: ignore[method-assign]
    return app
