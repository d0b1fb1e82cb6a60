"""What the page of an issue shows: its finding, where each document stands, and what bears on the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.book import IssueEntry, PositionEntry, TopicEntry
from digitech_kg.claims.firmness import in_text_order
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.issue_finding import Relation, say_finding, tell_relations
from digitech_kg.web.pages.thing_parts import first_time
from digitech_kg.web.reading.claim_views import ClaimView, load_claims
from digitech_kg.web.reading.dataset import Document, read_documents
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Answer, Sentence, answer_words, tell

#: Issues with a topic in common that are named; the pages of topics have all.
_MOST_NEXT: Final = 3
#: What positions are sorted by, and the rungs that are named even if no document stands on them.
_RUNGS: Final = ("affirms asserted", "affirms withReserve", "mixed", "denies withReserve", "denies asserted")
#: The answer of a document that speaks of the matter and answers nothing.
_TOUCHES: Final = "touches"
_FLAT: Final = (_RUNGS[0], _RUNGS[-1])


@dataclass(frozen=True)
class Stand:
    """Where a document stands, as a row of the ladder tells it."""

    document: Document
    answer: Answer
    #: What says it best, marked in full; None where nothing is said.
    said: Sentence | None = None
    #: What the document leaves open, and why a person made the answer more careful.
    remarks: tuple[str, ...] = ()
    #: What else it says on the issue, in the order of the text.
    others: tuple[ClaimView, ...] = ()
    #: Words that were looked for in vain.
    looked_for: tuple[str, ...] = ()
    #: With which reserve it is said, in a few words.
    note: str = ""

    @property
    def claim(self) -> ClaimView | None:
        return self.said.claim if self.said else None


@dataclass(frozen=True)
class Rung:
    """An answer with the documents that give it; none for one that nobody gives, which `empty` says."""

    stands: tuple[Stand, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class IssueView:
    name: str
    iri: str
    question: str
    #: Of the question, if it is not the page's.
    language: str
    finding: str
    rungs: tuple[Rung, ...]
    #: Documents that give no answer, by what is said of them: "Takes no side", "Silent", "Not found in what was read".
    quiet: tuple[tuple[Answer, tuple[Stand, ...]], ...]
    relations: tuple[Relation, ...]
    settled_by: str
    #: What sources outside the documents tell of the things that it is about.
    facts: tuple[ClaimView, ...]
    topics: tuple[TopicEntry, ...]
    #: Issues with a topic in common.
    next: tuple[IssueEntry, ...]

    @property
    def stands(self) -> tuple[Stand, ...]:
        """The documents that say something, in the order of the ladder."""
        quiet = (stand for _answer, own in self.quiet for stand in own if stand.said)
        return (*(stand for rung in self.rungs for stand in rung.stands), *quiet)

    @property
    def claims(self) -> tuple[ClaimView, ...]:
        """The claims that say best where documents stand."""
        return tuple(stand.claim for stand in self.stands if stand.claim)


def find_issue(reader: GraphReader, name: str) -> IssueEntry:
    """Return an issue. Raises `NotFound` if there is none of that name."""
    issues = reader.book.issues
    if name not in issues:
        raise NotFound(f"there is no issue '{name[:60]}'", hint="/issues lists them all.", code="unknown-issue")
    return issues[name]


def view_issue(reader: GraphReader, name: str) -> IssueView:
    """Read what the page of an issue shows. Raises `NotFound` if there is none of that name."""
    issue, book = find_issue(reader, name), reader.book
    documents = read_documents(reader)
    on_sides = [iri for position in issue.positions.values() for iri in (position.best, *position.claims) if iri]
    told = _Told(reader, issue, on_sides)
    stands = {key: _stand(issue, documents[key], told, reader) for key in documents}
    question, tongue = reader.text_and_language(issue.question, issue.name)
    near = [other for other in book.issues.values() if other != issue and set(other.topics) & set(issue.topics)]
    bests = {key: stand.claim for key, stand in stands.items()}
    return IssueView(
        issue.name,
        issue.iri,
        question,
        tongue,
        say_finding(issue, documents, bests),
        _rungs(issue, stands),
        _quiet(issue, stands),
        tuple(tell_relations(issue, documents)),
        reader.text(issue.settled_by),
        told.facts(question),
        tuple(topic for topic in book.topics.values() if topic.iri in issue.topics),
        tuple(near[:_MOST_NEXT]),
    )


class _Told:
    """The claims of an issue for its page, and what is told from outside of the things that they are about."""

    def __init__(self, reader: GraphReader, issue: IssueEntry, on_sides: list[str]) -> None:
        book, self._issue = reader.book, issue
        entries = book.find_entries([*on_sides, *issue.touched_by])
        #: Each claim by what stands for it in a list: its main claim.
        self.main = {iri: entry.main or iri for iri, entry in entries.items()}
        self._documents = {iri: entry.put.document for iri, entry in entries.items()}
        subjects = {entry.subject for iri, entry in entries.items() if iri in on_sides}
        self._outside = book.outside_claims(subjects)
        wanted = list(dict.fromkeys((*entries, *self.main.values(), *self._outside)))
        self.views, _labels = load_claims(reader, wanted)
        values = {view.object.name.iri for view in self.views.values() if view.external and view.object.name}
        topics = book.values(values, DK.hasTopic) if values else {}
        self._on_topic = {
            value
            for value, own in topics.items()
            if any(isinstance(t, NamedNode) and t.value in issue.topics for t in own[DK.hasTopic])
        }

    def others(self, document: str, best: str) -> tuple[ClaimView, ...]:
        """Return the main claims of a document on the issue besides the best one, in the order of the text."""
        mine = {self.main[iri] for iri, own in self._documents.items() if own == document}
        views = (self.views[iri] for iri in mine - {best, self.main.get(best, "")} if iri in self.views)
        return tuple(sorted(views, key=lambda view: ([in_text_order(p.iri) for p in view.passages], view.iri)))

    def facts(self, question: str) -> tuple[ClaimView, ...]:
        """Return what is told from outside on a topic of the issue, then of things it names, each the latest first."""

        def is_off_topic(view: ClaimView) -> bool:
            return not (view.object.name and view.object.name.iri in self._on_topic)

        found = (self.views[iri] for iri in self._outside if iri in self.views)
        told = (view for view in found if not is_off_topic(view) or view.subject.text in question)
        return tuple(sorted(sorted(told, key=first_time, reverse=True), key=is_off_topic))


def find_stand(issue: IssueEntry, document: Document, claims: Mapping[str, ClaimView]) -> Stand:
    """Return where a document stands on an issue, and what says it best if that is among the claims."""
    position = issue.positions.get(document.key)
    claim = claims.get(position.best) if position else None
    answer = answer_words(position, issue.kind, claim)
    if position is None or claim is None:
        return Stand(document, answer, looked_for=position.looked_for if position else ())
    said = tell(claim, {document.key: document}, position=answer, in_full=True)
    return Stand(document, answer, said, note=_note(said, position))


def _note(said: Sentence, position: PositionEntry) -> str:
    level = [said.marks[0].text] if said.claim.firm.certainty != "certain" else []
    marks = (mark for mark in said.marks[1:] if mark.symbol)
    reserves = [_("somebody else’s view") if mark.symbol == "told" else mark.text for mark in marks]
    second = [_("At second hand")] if said.is_second_hand else []
    careful = [_("with a reserve")] if position.firmness == "withReserve" else []
    return next((text.lower() for text in (*level, *reserves, *second, *careful)), "")


def _stand(issue: IssueEntry, document: Document, told: _Told, reader: GraphReader) -> Stand:
    stand = find_stand(issue, document, told.views)
    if stand.said is None:
        return stand
    position = issue.positions[document.key]
    remarks = filter(None, (reader.text(position.open_point), reader.text(position.reason)))
    return replace(stand, remarks=tuple(remarks), others=told.others(document.key, position.best))


def _rungs(issue: IssueEntry, stands: Mapping[str, Stand]) -> tuple[Rung, ...]:
    """Return the documents by the answers that they give or leave open, with the flat answers that nobody gives."""
    by_rung: dict[str, list[Stand]] = defaultdict(list)
    for key, stand in stands.items():
        if stand.said and issue.positions[key].answer != _TOUCHES:
            position = issue.positions[key]
            by_rung[f"{position.answer} {position.firmness}".strip()].append(stand)
    empty = (_("Says plainly that it is so: no document"), _("Says plainly that it is not so: no document"))
    if issue.kind == "normative":
        empty = (_("Says plainly yes: no document"), _("Says plainly no: no document"))
    rest = [stand for rung, found in by_rung.items() if rung not in _RUNGS for stand in found]
    return tuple(
        Rung(tuple(found), "" if found else empty[_FLAT.index(rung)])
        for rung, found in (*((rung, by_rung[rung]) for rung in _RUNGS), ("", rest))
        if found or rung in _FLAT
    )


def _quiet(issue: IssueEntry, stands: Mapping[str, Stand]) -> tuple[tuple[Answer, tuple[Stand, ...]], ...]:
    found: dict[Answer, list[Stand]] = defaultdict(list)
    for key, stand in stands.items():
        if stand.said is None or issue.positions[key].answer == _TOUCHES:
            found[stand.answer].append(stand)
    # Those of whom there is most to tell come first.
    order = sorted(found.items(), key=lambda item: (item[1][0].said is None, not item[1][0].looked_for))
    return tuple((answer, tuple(own)) for answer, own in order)
