"""The addresses of the pages and the data of IRIs, and what leads from one to the other."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urljoin

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import Book
from digitech_kg.engine.request import QueryService
from digitech_kg.errors import CallError, NotFound
from digitech_kg.formats import HTML, Format, by_name
from digitech_kg.namespaces import ONTOLOGY_IRI, SHAPES, Namespaces
from digitech_kg.web.http.languages import asked_language
from digitech_kg.web.http.middleware import PATH
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.reader import query_about

#: Formats of a description, in order of preference.
DATA_FORMATS: Final = tuple(map(by_name, ("turtle", "rdfxml", "jsonld", "ntriples", "trig", "nquads")))
#: What the address of a thing answers with.
PAGE_OR_DATA = (HTML, *DATA_FORMATS)
#: First path segments of IRIs whose pages have addresses of their own, not below `/page/`.
HAVE_PAGES = ("issue", "topic", "position")
#: First path segments of IRIs of which an unknown one has an error code of its own.
WITH_CODE = ("claim", "passage", "issue", "topic")
#: First path segments of IRIs that are described here.
DESCRIBED = ("id", "claim", "passage", "query", "graph", "comparison", "dataset", "mappings", *HAVE_PAGES)
#: Others of the project that lead to themselves here: pages, files and services.
_SERVED = ("document", "download", "ontology", "shapes", "sparql")
_SAFE_SCHEMES = ("http://", "https://", "mailto:")


def iri_of(path: str, names: Namespaces) -> str:
    """Return the IRI of the project with a path, e.g. `id/huawei`. Raises `NotFound` if none there is described."""
    if first_segment(path) not in DESCRIBED:
        raise NotFound(f"there is no page for '{path}'", hint="Search for what you meant.")
    return names.base + path


def nothing_about(book: Book, iri: str) -> NotFound:
    """Return the error for an IRI of the project of which nothing is known, with the nearest name."""
    path, close = iri.removeprefix(book.names.base), book.nearest(iri)
    hint = f"Did you mean {close}?" if close else "Search for what you meant."
    code = f"unknown-{first_segment(path)}" if first_segment(path) in WITH_CODE else None
    return NotFound(f"the graph holds nothing about {path}", hint=hint, code=code)


def first_segment(path: str) -> str:
    """Return what tells the kind of an IRI: `claim` of `claim/note/x`, `dataset` of `dataset#publisher`."""
    return path.split("/", 1)[0].split("#", 1)[0]


def comparison_of(things: Iterable[str], names: Namespaces) -> str:
    """Return the address of the page that compares two things."""
    first, second = map(names.shorten, things)
    return url_for("comparing.compare", a=first, b=second)


def page_of(iri: str, names: Namespaces) -> str | None:
    """Return where a click on an IRI leads: its page here, the outside address, or nowhere if its scheme is unsafe."""
    for document, path in ((ONTOLOGY_IRI, "ontology"), (SHAPES.rstrip("#"), "shapes")):
        # The packaged ontology and shapes are served by every project, whatever its own base IRI is.
        if iri == document or iri.startswith((f"{document}#", f"{document}/")):
            return f"{request.script_root}/{path}{iri.removeprefix(document)}"
    if not iri.startswith(names.base):
        return iri if iri.startswith(_SAFE_SCHEMES) else None
    path = iri.removeprefix(names.base)
    kind = first_segment(path)
    if kind in HAVE_PAGES:
        name, _, document = path.removeprefix(f"{kind}/").partition("#")[0].partition("/")
        # A position stands on the page of its issue.
        return url_for("topics.topic" if kind == "topic" else "issues.issue", name=name, _anchor=document or None)
    if kind in DESCRIBED:
        return _page_at(path)
    return f"{request.script_root}/{path}" if kind in _SERVED else iri


def _page_at(path: str) -> str:
    """Return the address of a page. A page links to hundreds, for which asking the router would take long."""
    language = asked_language()
    return f"{request.script_root}/page/{quote(path, safe=PATH)}" + (f"?lang={language}" if language else "")


def data_of(iri: str, fmt: Format, names: Namespaces) -> str:
    return url_for("resources.data", path=iri.removeprefix(names.base), extension=fmt.extension)


def resource_page(template: str, iri: str, names: Namespaces, **shown: object) -> Response:
    """Return the page of a resource: what is shown, and beside it its IRI, its data, its address and a query for it."""
    page = render_template(
        template,
        iri=iri,
        downloads=[(fmt, data_of(iri, fmt, names)) for fmt in DATA_FORMATS],
        canonical=urljoin(request.url_root, _lasting_page(iri, names)),
        query=query_about(names, iri),
        **shown,
    )
    return Response(page, headers={"Link": link_header(iri, names)}, mimetype=HTML.media_type)


def _lasting_page(iri: str, names: Namespaces) -> str:
    """Return the address of the page of an IRI of the project without the language of the request."""
    return (page_of(iri, names) or iri).partition("?")[0]


def link_header(iri: str, names: Namespaces) -> str:
    """Return the value of the Link header: the page and each format as alternates (RFC 8288)."""
    page = _lasting_page(iri, names)
    links = [f'<{page}>; rel="alternate"; type="{HTML.media_type}"']
    links += [f'<{data_of(iri, fmt, names)}>; rel="alternate"; type="{fmt.media_type}"' for fmt in DATA_FORMATS]
    return ", ".join(links)


def lead_to_data(service: QueryService) -> WerkzeugResponse | None:
    """Lead a program that asks at an IRI or its page to its data; None for who wants the page, or asks elsewhere."""
    names, path = service.names, request.path.removeprefix("/")
    iri = names.base + re.sub("^document/", "id/", path)
    if not service.book().is_known(iri) or (fmt := requested_format(PAGE_OR_DATA)) is HTML:
        return None
    response = redirect(data_of(iri, fmt, names), code=303)
    response.headers["Link"] = link_header(iri, names)
    return response


def requested_part(length: int, size: int) -> tuple[int, int]:
    """Return which part of a list of some length is asked for, and how many parts there are.

    Raises `CallError` unless it is a number from 1, and `NotFound` for a part after the last.
    """
    text, parts = request.args.get("part", "1"), max(1, -(-length // size))
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text)):
        raise CallError(f"'{text[:40]}' is not the number of a part", hint="Parts are numbered from 1.")
    if (part := int(text)) > parts:
        raise NotFound(f"this page has no part {part}", hint="Parts are numbered from 1.")
    return part, parts
