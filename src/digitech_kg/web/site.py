"""What all blueprints of the server are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digitech_kg.engine import QueryService
from digitech_kg.settings import Settings
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.limits import ClientLimits


@dataclass(frozen=True)
class Site:
    """A server's query service and settings, and what its pages share. Parts get it to make their blueprints."""

    service: QueryService
    settings: Settings
    #: Keeps the pages of each blueprint that is attached to it.
    pages: PageCache
    #: Limits how much one client may ask.
    clients: ClientLimits
    #: The operator's own copies of texts, by document.
    copies: Mapping[str, TextCopy]
