"""An answer as files: Excel and Word with sentences, pages and references, BibTeX and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from digitech_kg.engine import QueryService
from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import XLSX
from digitech_kg.tables import make_table, to_xlsx
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.citing import BIBLIOGRAPHIES, Bibliography, Reference
from digitech_kg.web.pages.answers.notes import claims_table, list_sources
from digitech_kg.web.pages.answers.view import Answer
from digitech_kg.web.reading.dataset import read_metadata, view_dataset
from digitech_kg.web.reading.reader import GraphReader


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

    @property
    def text(self) -> str:
        """Return it in one line."""
        named = _("%(dataset)s, version %(version)s", dataset=self.dataset, version=self.version)
        return f"{named}, {self.address}"

    def reference(self, key: str, title: str, place: str = "") -> Reference:
        """Return the reference to what stands there, and to where in another work it is."""
        day = self.date
        fetched = day.date().isoformat()
        return Reference(
            key, title, (), self.dataset, str(day.year), self.address, fetched, place=place, is_document=False
        )


def origin_at(service: QueryService, address: str) -> Origin:
    """Return where what stands at an address comes from, in the language of the request."""
    reader, snapshot, language = GraphReader(service), service.snapshot, current_language()
    dataset = view_dataset(reader, read_metadata(reader), language)
    return Origin(dataset.title, snapshot.version, address, snapshot.manifest.created, language)


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A kind of file: its name, media type, what it is called, and how it is written."""

    name: str
    media_type: str
    title: str
    write: Callable[[Answer, Origin], bytes]


def reference_to(answer: Answer, origin: Origin) -> Reference:
    """Return the reference to an answer itself."""
    return origin.reference(f"{answer.question.name.replace('_', '-')}-{origin.version}", answer.title)


def footnote_of(answer: Answer, origin: Origin) -> str:
    """Return the answer as one footnote: what it says, on what it rests, and where it stands."""
    sources = list_sources(answer.notes)
    rests = f" {_('Source:')} {sources}." if sources else ""
    return f"{answer.title} {answer.text}{rests} {origin.text}"


def _references(answer: Answer, origin: Origin) -> list[Reference]:
    return [reference_to(answer, origin), *answer.references]


def _cited(kind: Bibliography, answer: Answer, origin: Origin) -> bytes:
    return kind.write(_references(answer, origin)).encode()


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
    notes = {note.number: note for note in answer.notes}
    if answer.lead:
        document.paragraph(answer.lead)
    for said in answer.said:
        document.paragraph(said.statement.text, [notes[number].told for number in said.notes])
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
    *(
        AnswerFile(f"answer.{kind.ending}", kind.media_type, kind.title, partial(_cited, kind))
        for kind in BIBLIOGRAPHIES
    ),
)
