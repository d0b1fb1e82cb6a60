"""Make the Flask application."""

from pathlib import Path

from flask import Flask, Response, g, request

from digitech_kg.engine.request import QueryService, wanted_version
from digitech_kg.hooks import links_on, load, parts_on
from digitech_kg.settings import Settings
from digitech_kg.sources.document_texts import TextCopy, read_texts
from digitech_kg.web.http.assets import register_assets
from digitech_kg.web.http.caching import PageCache, compress
from digitech_kg.web.http.languages import register_languages
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.http.middleware import HEADERS, PREFLIGHT, ROUTE, Metrics, Middleware, check_host
from digitech_kg.web.http.problems import REFUSED, register_error_handlers
from digitech_kg.web.pages.editor import EXTENSIONS, FORMAT_NAMES, render_editor
from digitech_kg.web.pages.resources import health_blueprint
from digitech_kg.web.pages.search import search_blueprint, suggest
from digitech_kg.web.reading.dataset import register_dataset
from digitech_kg.web.site import Site
from digitech_kg.web.sparql.endpoint import SparqlEndpoint, sparql_blueprint
from digitech_kg.web.sparql.graph_store import graph_store_blueprint
from digitech_kg.web.sparql.writing import WriteService

#: The modules of the core's pages; those of parts are made likewise.
_PAGES = (
    "about", "answers", "claims", "compare", "documents", "editor", "history", "issues", "ontology", "places",
    "reconcile", "resources",
)  # fmt: skip


def register_site(app: Flask, site: Site) -> None:
    """Add pages, linked data, search, languages, error pages, and the pages of parts."""
    service = site.service
    routes = [part.routes for part in parts_on(service.names) if part.routes]
    for route in (*routes, *(f"digitech_kg.web.pages.{name}:blueprints" for name in _PAGES)):
        for blueprint in load(route)(site):
            app.register_blueprint(blueprint)
    app.register_blueprint(search_blueprint(site))
    register_assets(app)
    app.jinja_env.globals.update(extensions=EXTENSIONS, format_names=FORMAT_NAMES)
    register_languages(app, lambda: service.names.languages)
    register_dataset(app, service)
    app.context_processor(lambda: {"past": wanted_version()})
    app.jinja_env.globals["part_links"] = lambda shelf: tuple(links_on(shelf, service.names))
    register_error_handlers(app, suggest=lambda path: suggest(site.reader, path))


def create_app(service: QueryService, settings: Settings, data_dir: Path) -> Flask:
    """Return the application over a query service; `data_dir` holds the tokens of those who may write.

    Raises `CallError` for an unreadable `--text`.
    """
    app = Flask(__name__, static_folder=None)
    texts = read_texts(settings.text)
    writes = app.extensions["write_service"] = WriteService(service, settings, data_dir, texts)
    clients = ClientLimits(concurrent=settings.client_queries, per_second=settings.client_rate)
    endpoint, metrics = SparqlEndpoint(service, settings, clients, takes_updates=writes.takes_writes), Metrics(service)
    copies = {name: TextCopy(text) for name, text in texts.items()}
    site = Site(service, settings, clients, copies, PageCache(service))
    app.register_blueprint(sparql_blueprint(site, endpoint, writes, render_editor))
    app.register_blueprint(graph_store_blueprint(site, writes))
    app.register_blueprint(health_blueprint(service, metrics))
    register_site(app, site)

    @app.before_request
    def refuse() -> None:
        check_host(request.environ)
        if error := request.environ.get(REFUSED):
            raise error
        g.version = service.snapshot.version

    @app.after_request
    def add_headers(response: Response) -> Response:
        # A version that was published meanwhile may be in a part of the answer.
        if (version := g.get("version")) == service.snapshot.version:
            response.headers.setdefault("Dataset-Version", version)
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else "none"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.location and response.location.startswith(request.host_url):
            # The router makes addresses of the Host header, which a client may set to any.
            response.location = response.location[len(request.host_url) - 1 :]
        if response.allow:
            response.headers.update(PREFLIGHT)
        return compress(response)

    most_bodies = settings.workers + settings.queue_length
    app.wsgi_app = Middleware(app.wsgi_app, service, endpoint.respond, metrics, most_bodies)  # type: ignore[method-assign]
    return app
