"""A comparison as Excel and Word: what it comes to, its sentences, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from digitech_kg.comparison.reading import ComparedClaim
from digitech_kg.exports.word import WordDocument
from digitech_kg.tables import Table, make_table, to_xlsx
from digitech_kg.web.comparing.reading import SideBySide
from digitech_kg.web.comparing.telling import kind_name, sentences_of, state_name, title_of
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.citing import Note, Origin, claims_table

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
