"""`/compare`: two things or two documents side by side, and each pair of claims that meet; the same as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for

from digitech_kg.tables import make_table
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.citing import OFFICE, Kept, Notes, Origin, claims_table
from digitech_kg.web.pages.comparison_view import Compared, pair_titles
from digitech_kg.web.reading.labels import iri_of, nothing_about, resource_page
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import NOTHING, Group, Telling
from digitech_kg.web.site import Site


def _rows(view: Compared) -> Iterator[tuple[str, str, tuple[Group, ...]]]:
    """Yield a comparison as rows: subject, point, and what is said of each side."""
    for subject in view.subjects:
        for row in (*subject.rows, *subject.folded):
            point = f"{row.text} ({row.note})" if row.note else row.text
            sides = row.sides or (NOTHING, NOTHING)
            both = row.both.sentences
            yield subject.text, point, tuple(replace(side, sentences=(*both, *side.sentences)) for side in sides)
    for place, own in enumerate(view.alone):
        for topic, group in own:
            yield _("Said of one only"), topic, (NOTHING, group) if place else (group, NOTHING)


def _keep(reader: GraphReader, view: Compared, address: str) -> Kept:
    """Return a comparison as it is kept: a table with a short reference to each claim, and the claims."""
    told = list(_rows(view))
    claims = {one.claim.iri: one.claim for *_where, sides in told for side in sides for one in side.sentences}
    maker = Notes(reader, list(claims.values()))
    notes = {iri: maker.make(claim) for iri, claim in claims.items()}

    def cell(side: Group) -> str | None:
        position = [side.position.words] if side.position else []
        lines = [f"{one.claim.sentence} ({notes[one.claim.iri].short})" for one in side.sentences]
        return "\n".join([*position, *lines]) or None

    heads = [_("Subject"), _("Point"), *(side.name.text for side in view.sides if side.name)]
    table = make_table(_("Comparison"), heads, [[subject, point, *map(cell, sides)] for subject, point, sides in told])
    sheets, about = (table, claims_table(notes.values())), ((_("Comparison"), view.title),)
    sources, origin = (
        tuple(dict.fromkeys(r for note in notes.values() for r in note.references)),
        Origin(reader, address),
    )
    return Kept(view.title, origin, view.finding, sheets=sheets, table=table, sources=sources, about=about)


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint = site.blueprint("comparing", __name__)

    @blueprint.get("/compare")
    def compare() -> Response:
        page = Compared(site.reader, request.args)
        return make_response(render_template("compare.html", page=page), 404 if page.is_unknown else 200)

    @blueprint.get(f"/compare.<{OFFICE}:kind>")
    def download(kind: str) -> Response:
        view = Compared(site.reader, request.args)
        asked = {side.key: side.text for side in view.sides if side.text}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        return _keep(site.reader, view, address).file(kind, "comparison")

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

    yield blueprint
