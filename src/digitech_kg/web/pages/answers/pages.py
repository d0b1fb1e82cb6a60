"""The addresses of answers: the page of a saved question, and its files: Excel, Word and BibTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.engine import QueryService
from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import XLSX
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.sparql_text.parameters import read_parameters
from digitech_kg.tables import make_table, to_xlsx
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.answers.citing import (
    BIBTEX,
    Origin,
    Reference,
    claims_table,
    list_sources,
    origin_at,
    to_bibtex,
)
from digitech_kg.web.pages.answers.view import Answer, view_answer
from digitech_kg.web.reading.dataset import find_question
from digitech_kg.web.reading.marks import certainty_mark, reserve_marks
from digitech_kg.web.site import Site


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A kind of file: its name, media type, what it is called, and how it is written."""

    name: str
    media_type: str
    title: str
    write: Callable[[Answer, Origin], bytes]


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


def _references(answer: Answer, origin: Origin) -> list[Reference]:
    """Return the reference to the answer itself, then those to what it rests on."""
    key = f"{answer.question.name.replace('_', '-')}-{origin.version}"
    return [origin.reference(key, answer.title), *answer.references]


def _bibtex(answer: Answer, origin: Origin) -> bytes:
    return to_bibtex(_references(answer, origin)).encode()


def _answer_rows(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """Return the table of the answer with what its claims add: how firmly, by whom and where each row is said."""
    keys = [column.key for column in answer.table.columns]
    head = [column.head for column in answer.table.columns]
    rows = [[texts.get(key, "") for key in keys] for texts in answer.table.texts()]
    if not answer.all_notes:
        return head, rows
    extra = (_("How it is put"), _("Whose view"), _("Source"), _("Page"))
    for row, claims in zip(rows, answer.table.claims, strict=True):
        notes = [answer.all_notes[iri] for iri in claims if iri in answer.all_notes]
        told = ([note.cells()[place] for note in notes] for place in (1, 2, 3, 4))
        row += ["; ".join(dict.fromkeys(filter(None, texts))) for texts in told]
    return [*head, *extra], rows


def _about(answer: Answer, origin: Origin) -> list[tuple[str, str]]:
    return [
        (_("Question"), answer.title),
        (_("Answer"), answer.text),
        (_("Dataset"), origin.dataset),
        (_("Version"), origin.version),
        (_("Address"), origin.address),
        *((_("Source"), reference.footnote()) for reference in answer.references),
    ]


def _excel(answer: Answer, origin: Origin) -> bytes:
    head, rows = _answer_rows(answer)
    sheets = [
        make_table(_("Answer"), head, [[cell or None for cell in row] for row in rows]),
        claims_table(answer.all_notes.values()),
        make_table(_("About"), [_("What"), _("Text")], _about(answer, origin)),
    ]
    return to_xlsx(sheets, created=origin.date)


def _word(answer: Answer, origin: Origin) -> bytes:
    document = WordDocument(answer.title, origin.language)
    document.heading(answer.title)
    if answer.lead:
        document.paragraph(answer.lead)
    for said in answer.said:
        document.paragraph(said.text, [note.told for note in said.notes])
    if answer.table.rows:
        document.heading(_("Table"), 2)
        document.table(*_answer_rows(answer))
    document.heading(_("Sources"), 2)
    for reference in _references(answer, origin):
        document.paragraph(f"{reference.footnote()} {reference.address}".strip())
    return document.to_bytes(origin.date)


#: Media types of office files, by the end of their name.
OFFICE: Final = {
    "xlsx": XLSX.media_type,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: By the end of their address.
FILES: Final[Sequence[AnswerFile]] = (
    AnswerFile("answer.xlsx", OFFICE["xlsx"], "Excel", _excel),
    AnswerFile("answer.docx", OFFICE["docx"], "Word", _word),
    AnswerFile("answer.bib", BIBTEX, "BibTeX", _bibtex),
)
_BY_NAME: Final = {file.name: file for file in FILES}


def as_file(content: bytes | str, media_type: str, name: str) -> Response:
    """Return a response that a browser saves under a name."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def answers_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of what belongs to the answer of a saved question, beside its page."""
    blueprint, service = Blueprint("answers", __name__), site.service

    @blueprint.get(f"/page/query/<name>/<any({', '.join(_BY_NAME)}):file>")
    def file(name: str, file: str) -> Response:
        answer, kind = _view(service, name, site.copies), _BY_NAME[file]
        content = kind.write(answer, _origin(service, answer))
        return as_file(content, kind.media_type, f"{name}.{file.partition('.')[2]}")

    return blueprint


def render_answer(service: QueryService, name: str, copies: Mapping[str, TextCopy]) -> str:
    """Return the page of a saved question. Raises what `find_question` and `view_answer` raise."""
    saved = find_question(service, name, current_language())
    if saved.endpoints:
        # Nobody else is asked before somebody wants it, least of all for a crawler.
        return render_template("federated.html", question=saved)
    answer = _view(service, name, copies)
    return render_template(
        "answer.html",
        answer=answer,
        files=FILES,
        script=script_address("views"),
        note_marks=lambda claim: (certainty_mark(claim), *reserve_marks(claim)),
        **_common(service, answer),
    )


def _view(service: QueryService, name: str, copies: Mapping[str, TextCopy]) -> Answer:
    question = find_question(service, name, current_language())
    return view_answer(service, question, request.args, current_language(), copies)


def _origin(service: QueryService, answer: Answer) -> Origin:
    given = {**_given(service, answer), "lang": None, "asOf": service.snapshot.version}
    return origin_at(service, url_for("pages.question", name=answer.question.name, **given, _external=True))


def _given(service: QueryService, answer: Answer) -> dict[str, Any]:
    """Return the language and the parameters of the question, as the request has them, for its links."""
    kept = {"lang", *(each.name for each in read_parameters(answer.question.text, service.names))}
    # A route has these names already.
    return {key: values for key, values in request.args.lists() if key in kept - {"name", "file"}}


def _common(service: QueryService, answer: Answer) -> dict[str, object]:
    origin = _origin(service, answer)
    return {
        "given": _given(service, answer),
        "permanent": origin.address,
        "footnote": footnote_of(answer, origin),
    }
