"""`/issues` and `/issue/<name>`: where documents stand, as pages and files; IRIs of issues and positions lead there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import IssueEntry
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import _, as_sentence, ngettext, words_of
from digitech_kg.web.pages.citing import Note, Notes, Origin, claims_table
from digitech_kg.web.pages.issue_view import IssueView, Stand, find_issue, find_stand, group_by_side
from digitech_kg.web.pages.kept import OFFICE, Kept, Paragraph
from digitech_kg.web.reading.addresses import nothing_about, resource_page
from digitech_kg.web.reading.claim_views import load_claims
from digitech_kg.web.reading.dataset import Document, name_topics, read_documents
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import name_source, say_unfinished
from digitech_kg.web.site import Site

#: Documents that say nothing of an issue.
_QUIET: Final = ("silent", "absent")


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue as a row of the matrix."""

    name: str
    question: str
    cells: tuple[Stand, ...]
    #: How many documents say nothing of it, as far as they are written through.
    quiet: int


class Matrix:
    """All issues: those on which documents take different sides, then the others below a topic each."""

    def __init__(self, reader: GraphReader) -> None:
        documents, issues = read_documents(reader).values(), reader.book.issues.values()
        self.documents, self.unfinished = tuple(d for d in documents if d.claims), say_unfinished(documents)
        positions = [position for issue in issues for position in issue.positions.values()]
        claims, _labels = load_claims(reader, [c for p in positions for c in (p.best, p.other_half) if c])
        lines: dict[str, list[IssueLine]] = defaultdict(list)
        for issue in issues:
            cells = tuple(find_stand(issue, document, claims) for document in self.documents)
            quiet = sum(cell.answer.side in _QUIET for cell in cells)
            line = IssueLine(issue.name, reader.text(issue.question), cells, quiet)
            lines["" if is_disputed(issue) else _heading(reader, issue)].append(line)
        # An issue on which many speak comes first.
        told = {title: sorted(own, key=lambda line: (line.quiet, line.name)) for title, own in lines.items()}
        self.disputed, self.others = told.pop("", []), sorted(told.items())
        self.lines = [*self.disputed, *(line for _topic, own in self.others for line in own)]
        self.finding = _count_disputed(len(self.disputed), len(self.lines))


def _count_disputed(disputed: int, total: int) -> str:
    """Return on how many of all questions documents take different sides."""
    if disputed == total:
        return ngettext(
            "These documents take different sides on the only question.",
            "These documents take different sides on all %(num)d questions.",
            total,
        )
    if not disputed:
        return _("These documents take different sides on no question.")
    return ngettext(
        "On one of %(all)s questions these documents take different sides.",
        "On %(num)d of %(all)s questions these documents take different sides.",
        disputed,
        all=total,
    )


def _heading(reader: GraphReader, issue: IssueEntry) -> str:
    """Return the topic on top of most topics of an issue."""
    topics = {topic.iri: topic for topic in reader.book.topics.values()}
    above = Counter(topics[iri].broader or iri for iri in issue.topics if iri in topics)
    return name_topics(reader)[above.most_common(1)[0][0]] if above else _("Other issues")


def is_disputed(issue: IssueEntry) -> bool:
    """Whether documents take different sides. One on both sides agrees in part with each (`dk:agreesInPartWith`)."""
    return {"affirms", "denies"} <= {position.answer for position in issue.positions.values()}


class Dispute:
    """An issue in a line, and how many documents stand on which side of it: the class of a mark, number and words."""

    def __init__(self, issue: IssueEntry, documents: Iterable[Document]) -> None:
        self.issue, self.is_disputed = issue, is_disputed(issue)
        counts = Counter[tuple[str, str, str]]()
        for (side, reserve, mark), own in group_by_side(issue, documents).items():
            # Silent documents and those of which nothing was read are counted together.
            if side != "unwritten":
                counts["absent" if side in _QUIET else side, reserve, mark] += len(own)
        self.sides = [
            (mark, count, ", ".join(filter(None, (words_of("says_briefly", count)[side], reserve))))
            for (side, reserve, mark), count in counts.items()
        ]
        #: Disputed issues come first, and among these the ones that most documents speak on.
        self.order = not self.is_disputed, counts["absent", "", "none"], issue.name


