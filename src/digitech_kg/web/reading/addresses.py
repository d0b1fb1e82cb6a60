"""Where IRIs lead: to a page or a part of one, to data in a format, outside, or nowhere."""

from __future__ import annotations

import re
from typing import Final

from flask import g, request, url_for

from digitech_kg.errors import CallError, NotFound
from digitech_kg.formats import HTML, Format, by_name
from digitech_kg.hooks import links_on
from digitech_kg.namespaces import ONTOLOGY_IRI, SHAPES, Namespaces

#: Formats of a description, in order of preference.
DATA_FORMATS: tuple[Format, ...] = tuple(by_name(name) for name in ("turtle", "rdfxml", "jsonld", "ntriples"))
#: What the address of a thing answers with.
PAGE_OR_DATA = (HTML, *DATA_FORMATS)
#: First path segments of IRIs that are described here.
DESCRIBED = ("id", "claim", "passage", "query", "graph", "comparison", "dataset", "mappings", "agent", "history")
#: Others of the project that lead to themselves here: pages, files and services.
_SERVED = ("document", "download", "ontology", "shapes", "sparql")
#: Paths that stand in an address as they are.
_PLAIN_PATH: Final = re.compile(r"[\w./-]+", re.ASCII)
_SAMPLE_PATH: Final = "id/sample-of-a-path"
_SAFE_SCHEMES = ("http://", "https://", "mailto:")


def iri_of(path: str, names: Namespaces) -> str:
    """Return the IRI of the project with a path, e.g. `id/huawei`. Raises `NotFound` if none there is described."""
    if first_segment(path) not in DESCRIBED:
        raise NotFound(f"there is no page for '{path}'", hint="Search for what you meant.")
    return names.base + path


def nothing_about(path: str) -> NotFound:
    """Return the error for an IRI of the project of which nothing is known."""
    return NotFound(f"the graph holds nothing about {path}", hint="Search for what you meant.")


def first_segment(path: str) -> str:
    """Return what tells the kind of an IRI: `claim` of `claim/note/x`, `dataset` of `dataset#publisher`."""
    return path.split("/", 1)[0].split("#", 1)[0]


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
    if kind == "history":
        return url_for("history.version", name=path.removeprefix("history/").partition("#")[0])
    if kind in DESCRIBED:
        return _page_at(path)
    return f"{request.script_root}/{path}" if kind in _SERVED else iri


def _page_at(path: str) -> str:
    """Return the address of a page. A page links to hundreds, so the router is asked for the first one alone."""
    if not _PLAIN_PATH.fullmatch(path):
        return url_for("browse.page", path=path)
    if "page_address" not in g:
        g.page_address = url_for("browse.page", path=_SAMPLE_PATH).partition(_SAMPLE_PATH)
    before, _, after = g.page_address
    return f"{before}{path}{after}"


def explanation_of(subject: str, predicate: str, value: str, names: Namespaces) -> str:
    """Return where it is explained why a fact holds; "" where no part does that."""
    link = next(links_on("fact", names), None)
    return url_for(link.endpoint, subject=subject, predicate=predicate, object=value) if link else ""


def data_of(iri: str, fmt: Format, names: Namespaces) -> str:
    """Return where an IRI of the project is described in a format."""
    return url_for("resources.data", path=iri.removeprefix(names.base), extension=fmt.extension)


def data_links(iri: str, names: Namespaces) -> dict[str, object]:
    """Return what every page of a resource shows beside its content: its IRI, its data, its address."""
    downloads = [(fmt, data_of(iri, fmt, names)) for fmt in DATA_FORMATS]
    return {
        "iri": iri,
        "downloads": downloads,
        "canonical": url_for("browse.page", path=iri.removeprefix(names.base), lang=None, _external=True),
    }


def link_header(iri: str, names: Namespaces) -> str:
    """Return the value of the Link header: the page and each format as alternates (RFC 8288)."""
    path = iri.removeprefix(names.base)
    page = page_of(iri, names) if path.startswith("history/") else url_for("browse.page", path=path, lang=None)
    links = [f'<{page}>; rel="alternate"; type="{HTML.media_type}"']
    links += [f'<{data_of(iri, fmt, names)}>; rel="alternate"; type="{fmt.media_type}"' for fmt in DATA_FORMATS]
    return ", ".join(links)


def part_wanted() -> int:
    """Return which part of a long page is asked for. Raises `CallError` unless it is a number from 1."""
    text = request.args.get("part", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text)):
        raise CallError(f"'{text[:40]}' is not the number of a part", hint="Parts are numbered from 1.")
    return int(text)


def check_part(part: int, parts: int) -> None:
    """Raise `NotFound` for a part after the last."""
    if part > max(1, parts):
        raise NotFound(f"this page has no part {part}", hint="Parts are numbered from 1.")
