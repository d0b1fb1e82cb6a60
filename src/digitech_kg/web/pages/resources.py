"""Linked data: an IRI of ours leads to a page or to data about it (Cool URIs, section 4.2; RFC 9110, 15.4.4).

`/id/…` and the like answer 303 and lead to `/page/…` for people and to `/data/…` for programs.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode, Triple, serialize
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML, Format, by_name
from digitech_kg.web.http.caching import script_address, tagged
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.citing import BIBTEX, origin_at, to_bibtex
from digitech_kg.web.pages.claim_page import view_claim
from digitech_kg.web.pages.files import as_file
from digitech_kg.web.pages.passages import view_passage
from digitech_kg.web.pages.thing_view import view_thing
from digitech_kg.web.reading.labels import (
    DATA_FORMATS,
    DESCRIBED,
    HAVE_PAGES,
    PAGE_OR_DATA,
    data_links,
    data_of,
    iri_of,
    link_header,
    nothing_about,
    page_of,
    part_wanted,
)
from digitech_kg.web.reading.reader import GraphReader, node
from digitech_kg.web.site import Site

#: What the graph holds with the resource as subject, and what the pieces are called; and what it holds of parts whose
#: IRIs lead to the same document, such as `history/000001-…#activity`.
_DESCRIPTION: Final = """
CONSTRUCT {
  $this ?property ?value .
  ?value rdfs:label ?label .
  ?part ?link ?end .
}
WHERE {
  {
    $this ?property ?value .
    OPTIONAL { ?value rdfs:label ?label }
  } UNION {
    $this ?via ?part .
    FILTER(ISIRI(?part) && STRSTARTS(STR(?part), CONCAT(STR($this), "#")))
    ?part ?link ?end .
  }
}
"""

#: Whether the graph holds anything about a resource.
_IS_KNOWN: Final = "ASK { $this ?property ?value }"
#: Named graphs, and what has a page of its own, answer for themselves.
_KINDS = ", ".join(kind for kind in DESCRIBED if kind not in ("graph", *HAVE_PAGES))


def resources_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/id/…` and the like, which answer 303, and of `/data/…`."""
    blueprint, service, reader = Blueprint("resources", __name__), site.service, site.reader

    @blueprint.get(f"/<any({_KINDS}):kind>", defaults={"rest": ""})
    @blueprint.get(f"/<any({_KINDS}):kind>/<path:rest>")
    def resource(kind: str, rest: str) -> WerkzeugResponse:
        path = f"{kind}/{rest}" if rest else kind
        iri, names = reader.names.base + path, reader.names
        fmt = requested_format(PAGE_OR_DATA)
        if not reader.ask(_IS_KNOWN, this=node(iri)):
            raise nothing_about(path)
        page = url_for("browse.page", path=path, lang=request.args.get("lang"))
        target = page if fmt is HTML else data_of(iri, fmt, names)
        response = redirect(target, code=303)
        response.vary.add("Accept")
        response.headers["Link"] = link_header(iri, names)
        return response

    @blueprint.get("/data/<path:path>.<any(ttl, rdf, jsonld, nt):extension>")
    def data(path: str, extension: str) -> Response:
        iri, fmt = iri_of(path, reader.names), by_name(extension, DATA_FORMATS)
        write = partial(describe_resource, service, iri, fmt)
        response = tagged(write, fmt.content_type, service.snapshot.version, iri, extension)
        response.headers["Link"] = f'<{iri}>; rel="describes", {link_header(iri, reader.names)}'
        return response

    return blueprint


def browse_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/page/…`; passages are quoted where there is a copy of the text."""
    blueprint, service, reader, copies = site.blueprint("browse", __name__), site.service, site.reader, site.copies

    @blueprint.get("/page/<path:path>")
    def page(path: str) -> WerkzeugResponse:
        iri = iri_of(path, reader.names)
        if path.split("/", 1)[0] in HAVE_PAGES:
            return redirect(page_of(iri, reader.names) or "", code=303)
        match path.split("/", 1)[0]:
            case "claim":
                claim = view_claim(reader, iri, current_language(), copies)
                cited = {"path": path.removeprefix("claim/"), "origin": origin_at(service, iri)}
                data = {**data_links(iri, reader.names), **cited}
                shown = render_template("claim.html", page=claim, script=script_address("copy"), **data)
            case "passage":
                passage = view_passage(reader, iri, current_language(), copies)
                shown = render_template("passage.html", page=passage, **data_links(iri, reader.names))
            case _:
                thing = view_thing(reader, iri, current_language(), part_wanted())
                shown = render_template("thing.html", thing=thing, **data_links(iri, reader.names))
        response = make_response(shown)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    @blueprint.get("/page/claim/<path:path>/cite.bib")
    def cite(path: str) -> Response:
        iri = iri_of(f"claim/{path}", reader.names)
        references = view_claim(reader, iri, current_language(), copies).references(origin_at(service, iri))
        return as_file(to_bibtex(references), BIBTEX, f"{path.rsplit('/', 1)[-1]}.bib")

    return blueprint


def describe_resource(service: QueryService, iri: str, fmt: Format) -> bytes:
    """Return the triples with the resource as subject and the labels of their values, with the project's prefixes.

    Raises `NotFound` if the graph holds nothing about it.
    """
    reader = GraphReader(service)
    triples = _describe(reader, reader.version, iri)
    if not triples:
        raise nothing_about(iri.removeprefix(reader.names.base))
    text = "".join(map(str, triples))
    used = {prefix: namespace for prefix, namespace in reader.names.prefixes.items() if namespace in text}
    return serialize(triples, format=fmt.rdf, prefixes=used) or b""


@lru_cache(maxsize=256)
def _describe(reader: GraphReader, _version: str, iri: str) -> tuple[Triple, ...]:
    """Read a description once for all formats that are asked for one after another."""
    found = set(reader.triples(_DESCRIPTION, this=node(iri)))
    return tuple(sorted(found, key=lambda triple: (triple.subject != NamedNode(iri), str(triple))))
