"""`/compare`: two things or two documents side by side, and each pair of claims that meet; the same as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for

from digitech_kg.tables import make_table
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.citing import OFFICE, Kept, Notes, Origin, Paragraph, claims_table, origin_at
from digitech_kg.web.pages.comparison_view import Compared, pair_titles, view_comparison
from digitech_kg.web.reading.labels import iri_of, nothing_about, resource_page
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import NOTHING, Group, Telling
from digitech_kg.web.site import Site


def _rows(view: Compared) -> Iterator[tuple[str, str, tuple[Group, ...]]]:
    """Yield a comparison as rows: subject, point, and what is said of each side."""
    for subject in view.subjects:
        for row in (*subject.rows, *subject.folded):
            sides = row.sides or (NOTHING, NOTHING)
            told = (replace(side, sentences=(*row.both.sentences, *side.sentences)) for side in sides)
            yield subject.text, f"{row.text} ({row.note})" if row.note else row.text, tuple(told)
    for place, own in enumerate(view.alone):
        for topic, group in own:
            yield _("Said of one only"), topic, (group, NOTHING) if place == 0 else (NOTHING, group)


def _keep(reader: GraphReader, view: Compared, origin: Origin) -> Kept:
    """Return a comparison as it is kept: a footnote to each claim, and the claims with pages and references."""
    told, names = list(_rows(view)), [side.name.text for side in view.sides if side.name]
    found = (one.claim for _subject, _point, sides in told for side in sides for one in side.sentences)
    claims = list({claim.iri: claim for claim in found}.values())
    maker = Notes(reader, claims)
    notes = {claim.iri: maker.make(claim) for claim in claims}

    def texts(side: Group) -> str | None:
        lines = [f"{one.claim.sentence} ({notes[one.claim.iri].short})" for one in side.sentences]
        return "\n".join([*([side.position.words] if side.position else []), *lines]) or None

    rows, said = [], list[Paragraph]()
    for subject, point, sides in told:
        rows.append([subject, point, *map(texts, sides)])
        heading = ": ".join(filter(None, (subject, point)))
        for name, side in zip(names, sides, strict=True):
            for one in side.sentences:
                said.append(Paragraph(f"{name}: {one.claim.sentence}", (notes[one.claim.iri].told,), heading))
                heading = ""
    sheet = make_table(_("Comparison"), [_("Subject"), _("Point"), *names], rows)
    about = ((_("Comparison"), view.title),)
    return Kept(view.title, origin, view.finding, tuple(said), (sheet, claims_table(notes.values())), about=about)


def comparing_blueprint(site: Site) -> Blueprint:
    blueprint = site.blueprint("comparing", __name__)

    @blueprint.get("/compare")
    def compare() -> Response:
        page = view_comparison(site.reader, request.args)
        return make_response(render_template("compare.html", page=page), 404 if page.is_unknown else 200)

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

    @blueprint.get(f"/compare.<{OFFICE}:kind>")
    def download(kind: str) -> Response:
        view = view_comparison(site.reader, request.args)
        asked = {side.key: side.text for side in view.sides if side.text}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        return _keep(site.reader, view, origin_at(site.reader, address)).file(kind, "comparison")

    return blueprint
