"""Content negotiation over the format table (RFC 9110, section 12.5.1), with `?format=` for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from digitech_kg.engine.table_files import available_tables
from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.formats import TABLES, Format, Kind, by_name, of_kind

HTML = "text/html"
_SOLUTIONS = (*of_kind(Kind.SOLUTIONS), *available_tables())
_GRAPHS = of_kind(Kind.GRAPH, Kind.DATASET)
#: What clients call formats beside their name, extension and media type.
_SPOKEN = {"rdf+xml": "rdfxml", "json-ld": "jsonld", "n3": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
#: A parameter of a media range other than its quality, such as a charset or profile. We offer types without any, so a
#: range that names one would fit nothing.
_RANGE_PARAMETER = re.compile(r";\s*(?!q\s*=)[\w!#$&^.+-]+\s*=\s*(?:\"[^\"]*\"|[^;,\"]*)", re.IGNORECASE)


class NegotiatedRequest(Request):
    """A request whose `accept_mimetypes` are read the way that the endpoint reads them."""

    @cached_property
    def accept_mimetypes(self) -> MIMEAccept:
        """The media ranges that the client takes, each by its type alone; empty without the header."""
        return parse_accept(self.headers.get("Accept", ""))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a client gets for each form of query; `html` if it prefers a page to all of them."""

    solutions: Format | None
    graph: Format | None
    html: bool = False


@lru_cache(maxsize=1024)
def prefers_page(accept: str) -> bool:
    """Whether an Accept header asks for HTML rather than for anything that a program reads."""
    return HTML in accept and _prefers_html(parse_accept(accept))


@lru_cache(maxsize=1024)
def choose(accept: str, wanted: str | None = None) -> Choice:
    """Give the formats for an Accept header ("" if there is none), or for the `format` parameter if that is given.

    Raises `NotAcceptable` if neither solutions nor graphs have a format that the client takes, `CallError` for an
    unknown `format`.
    """
    if wanted:
        return _by_parameter(wanted)
    if not accept.strip():
        return Choice(_SOLUTIONS[0], _GRAPHS[0])
    accepted = parse_accept(accept)
    choice = Choice(_best(accepted, _SOLUTIONS), _best(accepted, _GRAPHS), _prefers_html(accepted))
    if not (choice.solutions or choice.graph or choice.html):
        available = [f.media_type for f in (*_SOLUTIONS, *_GRAPHS)]
        raise NotAcceptable(f"no result can be given as '{accept}'", available=available)
    return choice


def parse_accept(accept: str) -> MIMEAccept:
    """Give the ranges of an Accept header, each by its type alone."""
    return parse_accept_header(_RANGE_PARAMETER.sub("", accept), MIMEAccept)


def _by_parameter(wanted: str) -> Choice:
    name = _SPOKEN.get(wanted.lower(), wanted.lower())
    if name == "html":
        return Choice(None, None, html=True)
    found: list[Format | None] = []
    # A table that cannot be written here is refused with the reason, once it is known that it was asked for.
    for formats in ((*of_kind(Kind.SOLUTIONS), *TABLES), _GRAPHS):
        try:
            found.append(by_name(name, formats))
        except CallError:
            found.append(_sibling(name, formats))
    if not any(found):
        by_name(name, (*of_kind(Kind.SOLUTIONS), *TABLES, *_GRAPHS))
    return Choice(found[0], found[1])


def _sibling(name: str, formats: tuple[Format, ...]) -> Format | None:
    """`json` and `xml` mean something for graphs as well, and the other way round."""
    siblings = {"json": "jsonld", "xml": "rdfxml", "jsonld": "json", "rdfxml": "xml"}
    return next((f for f in formats if f.name == siblings.get(name)), None)


def _best(accepted: MIMEAccept, formats: tuple[Format, ...]) -> Format | None:
    """Give the format with the highest quality; among equals the more specific range, then our own order."""
    best: tuple[float, int, int] | None = None
    chosen = None
    for index, fmt in enumerate(formats):
        for media_type in (fmt.media_type, *fmt.aliases):
            quality = accepted.quality(media_type)
            named = any(value.split(";")[0].strip().lower() == media_type for value, _ in accepted)
            # A range such as text/* means our own types; an alias counts only for clients that name it.
            if quality <= 0 or (media_type in fmt.aliases and not named):
                continue
            rank = (quality, int(named), -index)
            if best is None or rank > best:
                best, chosen = rank, fmt
    return chosen


def _prefers_html(accepted: MIMEAccept) -> bool:
    """Whether `text/html` is asked for by name and nothing of ours is asked for as much."""
    if not any(value.split(";")[0].strip().lower() == HTML for value, _ in accepted):
        return False
    ours = [t for f in (*_SOLUTIONS, *_GRAPHS) for t in (f.media_type, *f.aliases)]
    return accepted.quality(HTML) >= max(0.001, *(accepted.quality(t) for t in ours))
