"""`/issues` and `/issue/<name>`: where documents stand, as pages and files; IRIs of issues and positions lead there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import Book, IssueEntry
from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import HTML
from digitech_kg.tables import Table, make_table, to_xlsx
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.answers.citing import Note, Notes, Origin, claims_table, origin_at
from digitech_kg.web.pages.answers.pages import OFFICE, as_file
from digitech_kg.web.pages.issue_view import IssueView, Stand, find_issue, text_in, view_issue
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.documents import DocumentName, name_documents
from digitech_kg.web.reading.labels import (
    PAGE_OR_DATA,
    data_links,
    data_of,
    link_header,
    nothing_about,
    preferred_languages,
)
from digitech_kg.web.reading.marks import Answer, answer_words, certainty_mark, is_second_hand, reserve_marks
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a document stands on an issue, with a note of a few words and the claim that says it best."""

    document: DocumentName
    answer: Answer
    note: str = ""
    claim: ClaimView | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An issue as a row of the matrix."""

    name: str
    question: str
    cells: tuple[Cell, ...]
    #: How many documents say nothing of it.
    quiet: int


@dataclass(frozen=True)
class Matrix:
    """All issues: those on which documents take different sides, then the others."""

    documents: tuple[DocumentName, ...]
    disputed: tuple[Line, ...]
    others: tuple[Line, ...]

    @property
    def finding(self) -> str:
        """On how many questions documents take different sides; "" without any question."""
        number, total = len(self.disputed), len(self.disputed) + len(self.others)
        return (
            ngettext(
                "On one of %(all)s questions these documents take different sides.",
                "On %(num)d of %(all)s questions these documents take different sides.",
                number,
                all=total,
            )
            if total
            else ""
        )


def view_matrix(reader: GraphReader, language: str) -> Matrix:
    """Read where all documents stand on all issues."""
    documents, issues = name_documents(reader, language), reader.book.issues.values()
    languages = preferred_languages(reader.names, language)
    bests = [position.best for issue in issues for position in issue.positions.values() if position.best]
    claims = {view.iri: view for view in load_claims_of(reader, bests, language)}
    lines: dict[bool, list[Line]] = {True: [], False: []}
    for issue in issues:
        cells = tuple(_cell(issue, document, claims) for document in documents.values())
        quiet = sum(cell.answer.mark == "none" for cell in cells)
        lines[is_disputed(issue)].append(Line(issue.name, text_in(issue.question, languages), cells, quiet))
    # An issue on which many speak comes first.
    told = {key: tuple(sorted(own, key=lambda line: (line.quiet, line.name))) for key, own in lines.items()}
    return Matrix(tuple(documents.values()), told[True], told[False])


def is_disputed(issue: IssueEntry) -> bool:
    """Whether documents take different sides."""
    return len({p.answer for p in issue.positions.values()} & {"affirms", "denies", "mixed"}) > 1


def _cell(issue: IssueEntry, document: DocumentName, claims: Mapping[str, ClaimView]) -> Cell:
    position = issue.positions.get(document.key)
    claim = claims.get(position.best) if position else None
    answer = answer_words(position, issue.kind, claim)
    if position is None or claim is None:
        return Cell(document, answer)
    marks = (mark for mark in reserve_marks(claim, document.speaks_for) if mark.symbol)
    reserves = [_("somebody else’s view") if mark.symbol == "told" else mark.text for mark in marks]
    level = [certainty_mark(claim).text] if claim.firm.certainty != "certain" else []
    second = [_("At second hand")] if document.is_second_hand or is_second_hand(claim) else []
    careful = [_("with a reserve")] if position.firmness == "withReserve" else []
    note = next((text.lower() for text in (*level, *reserves, *second, *careful)), "")
    return Cell(document, answer, note, claim)


def issues_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the matrix, of each issue and its files, and of positions, which lead to both."""
    reader = site.reader

    def answer_programs() -> WerkzeugResponse | None:
        """Send those who want data of an issue or position to it."""
        if request.endpoint not in ("issues.issue", "issues.position"):
            return None
        fmt = requested_format(PAGE_OR_DATA)
        if fmt is HTML:
            return None
        iri = reader.names.base + request.path.removeprefix("/")
        if not _is_known(reader.book, request.view_args or {}):
            raise nothing_about(request.path.removeprefix("/"))
        response = redirect(data_of(iri, fmt, reader.names), code=303)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    blueprint = site.blueprint("issues", __name__, programs=answer_programs)

    @blueprint.get("/issues")
    def matrix() -> str:
        return render_template("issues.html", page=view_matrix(reader, current_language()))

    @blueprint.get("/issue/<name>")
    def issue(name: str) -> Response:
        view, origin, notes = _read(site, name)
        told = {"copied": cite(view, notes, origin), "origin": origin, "script": script_address("copy")}
        shown = render_template("issue.html", page=view, **told, **data_links(view.iri, reader.names))
        return Response(shown, headers={"Link": link_header(view.iri, reader.names)}, mimetype=HTML.media_type)

    @blueprint.get("/position/<issue>/<document>")
    def position(issue: str, document: str) -> WerkzeugResponse:
        if document not in find_issue(reader, issue).positions:
            raise nothing_about(f"position/{issue}/{document}")
        return redirect(url_for("issues.issue", name=issue, _anchor=document), code=303)

    @blueprint.get(f"/issue/<name>/answer.<any({', '.join(FILES)}):kind>")
    def file(name: str, kind: str) -> Response:
        return as_file(FILES[kind](*_read(site, name)), OFFICE[kind], f"{name}.{kind}")

    @blueprint.get("/issues.xlsx")
    def workbook() -> Response:
        origin = origin_at(site.service, url_for("issues.matrix", lang=None, _external=True))
        view = view_matrix(reader, current_language())
        content = to_xlsx((_matrix_table(view), _positions_table(view)), created=origin.date)
        return as_file(content, OFFICE["xlsx"], "issues.xlsx")

    return blueprint