def list_disputes(reader: GraphReader, issues: Iterable[IssueEntry]) -> list[Dispute]:
    """Return issues in a line each, in their order."""
    documents = read_documents(reader).values()
    return sorted((Dispute(issue, documents) for issue in issues), key=lambda each: each.order)


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the matrix, of each issue and its files, and of positions, which lead to both."""
    blueprint = site.blueprint("issues", __name__, has_data=True)

    @blueprint.get("/issues")
    def matrix() -> str:
        return render_template("issues.html", page=Matrix(site.reader))

    @blueprint.get("/issue/<name>")
    def issue(name: str) -> Response:
        view, kept = _read(site.reader, name)
        told = {"copied": kept.copied(), "origin": kept.origin, "sources": kept.sources}
        return resource_page("issue.html", view.iri, site.service.names, page=view, **told)

    @blueprint.get("/position/<issue>/<document>")
    def position(issue: str, document: str) -> WerkzeugResponse:
        if document not in find_issue(site.reader, issue).positions:
            raise nothing_about(site.reader.book, site.service.names.position(issue, document).value)
        return redirect(url_for("issues.issue", name=issue, _anchor=document), code=303)

    @blueprint.get(f"/issue/<name>/answer.<{OFFICE}:kind>")
    def file(name: str, kind: str) -> Response:
        _view, kept = _read(site.reader, name)
        return kept.file(kind, name)

    @blueprint.get("/issues.xlsx")
    def workbook() -> Response:
        reader = site.reader
        origin = Origin(reader, url_for("issues.matrix", _external=True))
        view = Matrix(reader)
        sheets = (_matrix_table(view), _positions_table(view))
        return Kept(_("Issues"), origin, view.finding, sheets=sheets).file("xlsx", "issues")

    yield blueprint


def _read(reader: GraphReader, name: str) -> tuple[IssueView, Kept]:
    """Return an issue, and what is kept of it: the positions with their footnotes, and who says nothing."""
    view = IssueView(reader, name)
    origin = Origin(reader, url_for("issues.issue", name=name, _external=True))
    read = Notes(reader, view.claims)
    notes = {claim.iri: Note(read, claim) for claim in view.claims}
    said = [
        Paragraph(f"{stand.answer.words}: {stand.document.text}. {claim.sentence}", (_footnote(stand, notes),))
        for stand in view.stands
        if stand.said and (claim := stand.said.claim)
    ]
    # A document that takes no side but says something is listed among the others.
    mute = [(answer, [stand for stand in own if not stand.said]) for answer, own in view.quiet]
    said += [Paragraph(f"{answer.words}: {', '.join(s.document.text for s in own)}.") for answer, own in mute if own]
    if view.settled_by:
        said.append(Paragraph(view.settled_by, heading=_("What would settle it")))
    if left := view.left():
        said.append(Paragraph(left, heading=_("At this address")))
    stands = (*view.stands, *(stand for _answer, own in mute for stand in own))
    rows = [_row(stand, _footnote(stand, notes)) for stand in stands]
    sheets = (make_table(_("Positions"), _heads(_("Reference")), rows), claims_table(notes.values()))
    about = ((_("Question"), view.question), (_("Settled by"), view.settled_by))
    cited = tuple(notes.values())
    return view, Kept(view.question, origin, view.finding, tuple(said), sheets, notes=cited, about=about)


def _footnote(stand: Stand, notes: Mapping[str, Note]) -> str:
    """Return where a sentence stands, as it is cited, how it is put, and what is noted of it."""
    if stand.said is None:
        return ""
    note = notes[stand.said.claim.iri]
    return " ".join((note.beside(note.claim.sentence), *map(as_sentence, stand.remarks)))


def _heads(where: str) -> list[str]:
    return [_("Document"), _("Date"), _("Position"), _("Sentence, in our words"), _("How firmly"), where]


def _row(stand: Stand, where: str) -> list[str | None]:
    """Return the row of a position: whose it is, how it is put in which sentence, and where that stands."""
    firmly = ", ".join(mark.text for mark in stand.said.marks) if stand.said else ""
    sentence = stand.said.claim.sentence if stand.said else ""
    cells = (stand.document.text, stand.document.date, stand.answer.words, sentence, firmly, where)
    return [cell or None for cell in cells]


def _matrix_table(view: Matrix) -> Table:
    """Return a row for each issue, with where each document stands and the note of its cell."""
    head = [_("Issue"), *(document.text for document in view.documents)]
    rows = [[line.question, *map(_cell, line.cells)] for line in view.lines]
    return make_table(_("Issues"), head, rows)


def _cell(stand: Stand) -> str:
    words = stand.answer.words
    # The words of an answer name its reserve.
    return words if stand.note in words else f"{words}, {stand.note}"


def _positions_table(view: Matrix) -> Table:
    """Return a row for each document and issue, with its best sentence and where that stands."""
    rows = [
        [line.question, *_row(stand, _places(stand))]
        for line in view.lines
        for cell in line.cells
        for stand in cell.halves
    ]
    return make_table(_("Positions"), [_("Issue"), *_heads(_("Where"))], rows)


def _places(stand: Stand) -> str:
    said = stand.said
    return name_source("; ".join(p.text for p in said.claim.passages), said.is_second_hand) if said else ""
