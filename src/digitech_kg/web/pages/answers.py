"""The page of a saved question with its answer, and the answer's files: Excel and Word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.sparql_text.parameters import read_parameters
from digitech_kg.tables import make_table
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.answer_view import Answer
from digitech_kg.web.pages.citing import (
    OFFICE,
    Kept,
    Origin,
    Paragraph,
    claims_table,
    list_sources,
)
from digitech_kg.web.reading.dataset import find_question
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import certainty_mark, reserve_marks
from digitech_kg.web.site import Site


def footnote_of(answer: Answer, origin: Origin) -> str:
    """Return the answer as one footnote: what it says and leaves out, on what it rests, and where it stands."""
    sources = list_sources(answer.all_notes.values())
    rests = f" {_('Source:')} {sources}." if sources else ""
    return " ".join(filter(None, (answer.title, f"{answer.text}{rests}", _left_out(answer), origin.text)))


def _left_out(answer: Answer) -> str:
    """Return what the page tells beside the sentences; "" if that is nothing."""
    if answer.more:
        return ngettext(
            "One more sentence is at this address.", "%(num)d more sentences are at this address.", answer.more
        )
    rows = len(answer.table.rows) if answer.table.below else 0
    return (
        ngettext("A table of one row is at this address.", "A table of %(num)d rows is at this address.", rows)
        if rows
        else ""
    )


def keep(answer: Answer, origin: Origin) -> Kept:
    """Return what files have of an answer: its sentences with footnotes, its table, and the claims behind it."""
    table = make_table(_("Answer"), *_rows(answer))
    return Kept(
        answer.title,
        origin,
        answer.lead,
        tuple(Paragraph(said.text, tuple(note.told for note in said.notes)) for said in answer.said),
        (table, claims_table(answer.all_notes.values())),
        table,
        (origin.reference(answer.question.name, answer.title), *answer.references),
        ((_("Question"), answer.title),),
    )


def _rows(answer: Answer) -> tuple[list[str], list[list[str | None]]]:
    """Return the table of the answer with what its claims add: how firmly, by whom and where each row is said."""
    keys = [column.key for column in answer.table.columns]
    head = [column.head for column in answer.table.columns]
    rows = [[texts.get(key) for key in keys] for texts in answer.table.texts()]
    if not answer.all_notes:
        return head, rows
    for row, claims in zip(rows, answer.table.claims, strict=True):
        notes = [answer.all_notes[iri] for iri in claims if iri in answer.all_notes]
        told = ([note.cells()[place] for note in notes] for place in (1, 2, 3, 4))
        row += ["; ".join(dict.fromkeys(filter(None, texts))) or None for texts in told]
    return [*head, _("How it is put"), _("Whose view"), _("Source"), _("Page")], rows


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the page of each saved question and its files."""
    blueprint = site.blueprint("answers", __name__)

    @blueprint.get("/page/query/<name>")
    def question(name: str) -> str:
        reader = site.reader
        saved = find_question(reader, name)
        if saved.endpoints:
            # Nobody else is asked before somebody wants it, least of all for a crawler.
            return render_template("federated.html", question=saved)
        answer = _view(reader, name)
        origin = _origin(reader, answer)
        shown = {"given": _given(reader, answer), "permanent": origin.address, "footnote": footnote_of(answer, origin)}
        return render_template("answer.html", answer=answer, note_marks=_marks, **shown)

    @blueprint.get(f"/page/query/<name>/answer.<{OFFICE}:kind>")
    def file(name: str, kind: str) -> Response:
        answer = _view(site.reader, name)
        return keep(answer, _origin(site.reader, answer)).file(kind, name)

    yield blueprint


def _marks(claim: Any) -> tuple[Any, ...]:
    return (certainty_mark(claim), *reserve_marks(claim))


def _view(reader: GraphReader, name: str) -> Answer:
    question = find_question(reader, name)
    return Answer(reader, question, request.args)


def _origin(reader: GraphReader, answer: Answer) -> Origin:
    given = {**_given(reader, answer), "lang": None, "asOf": reader.version}
    return Origin(reader, url_for("answers.question", name=answer.question.name, **given, _external=True))


def _given(reader: GraphReader, answer: Answer) -> dict[str, Any]:
    """Return the language and the parameters of the question, as the request has them, for its links."""
    kept = {"lang", *(each.name for each in read_parameters(answer.question.text, reader.names))}
    # A route has these names already.
    return {key: values for key, values in request.args.lists() if key in kept - {"name", "kind"}}
