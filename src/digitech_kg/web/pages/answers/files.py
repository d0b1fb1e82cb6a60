"""An answer as files: Excel and Word with sentences, pages and references, BibTeX and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from digitech_kg.exports.word import WordDocument
from digitech_kg.tables import make_table, to_xlsx
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.citing import Reference, to_bibtex, to_csl
from digitech_kg.web.pages.answers.notes import Note, list_sources
from digitech_kg.web.pages.answers.view import Answer
from digitech_kg.web.reading.wording import headline, remarks, voice, words


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer comes from: the dataset, the version, its address, and when the version was made."""

    dataset: str
    version: str
    address: str
    created: str
    language: str

    @property
    def date(self) -> datetime:
        return datetime.fromisoformat(self.created) if self.created else datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A kind of file: its name, media type, what it is called, and how it is written."""

    name: str
    media_type: str
    title: str
    write: Callable[[Answer, Origin], bytes]


def reference_to(answer: Answer, origin: Origin) -> Reference:
    """Return the reference to an answer itself."""
    key = f"{answer.question.name.replace('_', '-')}-{origin.version}"
    day = origin.date
    return Reference(
        key, answer.title, (), origin.dataset, str(day.year), origin.address, day.date().isoformat(), is_document=False
    )


def footnote_of(answer: Answer, origin: Origin) -> str:
    """Return the answer as one footnote: what it says, on what it rests, and where it stands."""
    sources = list_sources(answer.notes)
    rests = f" {_('Source:')} {sources}." if sources else ""
    here = _("%(dataset)s, version %(version)s", dataset=origin.dataset, version=origin.version)
    return f"{answer.title} {answer.text}{rests} {here}, {origin.address}"


def _references(answer: Answer, origin: Origin) -> list[Reference]:
    return [reference_to(answer, origin), *answer.references]


def _bibtex(answer: Answer, origin: Origin) -> bytes:
    return to_bibtex(_references(answer, origin)).encode()


def _csl(answer: Answer, origin: Origin) -> bytes:
    return to_csl(_references(answer, origin)).encode()


def _claim_head() -> list[str]:
    return [_("Claim"), _("How it is put"), _("Whose view"), _("Source"), _("Page"), _("Place"), _("Reference")]


def _claim_row(note: Note) -> list[str]:
    put = " · ".join((headline(note.claim), *remarks(note.claim)))
    sources = "; ".join(reference.short for reference in note.references)
    footnotes = " ".join(reference.footnote(note.place) for reference in note.references)
    return [note.claim.sentence, put, voice(note.claim), sources, note.pages, note.place, footnotes]


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
        told = ([_claim_row(note)[place] for note in notes] for place in (1, 2, 3, 4))
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
    claims = [_claim_row(note) for note in answer.all_notes.values()]
    sheets = [
        make_table(_("Answer"), head, [[cell or None for cell in row] for row in rows]),
        make_table(_("Claims"), _claim_head(), claims),
        make_table(_("About"), [_("What"), _("Text")], _about(answer, origin)),
    ]
    return to_xlsx(sheets, created=origin.date)


def _word(answer: Answer, origin: Origin) -> bytes:
    document = WordDocument(answer.title, origin.language)
    document.heading(answer.title)
    notes = {note.number: note for note in answer.notes}
    if answer.lead:
        document.paragraph(answer.lead)
    for said in answer.said:
        document.paragraph(said.statement.text, [_word_note(notes[number]) for number in said.notes])
    if answer.table.rows:
        document.heading(_("Table"), 2)
        document.table(*_answer_rows(answer))
    document.heading(_("Sources"), 2)
    for reference in _references(answer, origin):
        document.paragraph(f"{reference.footnote()} {reference.address}".strip())
    return document.to_bytes(origin.date)


def _word_note(note: Note) -> str:
    return f"{note.citation} {words(note.claim)}."


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
#: By the end of their address.
FILES: Final[Sequence[AnswerFile]] = (
    AnswerFile("answer.xlsx", f"{_OFFICE}.spreadsheetml.sheet", "Excel", _excel),
    AnswerFile("answer.docx", f"{_OFFICE}.wordprocessingml.document", "Word", _word),
    AnswerFile("answer.bib", "application/x-bibtex", "BibTeX", _bibtex),
    AnswerFile("answer.csl.json", "application/vnd.citationstyles.csl+json", "CSL-JSON", _csl),
)
