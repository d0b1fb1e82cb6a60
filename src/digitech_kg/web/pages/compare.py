"""`/compare`: two things or two documents side by side, and each pair of claims that meet."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from digitech_kg.web.http.caching import script_address
from digitech_kg.web.pages.comparison_view import pair_titles, view_comparison
from digitech_kg.web.reading.labels import iri_of, nothing_about, resource_page
from digitech_kg.web.reading.sentences import Telling
from digitech_kg.web.site import Site


def comparing_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of its pages."""
    blueprint = site.blueprint("comparing", __name__)

    @blueprint.get("/compare")
    def compare() -> Response:
        page, script = view_comparison(site.reader, request.args), script_address("suggest")
        shown = render_template("compare.html", page=page, script=script)
        return make_response(shown, 404 if page.is_unknown else 200)

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        reader, names = site.reader, site.service.names
        iri = iri_of(f"comparison/{name}", names)
        pair = next((pair for pair in reader.book.comparisons() if pair.iri == iri), None)
        if pair is None:
            raise nothing_about(iri.removeprefix(names.base))
        claims = (pair.first, pair.second)
        reason = reader.text(reader.book.describe([iri])[iri].sentences)
        told = Telling(reader, claims).sentences.values()
        shown = {"title": pair_titles()[pair.kind], "reason": reason, "documents": [*map(names.document_of, claims)]}
        return resource_page("comparison.html", iri, names, told=told, **shown)

    return blueprint
