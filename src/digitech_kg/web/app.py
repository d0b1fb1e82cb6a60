"""The application factory."""

from __future__ import annotations

from flask import Flask, Response

from digitech_kg.engine import QueryService
from digitech_kg.settings import Settings
from digitech_kg.web.browse import browse_blueprint
from digitech_kg.web.documents import documents_blueprint
from digitech_kg.web.health import health_blueprint
from digitech_kg.web.languages import current_language, register_languages
from digitech_kg.web.page_cache import PageCache
from digitech_kg.web.pages import pages_blueprint, results_blueprint
from digitech_kg.web.problems import register_error_handlers
from digitech_kg.web.resources import resources_blueprint
from digitech_kg.web.search import look_up, search_blueprint
from digitech_kg.web.sparql import sparql_blueprint
from digitech_kg.web.text_copy import load_text

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Everything can be read without credentials, so any page may read it (Fetch standard, CORS protocol).
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Dataset-Version, ETag, Link, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def create_app(service: QueryService, settings: Settings) -> Flask:
    """Give the application over a query service."""
    app = Flask(__name__)
    app.register_blueprint(sparql_blueprint(service, max_body_bytes=settings.body_size * 1024 * 1024))
    pages = PageCache(service)
    app.register_blueprint(pages_blueprint(service, pages))
    app.register_blueprint(results_blueprint(service))
    app.register_blueprint(resources_blueprint(service))
    app.register_blueprint(browse_blueprint(service, pages))
    app.register_blueprint(documents_blueprint(service, pages, load_text(settings.text)))
    app.register_blueprint(search_blueprint(service, pages))
    app.register_blueprint(health_blueprint(service))
    register_languages(app)
    register_error_handlers(app, suggest=lambda text: look_up(service, text, current_language(), limit=8))

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.allow:
            response.headers.update(_PREFLIGHT)
        return response

    return app
