"""What search engines and other crawlers read: `/sitemap.xml` and `/robots.txt`."""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Blueprint, Response, url_for

from digitech_kg.engine import QueryService
from digitech_kg.hooks import links_on
from digitech_kg.web.reading.reader import GraphReader

#: Addresses that one sitemap may hold (https://www.sitemaps.org/protocol.html).
_MOST_ADDRESSES = 50_000


def discovery_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of the sitemap and of robots.txt."""
    blueprint = Blueprint("discovery", __name__)

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        # Every query has a page of its own: crawling those would only cost.
        closed = [
            url_for("sparql.sparql"),
            url_for("results.results"),
            url_for("search.search"),
            url_for("editor.known").removesuffix("known"),
        ]
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        lines.append(f"Sitemap: {url_for('discovery.sitemap', _external=True)}")
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/sitemap.xml")
    def sitemap() -> Response:
        return Response(write_sitemap(GraphReader(service)), content_type="application/xml; charset=utf-8")

    return blueprint


def write_sitemap(reader: GraphReader) -> str:
    """Return the addresses of the main pages and of all documents, things, claims and questions."""
    pages = (
        "pages.start",
        "firmness.board",
        "comparing.compare",
        "comparing.disagreements",
    )
    of_parts = (link.endpoint for link in links_on("navigation", reader.names))
    addresses = [url_for(page, _external=True) for page in (*pages, *of_parts)]
    documents = sorted(reader.book.documents)
    addresses += [url_for("documents.document", name=name, _external=True) for name in documents]
    for iri in reader.book.iter_pages(_MOST_ADDRESSES - len(addresses)):
        addresses.append(url_for("browse.page", path=iri.removeprefix(reader.names.base), _external=True))
    body = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</urlset>\n'
    )
