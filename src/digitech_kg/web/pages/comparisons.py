"""`/compare`: two things or two documents side by side, and each pair of claims that meet; the same as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from digitech_kg.comparison.reports import ComparisonReader
from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import HTML, JSON
from digitech_kg.tables import make_table, to_xlsx
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.answers.citing import Note, Notes, Origin, claims_table, origin_at
from digitech_kg.web.pages.answers.pages import OFFICE, as_file
from digitech_kg.web.pages.comparison_view import SHOWN_ALONE, Cell, Compared, view_comparison
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.labels import data_links, iri_of, link_header, nothing_about
from digitech_kg.web.site import Site

_NotesOf = Mapping[str, Note]


def rows_of(view: Compared) -> Iterator[tuple[str, str, Cell, Cell]]:
    """Yield a comparison as rows: subject, point, and what is said of each side."""
    for group in view.groups:
        for row in group.rows:
            first, second = row.sides or (Cell(), Cell())
            yield group.text, row.text, _with(first, row.both.claims), _with(second, row.both.claims)
    if view.alone:
        first_alone, second_alone = view.alone
        yield _("Said of one only"), "", Cell(first_alone), Cell(second_alone)


def _with(cell: Cell, claims: tuple[ClaimView, ...]) -> Cell:
    return Cell(claims + cell.claims, cell.position)


def _texts(cell: Cell, notes: _NotesOf) -> str:
    lines = [f"{claim.sentence} ({notes[claim.iri].short})" for claim in cell.claims if claim.iri in notes]
    return "\n".join([*([cell.position.words] if cell.position else []), *lines])


def to_excel(view: Compared, notes: _NotesOf, origin: Origin) -> bytes:
    """Return a workbook: the comparison, its claims with pages and references, and where it comes from."""
    head = [_("Subject"), _("Point"), *(side.name.text for side in view.sides if side.name)]
    rows = [[group, point, *(_texts(cell, notes) or None for cell in cells)] for group, point, *cells in rows_of(view)]
    about = [(_("Comparison"), view.title), (_("Answer"), view.finding), (_("Dataset"), origin.dataset)]
    about += [(_("Version"), origin.version), (_("Address"), origin.address)]
    sheets = (make_table(_("Comparison"), head, rows), claims_table(notes.values()))
    return to_xlsx((*sheets, make_table(_("About"), [_("What"), _("Text")], about)), created=origin.date)


def to_word(view: Compared, notes: _NotesOf, origin: Origin) -> bytes:
    """Return a document with a footnote to each claim."""
    document = WordDocument(view.title, origin.language)
    document.heading(view.title)
    document.paragraph(view.finding)
    names = [side.name.text for side in view.sides if side.name]
    for group, point, *cells in rows_of(view):
        document.heading(": ".join(filter(None, (group, point))), 2)
        for name, cell in zip(names, cells, strict=True):
            for claim in cell.claims:
                document.paragraph(f"{name}: {claim.sentence}", [notes[claim.iri].told])
    document.paragraph(origin.text)
    return document.to_bytes(origin.date)


FILES: Final[Mapping[str, Callable[[Compared, _NotesOf, Origin], bytes]]] = {"xlsx": to_excel, "docx": to_word}


def _as_json(view: Compared) -> dict[str, object]:
    """Return a comparison for programs."""

    def told(claims: Iterable[ClaimView]) -> list[dict[str, str]]:
        return [{"claim": claim.iri, "sentence": claim.sentence} for claim in claims]

    points = [
        {"subject": group, "point": point, "said": [told(cell.claims) for cell in cells]}
        for group, point, *cells in rows_of(view)
    ]
    names = [{"iri": side.name.iri, "label": side.name.text} for side in view.sides if side.name]
    one = told(line.claim for line in view.one.lines) if view.one else []
    return {"compared": names, "finding": view.finding, "points": points, "claims": one}


def comparing_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of its pages; programs get what `/compare` shows as JSON, at the same address."""
    reader = site.reader

    def answer_programs() -> Response | None:
        if request.endpoint != "comparing.compare" or requested_format((HTML, JSON)) is HTML:
            return None
        view = view_comparison(reader, request.args, current_language())
        return make_response(jsonify(_as_json(view)), 404 if view.is_unknown else 200)

    blueprint = site.blueprint("comparing", __name__, programs=answer_programs)

    @blueprint.get("/compare")
    def compare() -> Response:
        page, script = view_comparison(reader, request.args, current_language()), script_address("suggest")
        shown = render_template("compare.html", page=page, script=script, most=SHOWN_ALONE)
        return make_response(shown, 404 if page.is_unknown else 200)

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        iri, source = iri_of(f"comparison/{name}", reader.names), ComparisonReader(reader.book, current_language())
        found = [pair for pair in source.comparisons if pair.iri == iri]
        if not found:
            raise nothing_about(iri.removeprefix(reader.names.base))
        pair = source.read_pairs(found)[0]
        claims = load_claims_of(reader, (found[0].first, found[0].second), current_language())
        told = {"pair": pair, "title": _titles()[pair.kind], "claims": claims, **data_links(iri, reader.names)}
        return make_response(render_template("comparison.html", **told), {"Link": link_header(iri, reader.names)})

    @blueprint.get(f"/compare.<any({', '.join(FILES)}):kind>")
    def download(kind: str) -> Response:
        view = view_comparison(reader, request.args, current_language())
        maker = Notes(reader, current_language(), list(view.claims), {})
        notes = {claim.iri: maker.make(claim) for claim in view.claims}
        asked = {side.key: side.text for side in view.sides if side.text}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        return as_file(FILES[kind](view, notes, origin_at(site.service, address)), OFFICE[kind], f"comparison.{kind}")

    return blueprint


def _titles() -> dict[str, str]:
    """Return what a pair of claims comes to, by its kind."""
    return {
        "contradicts": _("One says so, one says that it is not"),
        "inTensionWith": _("On different sides, at least one with a reserve"),
        "differsFrom": _("Two documents differ, and both can be right"),
        "firmerThan": _("On the same side, one more firmly"),
        "corroborates": _("Agree"),
    }
