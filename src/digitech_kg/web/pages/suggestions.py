"""What somebody meant by an address that leads nowhere: pages that are spelt alike, and things named like it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from flask import current_app, request

from digitech_kg.engine import QueryService
from digitech_kg.web.pages.search import Found, look_up
from digitech_kg.web.reading.addresses import DESCRIBED

#: Letters of an address that are searched for.
_LONGEST = 100
_MOST_FOUND = 8
#: First segments of addresses that name a thing.
_OF_THINGS = frozenset(("page", "data", "document", *DESCRIBED))
#: Score from which another address may mean a thing, and letters up to which a word means only what is called so:
#: `/login` and `/home` are addresses of other sites, not names that were misspelt.
_SURE, _SHORT = 80.0, 5


@dataclass(frozen=True)
class Suggestions:
    """The words of an address; addresses of pages that look like it; what a search finds for the words."""

    words: str
    pages: tuple[str, ...]
    found: Found


def suggest(service: QueryService, path: str, language: str) -> Suggestions:
    """Return what may have been meant by a path."""
    segments = path.strip("/").split("/")
    words = re.sub(r"[\W_]+", " ", segments[-1]).strip()[:_LONGEST]
    names_a_thing = len(segments) > 1 and segments[0] in _OF_THINGS
    least = 0.0 if names_a_thing else _SURE if len(words) > _SHORT else 100.0
    return Suggestions(words, _pages_like(path), look_up(service, words, language, limit=_MOST_FOUND, least=least))


def _pages_like(path: str) -> tuple[str, ...]:
    """Return the pages without a parameter, such as `/about`, whose addresses look like a path."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
    others = {rule.rule for rule in rules} - {path}
    close = difflib.get_close_matches(path.lower().rstrip("/"), others, n=2, cutoff=0.75)
    return tuple(request.script_root + page for page in close)