def _is_known(book: Book, given: Mapping[str, str]) -> bool:
    issue = book.issues.get(given.get("name") or given.get("issue", ""))
    return issue is not None and ("document" not in given or given["document"] in issue.positions)


_Notes = Mapping[str, Note]


def _read(site: Site, name: str) -> tuple[IssueView, Origin, _Notes]:
    """Return an issue, where it comes from, and the footnotes of its claims by their IRIs."""
    language = current_language()
    view = view_issue(site.reader, name, language)
    origin = origin_at(site.service, url_for("issues.issue", name=name, lang=None, _external=True))
    maker = Notes(site.reader, language, view.claims, site.copies)
    return view, origin, {claim.iri: maker.make(claim, number) for number, claim in enumerate(view.claims, 1)}


def footnote(stand: Stand, notes: _Notes) -> str:
    """Return where a sentence stands, as it is cited: what was read only at second hand says so."""
    note = notes[stand.claim.iri] if stand.claim else None
    cited = " ".join(reference.footnote(note.place) for reference in note.references) if note else ""
    return f"{cited} {_('Read only as others quote it.')}" if stand.is_second_hand else cited


def cite(view: IssueView, notes: _Notes, origin: Origin) -> str:
    """Return the answer as it is copied: the finding, each position with its footnote, and who says nothing."""
    lines = [view.question, view.finding, ""]
    for stand in view.stands:
        if stand.claim:
            said = f"{stand.answer.words}: {stand.document.text}. {stand.claim.sentence}"
            lines.append(f"{said} [{notes[stand.claim.iri].number}]")
    lines += [f"{answer.words}: {', '.join(stand.document.text for stand in own)}." for answer, own in view.quiet]
    cited = [(notes[stand.claim.iri].number, footnote(stand, notes)) for stand in view.stands if stand.claim]
    return "\n".join((*lines, "", *(f"[{number}] {text}" for number, text in cited), origin.text))


def to_excel(view: IssueView, origin: Origin, notes: _Notes) -> bytes:
    """Return a workbook: a row for each document, the claims with their references, and where it comes from."""
    head = [_("Document"), _("Date"), _("Position"), _("Sentence, in our words"), _("How firmly"), _("Reference")]
    rows = [_row(stand, notes) for stand in (*view.stands, *(stand for _answer, own in view.quiet for stand in own))]
    about = [(_("Question"), view.question), (_("Answer"), view.finding), (_("Settled by"), view.settled_by)]
    about += [(_("Dataset"), origin.dataset), (_("Version"), origin.version), (_("Address"), origin.address)]
    sheets = (make_table(_("Positions"), head, rows), claims_table(notes.values()))
    return to_xlsx((*sheets, make_table(_("About"), [_("What"), _("Text")], about)), created=origin.date)


def _row(stand: Stand, notes: _Notes) -> list[str | None]:
    firmly = ", ".join(mark.text for mark in stand.marks)
    sentence = stand.claim.sentence if stand.claim else ""
    cells = (stand.document.text, stand.document.date, stand.answer.words, sentence, firmly, footnote(stand, notes))
    return [cell or None for cell in cells]


def to_word(view: IssueView, origin: Origin, notes: _Notes) -> bytes:
    """Return a document: the finding, and each position with a footnote."""
    document = WordDocument(view.question, origin.language)
    document.heading(view.question)
    document.paragraph(view.finding)
    for stand in view.stands:
        if stand.claim:
            said = f"{stand.document.text}. {stand.answer.words}: {stand.claim.sentence}"
            document.paragraph(said, [footnote(stand, notes)])
    for answer, own in view.quiet:
        document.paragraph(f"{answer.words}: {', '.join(stand.document.text for stand in own)}.")
    if view.settled_by:
        document.heading(_("What would settle it"), 2)
        document.paragraph(view.settled_by)
    document.paragraph(origin.text)
    return document.to_bytes(origin.date)


#: By the end of their address.
FILES: Final[Mapping[str, Callable[[IssueView, Origin, _Notes], bytes]]] = {"xlsx": to_excel, "docx": to_word}


def _matrix_table(view: Matrix) -> Table:
    """Return a row for each issue, with where each document stands and the note of its cell."""
    head = [_("Issue"), *(document.text for document in view.documents)]
    rows = [
        [line.question, *(": ".join(filter(None, (cell.answer.words, cell.note))) for cell in line.cells)]
        for line in (*view.disputed, *view.others)
    ]
    return make_table(_("Issues"), head, rows)


def _positions_table(view: Matrix) -> Table:
    """Return a row for each document and issue, with its best sentence and where that stands."""
    head = [_("Issue"), _("Document"), _("Date"), _("Position"), _("Note")]
    head += [_("Sentence, in our words"), _("How firmly"), _("Where")]
    rows = [[line.question, *_cells(cell)] for line in (*view.disputed, *view.others) for cell in line.cells]
    return make_table(_("Positions"), head, rows)


def _cells(cell: Cell) -> list[str | None]:
    told = [cell.document.text, cell.document.date, cell.answer.words, cell.note]
    if cell.claim:
        marks = (certainty_mark(cell.claim), *reserve_marks(cell.claim, cell.document.speaks_for))
        firmly, places = (mark.text for mark in marks), (passage.text for passage in cell.claim.passages)
        told += [cell.claim.sentence, ", ".join(firmly), "; ".join(places)]
    return [text or None for text in (*told, "", "", "")][:7]
