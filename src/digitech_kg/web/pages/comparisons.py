"""`/compare`: two documents or several things side by side, and each pair of claims that meet; the same as files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from digitech_kg.comparison.reports import ComparedClaim
from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import HTML, JSON
from digitech_kg.tables import Table, make_table, to_xlsx
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.answers.citing import Note, Notes, Origin, claims_table, origin_at
from digitech_kg.web.pages.answers.pages import OFFICE, as_file
from digitech_kg.web.pages.comparison_view import (
    COLUMNS,
    SideBySide,
    kind_name,
    pair_title,
    read_claims,
    read_pair,
    read_side_by_side,
    sentences_of,
    state_name,
    title_of,
)
from digitech_kg.web.reading.labels import data_links, iri_of, link_header
from digitech_kg.web.site import Site

NotesOf = Mapping[str, Note]


def to_excel(view: SideBySide, notes: NotesOf, origin: Origin) -> bytes:
    """Return a workbook: the comparison, its claims with pages and references, and where it comes from."""
    about = [(_("Comparison"), title_of(view)), *((_("Answer"), text) for text, _first in sentences_of(view))]
    about += [(_("Dataset"), origin.dataset), (_("Version"), origin.version), (_("Address"), origin.address)]
    sheets = (_table(view, notes), claims_table(notes.values()), make_table(_("About"), [_("What"), _("Text")], about))
    return to_xlsx(sheets, created=origin.date)


def to_word(view: SideBySide, notes: NotesOf, origin: Origin) -> bytes:
    """Return a document with a footnote to each claim."""
    document = WordDocument(title_of(view), origin.language)
    document.heading(title_of(view))
    document.paragraph(" ".join(text for text, _first in sentences_of(view)))
    for point in view.points:
        document.heading(f"{point.predicate.text[:1].upper()}{point.predicate.text[1:]} ({state_name(point)})", 2)
        for column, said in zip(view.columns, point.said, strict=True):
            _write(document, column.text, said, notes)
    if view.pairs:
        document.heading(_("Where documents meet"), 2)
    for pair in view.pairs:
        document.heading(kind_name(pair.kind), 3)
        for one in (pair.first, pair.second):
            _write(document, one.document_label.text, (one,), notes)
        document.paragraph(pair.reason)
    document.heading(_("Sources"), 2)
    for reference in dict.fromkeys(reference for note in notes.values() for reference in note.references):
        document.paragraph(f"{reference.footnote()} {reference.address}".strip())
    document.paragraph(origin.text)
    return document.to_bytes(origin.date)


FILES: Final[Mapping[str, Callable[[SideBySide, NotesOf, Origin], bytes]]] = {"xlsx": to_excel, "docx": to_word}


def _write(document: WordDocument, name: str, said: tuple[ComparedClaim, ...], notes: NotesOf) -> None:
    for one in said:
        document.paragraph(f"{name}: {one.sentence.text}", [notes[one.claim].told] if one.claim in notes else ())
    if not said:
        document.paragraph(f"{name}: {_('is silent')}")


def _table(view: SideBySide, notes: NotesOf) -> Table:
    """Return a row for each point, or for each pair of claims of two documents."""
    if view.documents:
        header = [_("Comparison"), view.documents.first.text, view.documents.second.text, _("Why")]
        rows = [[kind_name(p.kind), _cell((p.first,), notes), _cell((p.second,), notes), p.reason] for p in view.pairs]
    else:
        header = [_("Point"), _("State"), *(column.text for column in view.columns)]
        rows = [[p.predicate.text, state_name(p), *(_cell(said, notes) for said in p.said)] for p in view.points]
    return make_table(_("Comparison"), header, rows)


def _cell(said: tuple[ComparedClaim, ...], notes: NotesOf) -> str:
    """Return claims as sentences, each with who says it, where, and how firmly."""
    lines = [f"{one.sentence.text} ({_place(notes.get(one.claim), one)})" for one in said]
    return "\n".join(lines) or _("is silent")


def _place(note: Note | None, said: ComparedClaim) -> str:
    return f"{note.short}; {note.cells()[1]}" if note else said.document_label.text


def comparing_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of its pages; programs get what `/compare` shows as JSON, at the same address."""
    reader = site.reader

    def answer_programs() -> Response | None:
        if request.endpoint != "comparing.compare" or requested_format((HTML, JSON)) is HTML:
            return None
        return jsonify(dataclasses.asdict(read_side_by_side(reader, request.args, current_language())))

    blueprint = site.blueprint("comparing", __name__, programs=answer_programs)

    @blueprint.get("/compare")
    def compare() -> str:
        view = read_side_by_side(reader, request.args, current_language())
        claims = read_claims(reader, view.pairs, current_language(), view.points)
        told = {"title": title_of(view), "sentences": sentences_of(view)}
        words = {"kind_name": kind_name, "state_name": state_name, "columns": COLUMNS}
        return render_template("compare.html", view=view, claims=claims, **told, **words)

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        iri = iri_of(f"comparison/{name}", reader.names)
        pair = read_pair(reader, iri, current_language())
        told = {"pair": pair, "title": pair_title(pair.kind), "kind_name": kind_name}
        claims = read_claims(reader, [pair], current_language())
        shown = render_template("comparison.html", claims=claims, **told, **data_links(iri, reader.names))
        response = make_response(shown)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    @blueprint.get(f"/compare.<any({', '.join(FILES)}):kind>")
    def download(kind: str) -> Response:
        view = read_side_by_side(reader, request.args, current_language())
        claims = read_claims(reader, view.pairs, current_language(), view.points)
        maker = Notes(reader, current_language(), list(claims.values()), {})
        notes = {iri: maker.make(claim) for iri, claim in claims.items()}
        asked = {column: request.args[column] for column in COLUMNS if column in request.args}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        content = FILES[kind](view, notes, origin_at(site.service, address))
        return as_file(content, OFFICE[kind], f"comparison.{kind}")

    return blueprint
