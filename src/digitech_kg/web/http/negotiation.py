"""Content negotiation over the format table (RFC 9110, section 12.5.1), with `?format=` for people.

All views choose a format here. A page is sent if it is the default of an address, or if the client names HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.formats import HTML, TABLES, Format, Kind, by_name, of_kind

_SOLUTIONS = (*of_kind(Kind.SOLUTIONS), *TABLES)
_GRAPHS = of_kind(Kind.GRAPH, Kind.DATASET)
#: Other names that clients use for formats, besides name, extension and media type.
_SYNONYMS = {"rdf+xml": "rdfxml", "json-ld": "jsonld", "n3": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
#: Formats that have one name for solutions and another for graphs.
_SIBLINGS = {"json": "jsonld", "xml": "rdfxml", "jsonld": "json", "rdfxml": "xml"}
#: A parameter of a media range other than its quality, such as a charset or profile. Our types have none, so a
#: range that names one would match nothing.
_RANGE_PARAMETER = re.compile(r";\s*(?!q\s*=)[\w!#$&^.+-]+\s*=\s*(?:\"[^\"]*\"|[^;,\"]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResultFormats:
    """The formats of a query's result, by query form; `html` if the client prefers a page to all of them."""

    solutions: Format | None
    graph: Format | None
    html: bool = False


def requested_format(offered: Sequence[Format]) -> Format:
    """Return the format of an answer to the current request; raises as `choose_format`."""
    return choose_format(request.headers.get("Accept", ""), request.args.get("format"), offered)


def requested_graph_format() -> Format:
    """Return the RDF format of an answer to the current request; a browser gets the default, which it can show."""
    fmt = requested_format((*_GRAPHS, HTML))
    return _GRAPHS[0] if fmt is HTML else fmt


def choose_format(accept: str, wanted: str | None, offered: Sequence[Format]) -> Format:
    """Return the format for an Accept header ("" if there is none), or for `?format=` if it is given.

    The first of `offered` is the default. Raises `NotAcceptable` if the client takes none of them, `CallError` for an
    unknown name.
    """
    if wanted:
        return by_name(_SYNONYMS.get(wanted.lower(), wanted), tuple(offered))
    if not accept.strip():
        return offered[0]
    best = best_format(accept, offered)
    if best is None:
        raise _not_acceptable(accept, offered)
    return best


def best_format(accept: str, offered: Sequence[Format]) -> Format | None:
    """Return the offered format that an Accept header prefers, or None if it takes none of them."""
    return _best(_parse_accept(accept), tuple(offered))


@lru_cache(maxsize=1024)
def prefers_page(accept: str) -> bool:
    """Return whether an Accept header asks for HTML rather than for any query result."""
    return HTML.media_type in accept and _page_is_best(_parse_accept(accept))


@lru_cache(maxsize=1024)
def choose_results(accept: str, wanted: str | None = None) -> ResultFormats:
    """Return the formats of a query's result for an Accept header, or for `?format=`; raises as `choose_format`."""
    if wanted:
        return _results_by_name(wanted)
    if not accept.strip():
        return ResultFormats(_SOLUTIONS[0], _GRAPHS[0])
    accepted = _parse_accept(accept)
    choice = ResultFormats(_best(accepted, _SOLUTIONS), _best(accepted, _GRAPHS), _page_is_best(accepted))
    if not (choice.solutions or choice.graph or choice.html):
        raise _not_acceptable(accept, (*_SOLUTIONS, *_GRAPHS))
    return choice


def _results_by_name(wanted: str) -> ResultFormats:
    name = _SYNONYMS.get(wanted.lower(), wanted.lower())
    if name == HTML.name:
        return ResultFormats(None, None, html=True)
    # A table that can't be written here is refused later, with the reason.
    solutions = (*of_kind(Kind.SOLUTIONS), *TABLES)
    choice = ResultFormats(_named(name, solutions), _named(name, _GRAPHS))
    if not (choice.solutions or choice.graph):
        by_name(name, (*solutions, *_GRAPHS))
    return choice


def _named(name: str, formats: tuple[Format, ...]) -> Format | None:
    try:
        return by_name(name, formats)
    except CallError:
        return next((fmt for fmt in formats if fmt.name == _SIBLINGS.get(name)), None)


def _parse_accept(accept: str) -> MIMEAccept:
    """Return the ranges of an Accept header, each by its type alone."""
    return parse_accept_header(_RANGE_PARAMETER.sub("", accept), MIMEAccept)


def _best(accepted: MIMEAccept, offered: tuple[Format, ...]) -> Format | None:
    """Return the format with the highest quality; among equals one that is named, then the order of `offered`."""
    named = {value.split(";")[0].strip().lower() for value, _ in accepted}
    best: tuple[float, bool, bool, int] | None = None
    chosen = None
    for index, fmt in enumerate(offered):
        for media_type in (fmt.media_type, *fmt.aliases):
            quality = accepted.quality(media_type)
            # A range such as text/* means our own types: an alias, or a page beside data, has to be named.
            needs_name = media_type in fmt.aliases or (fmt is HTML and index > 0)
            if quality <= 0 or (needs_name and media_type not in named):
                continue
            rank = (quality, media_type in named, media_type not in fmt.aliases, -index)
            if best is None or rank > best:
                best, chosen = rank, fmt
    return chosen


def _page_is_best(accepted: MIMEAccept) -> bool:
    named = any(value.split(";")[0].strip().lower() == HTML.media_type for value, _ in accepted)
    return named and _best(accepted, (HTML, *_SOLUTIONS, *_GRAPHS)) is HTML


def _not_acceptable(accept: str, offered: Sequence[Format]) -> NotAcceptable:
    message = f"none of the accepted media types is available: {accept[:200]}"
    return NotAcceptable(message, available=[fmt.media_type for fmt in offered])
