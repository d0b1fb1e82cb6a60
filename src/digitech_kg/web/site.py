"""What all pages of the server share: the query service, the settings and the limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from digitech_kg.engine.request import QueryService
from digitech_kg.settings import Settings
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.reading.addresses import lead_to_data
from digitech_kg.web.reading.reader import GraphReader

#: An address that may stand in a program as it is.
_SAFE: Final = re.compile(r"https?://(\[[0-9A-Fa-f:]+\]|[\w.\-]+)(:\d+)?(/[\w.\-~]+)*/?")


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
        """Reads the current version in the language of the request."""
        return GraphReader(self.service, current_language(), self.copies)

    @property
    def root(self) -> str:
        """The address of this server without a slash at the end, as it may stand in a program that is copied.

        It is the public one if that is set, else the one that was asked. A client can name any host, so an address that
        may do harm gives way to the base IRI of the project.
        """
        address = self.settings.public_url or request.url_root
        return (address if _SAFE.fullmatch(address) else self.service.names.base).rstrip("/")

    def blueprint(
        self,
        name: str,
        import_name: str,
        *,
        has_data: bool = False,
        is_negotiated: bool = False,
        templates: str | None = None,
    ) -> Blueprint:
        """Return a blueprint whose pages are kept for each version.

        With `has_data`, programs are led to the data of the IRIs that the pages are those of; `is_negotiated` answers
        come in the format that is asked for. `templates` is the folder of a part's own templates.
        """
        blueprint = Blueprint(name, import_name, template_folder=templates)
        if has_data:
            blueprint.before_request(partial(lead_to_data, self.service))
        if has_data or is_negotiated:
            blueprint.after_request(_negotiated)
        self._cache.attach(blueprint, is_negotiated=is_negotiated)
        return blueprint


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response
