"""Register all pages for people, and the addresses that IRIs lead to."""

from __future__ import annotations

from flask import Flask

from digitech_kg.authoring import TextCopy, read_texts
from digitech_kg.engine import QueryService
from digitech_kg.engine.versions import wanted_version
from digitech_kg.settings import Settings
from digitech_kg.web.about.page import about_blueprint
from digitech_kg.web.comparing.pages import comparing_blueprint
from digitech_kg.web.explore.pages import explore_blueprint
from digitech_kg.web.history.pages import history_blueprint
from digitech_kg.web.http.assets import register_assets
from digitech_kg.web.http.clients import ClientLimits
from digitech_kg.web.http.languages import current_language, register_languages
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.http.problems import register_error_handlers
from digitech_kg.web.ontology.shapes import shapes_blueprint
from digitech_kg.web.pages.answers.pages import answers_blueprint
from digitech_kg.web.pages.browse import browse_blueprint
from digitech_kg.web.pages.discovery import discovery_blueprint
from digitech_kg.web.pages.documents import documents_blueprint
from digitech_kg.web.pages.editor import editor_blueprint
from digitech_kg.web.pages.firmness import firmness_blueprint
from digitech_kg.web.pages.resources import resources_blueprint
from digitech_kg.web.pages.search import search_blueprint
from digitech_kg.web.pages.start import pages_blueprint, results_blueprint
from digitech_kg.web.pages.suggestions import suggest
from digitech_kg.web.reading.dataset import register_dataset
from digitech_kg.web.reading.results import register_result_formats
from digitech_kg.web.reading.wording import register_wording


def register_site(app: Flask, service: QueryService, settings: Settings, clients: ClientLimits) -> None:
    """Add pages, linked data, search, languages and error pages. Raises `CallError` for an unreadable `--text`."""
    cache, copies = PageCache(service), {name: TextCopy(text) for name, text in read_texts(settings.text).items()}
    app.register_blueprint(resources_blueprint(service))
    app.register_blueprint(pages_blueprint(service, cache, copies))
    app.register_blueprint(answers_blueprint(service, copies))
    app.register_blueprint(results_blueprint(service, clients))
    app.register_blueprint(browse_blueprint(service, cache, copies))
    app.register_blueprint(documents_blueprint(service, cache, copies))
    app.register_blueprint(firmness_blueprint(service, cache))
    app.register_blueprint(search_blueprint(service, cache))
    app.register_blueprint(editor_blueprint(service))
    app.register_blueprint(explore_blueprint(service, cache))
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
    app.context_processor(lambda: {"past": wanted_version()})
    register_error_handlers(app, suggest=lambda path: suggest(service, path, current_language()))
