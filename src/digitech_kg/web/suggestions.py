"""What somebody meant by an address that leads nowhere: pages and things that are spelt alike, or named like it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app, request

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import BASE
from digitech_kg.web import browse_queries
from digitech_kg.web.names import Name, Names
from digitech_kg.web.reader import GraphReader
from digitech_kg.web.search import Found, look_up

#: Letters of an address that are searched for.
_LONGEST = 100
_MOST_ALIKE = 3
_MOST_FOUND = 8
#: Things whose addresses are compared; a larger dataset is searched by name alone.
_MOST_COMPARED = 20_000


@dataclass(frozen=True)
class Suggestions:
    """The words of an address; addresses of pages and things that look like it; what a search finds for the words."""

    words: str
    pages: tuple[str, ...]
    alike: tuple[Name, ...]
    found: Found


def suggest(service: QueryService, path: str, language: str) -> Suggestions:
    """Give what may have been meant by a path."""
    words = re.sub(r"[\W_]+", " ", path.rstrip("/").rsplit("/", 1)[-1]).strip()[:_LONGEST]
    alike = _things_like(service, path.strip("/")[:_LONGEST])
    names = Names(GraphReader(service), language, alike)
    found = look_up(service, words, language, limit=_MOST_FOUND)
    return Suggestions(words, _pages_like(path), tuple(names.name(iri) for iri in alike), found)


def _pages_like(path: str) -> tuple[str, ...]:
    """Give the pages without a parameter, such as `/matrix`, whose addresses look like a path."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
    close = difflib.get_close_matches(path.lower().rstrip("/"), {rule.rule for rule in rules}, n=2, cutoff=0.75)
    return tuple(request.script_root + page for page in close)


def _things_like(service: QueryService, path: str) -> tuple[str, ...]:
    """Give the IRIs of things, claims and questions whose last part is spelt like that of a path."""
    by_name = _names_of_things(service, service.snapshot.version)
    close = difflib.get_close_matches(path.rsplit("/", 1)[-1].lower(), by_name, n=_MOST_ALIKE, cutoff=0.75)
    return tuple(by_name[name] for name in close)


@lru_cache(maxsize=2)
def _names_of_things(service: QueryService, _version: str) -> dict[str, str]:
    rows = GraphReader(service).rows(browse_queries.ALL_PAGES.format(limit=_MOST_COMPARED))
    iris = [row["thing"].value for row in rows]
    return {iri.removeprefix(BASE).rsplit("/", 1)[-1]: iri for iri in iris} if len(iris) < _MOST_COMPARED else {}
