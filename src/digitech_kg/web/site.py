"""What all pages of the server are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.settings import Settings
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True)
class Site:
    """A server's query service and settings, and what its pages share. Parts get it to make their blueprints."""

    service: QueryService
    settings: Settings
    #: Limits how much one client may ask.
    clients: ClientLimits
    #: The operator's own copies of texts, by document.
    copies: Mapping[str, TextCopy]
    _cache: PageCache

    @property
    def reader(self) -> GraphReader:
        """Reads the current version for pages."""
        return GraphReader(self.service)

    def blueprint(
        self,
        name: str,
        import_name: str,
        *,
        programs: Callable[[], WerkzeugResponse | None] | None = None,
        templates: str | None = None,
    ) -> Blueprint:
        """Return a blueprint whose pages are kept for each version.

        `programs` is asked first: it answers who wants data, and returns None for who wants the page. `templates` is
        the folder of a part's own templates.
        """
        blueprint = Blueprint(name, import_name, template_folder=templates)
        if programs:
            blueprint.before_request(programs)
            blueprint.after_request(_negotiated)
        self._cache.attach(blueprint)
        return blueprint


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response
