"""Choose the format of an answer by `?format=`, or else by the Accept header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.formats import HTML, Format, Kind, by_name, of_kind

_SOLUTIONS = of_kind(Kind.SOLUTIONS)
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
    """Return the format of an answer to the current request, by `?format=` or else by its Accept header.

    The first of `offered` is the default. Raises `NotAcceptable` if the client takes none of them, `CallError` for an
    unknown name.
    """
    if wanted := request.args.get("format"):
        return by_name(_SYNONYMS.get(wanted.lower(), wanted), tuple(offered))
    accept = request.headers.get("Accept", "")
    best = best_format(accept, offered) if accept.strip() else offered[0]
    if best is None:
        raise _not_acceptable(accept, offered)
    return best


def requested_graph_format() -> Format:
    """Return the RDF format of an answer to the current request; a browser gets the default, which it can show."""
    fmt = requested_format((*_GRAPHS, HTML))
    return _GRAPHS[0] if fmt is HTML else fmt


def best_format(accept: str, offered: Sequence[Format]) -> Format | None:
    """Return the offered format that an Accept header prefers, or None if it takes none of them."""
    return _best(_parse_accept(accept), tuple(offered))


@lru_cache(maxsize=1024)
def prefers_page(accept: str) -> bool:
    """Return whether an Accept header asks for HTML rather than for any query result."""
    return HTML.media_type in accept and _page_is_best(_parse_accept(accept))


@lru_cache(maxsize=1024)
def choose_results(accept: str, wanted: str | None = None) -> ResultFormats:
    """Return the formats of a query's result for an Accept header, or for `?format=`; raises as `requested_format`."""
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
    choice = ResultFormats(_named(name, _SOLUTIONS), _named(name, _GRAPHS))
    if not (choice.solutions or choice.graph):
        by_name(name, (*_SOLUTIONS, *_GRAPHS))
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
    named = _named_types(accepted)
    ranks = {
        (quality, media_type in named, media_type not in fmt.aliases, -index): fmt
        for index, fmt in enumerate(offered)
        for media_type in (fmt.media_type, *fmt.aliases)
        # A range such as text/* means our own types: an alias, or a page beside data, has to be named.
        if media_type in named or not (media_type in fmt.aliases or (fmt is HTML and index > 0))
        if (quality := accepted.quality(media_type)) > 0
    }
    return ranks[max(ranks)] if ranks else None


def _named_types(accepted: MIMEAccept) -> set[str]:
    return {value.split(";")[0].strip().lower() for value, _quality in accepted}


def _page_is_best(accepted: MIMEAccept) -> bool:
    is_named = HTML.media_type in _named_types(accepted)
    return is_named and _best(accepted, (HTML, *_SOLUTIONS, *_GRAPHS)) is HTML


def _not_acceptable(accept: str, offered: Sequence[Format]) -> NotAcceptable:
    message = f"none of the accepted media types is available: {accept[:200]}"
    return NotAcceptable(message, available=[fmt.media_type for fmt in offered])
