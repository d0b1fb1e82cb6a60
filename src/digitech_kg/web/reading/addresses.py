"""Where IRIs lead: to a page, to data in a format, outside, or nowhere."""

from __future__ import annotations

from flask import request, url_for

from digitech_kg.errors import NotFound
from digitech_kg.formats import Format, by_name
from digitech_kg.namespaces import BASE, ONTOLOGY_IRI
from digitech_kg.web.http.urls import iri_of_path

#: Formats of a description, in order of preference.
DATA_FORMATS: tuple[Format, ...] = tuple(by_name(name) for name in ("turtle", "rdfxml", "jsonld", "ntriples"))
#: First path segments of IRIs that are described here.
DESCRIBED = ("id", "claim", "passage", "query", "graph", "dataset", "mappings", "agent", "history")
#: Others of ours that lead to themselves here: pages, files and services.
_SERVED = ("document", "download", "shapes", "sparql")
_SAFE_SCHEMES = ("http://", "https://", "mailto:")


def iri_of(path: str) -> str:
    """Give the IRI of ours with this path, e.g. `id/huawei`. Raises `NotFound` if nothing there is described here."""
    if path.split("/", 1)[0].split("#")[0] not in DESCRIBED:
        raise NotFound(f"there is no page for '{path}'", hint="Search for what you meant.")
    return iri_of_path(path)


def page_of(iri: str) -> str | None:
    """Give where a click on an IRI leads: its page here, the outside address, or nowhere if its scheme is unsafe."""
    if not iri.startswith(BASE):
        return iri if iri.startswith(_SAFE_SCHEMES) else None
    path = iri.removeprefix(BASE)
    if iri.startswith(ONTOLOGY_IRI):
        version, _, term = path.partition("#")
        root = f"{request.script_root}/{version}"
        return f"{root}#{term}" if term else root
    kind = path.split("/", 1)[0].split("#")[0]
    if kind == "history":
        return url_for("history.version", name=path.removeprefix("history/").partition("#")[0])
    if kind in DESCRIBED:
        return url_for("browse.page", path=path)
    return f"{request.script_root}/{path}" if kind in _SERVED else iri


def data_of(iri: str, fmt: Format) -> str:
    """Give where an IRI of ours is described in a format."""
    return url_for("resources.data", path=iri.removeprefix(BASE), extension=fmt.extension)
