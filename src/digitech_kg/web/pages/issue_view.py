"""What the page of an issue shows: its finding, where each document stands, and what bears on the answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from digitech_kg.book import IssueEntry
from digitech_kg.claims.model import in_text_order
from digitech_kg.iteration import grouped
from digitech_kg.web.http.languages import _, current_words, ngettext, number_words, with_capital, words_of
from digitech_kg.web.reading.addresses import nothing_about
from digitech_kg.web.reading.claim_views import ClaimView, first_time, load_claims
from digitech_kg.web.reading.dataset import Document, read_documents, topics_of
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import PositionWords, Sentence, answer_words, tell

#: Issues with a topic in common that are named; the pages of topics have all.
_MOST_NEXT: Final = 3
#: The order of positions, and the rungs that are named even if no document stands on them.
_RUNGS: Final = ("affirms asserted", "affirms withReserve", "mixed", "denies withReserve", "denies asserted")
#: The answer of a document that speaks of the matter and answers nothing.
_TOUCHES: Final = "touches"
_FLAT: Final = (_RUNGS[0], _RUNGS[-1])
_BOTH: Final = 2
#: What a document does on an issue: it answers, only points to an answer, or gives none, as far as is written.
_NO_SIDES: Final = ("open", "silent", "absent", "unwritten")
SIDES: Final = ("affirms", "towards affirms", "mixed", "towards denies", "denies", *_NO_SIDES)


@dataclass(frozen=True)
class Stand:
    """Where a document stands, as a row of the ladder tells it."""

    document: Document
    answer: PositionWords
    #: The claim that says it best, marked in full; None where nothing is said.
    said: Sentence | None = None
    #: For a document that says partly yes and partly no, the claim with the other half.
    other_half: Sentence | None = None
    #: What the document leaves open, and why a person made the answer more careful.
    remarks: tuple[str, ...] = ()
    #: What else it says on the issue, in the order of the text.
    others: tuple[ClaimView, ...] = ()
    #: Words that were looked for in vain.
    looked_for: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """With which reserve a side is taken, or that its words were read at second hand."""
        return self.answer.reserve or (_("At second hand").lower() if self.said and self.said.is_second_hand else "")

    @property
    def halves(self) -> "tuple[Stand, ...]":
        """A stand for each half that it says, with the remarks and further sentences below the last."""
        if self.other_half is None:
            return (self,)
        last = replace(self, said=self.other_half, other_half=None)
        return replace(self, other_half=None, remarks=(), others=()), last


def find_issue(reader: GraphReader, name: str) -> IssueEntry:
    """Return an issue. Raises `NotFound` if there is none of that name."""
    issues = reader.book.issues
    if name not in issues:
        raise nothing_about(reader.book, reader.names.prefixes["issue"] + name)
    return issues[name]


def answer_of(issue: IssueEntry, document: Document) -> PositionWords:
    """Return where a document stands on an issue, or that nothing was found in it or has been written of it."""
    position = issue.positions.get(document.key)
    if position:
        return answer_words(position, issue.kind)
    if document.is_unfinished:
        return PositionWords("none", _("No claims yet"), _("No claims on it yet"), "unwritten")
    return PositionWords("none", _("Not found"), _("Not found in what was read"), "absent")


class IssueView:
    """An issue as its page shows it. Raises `NotFound` if there is none of that name."""

    def __init__(self, reader: GraphReader, name: str) -> None:
        issue, book, documents = find_issue(reader, name), reader.book, read_documents(reader)
        self._issue, self._reader, self.name, self.iri = issue, reader, issue.name, issue.iri
        #: The language is that of the question, if it is not the page's.
        self.question, self.language = reader.text_and_language(issue.question, issue.name)
        on_sides = {iri for position in issue.positions.values() for iri in (position.best, *position.claims) if iri}
        self._entries = book.find_entries([*on_sides, *chain.from_iterable(issue.listed.values())])
        outside = book.outside_claims({entry.subject for iri, entry in self._entries.items() if iri in on_sides})
        mains = (entry.main_claim for entry in self._entries.values())
        self._views, self._labels = load_claims(reader, list(dict.fromkeys((*self._entries, *mains, *outside))))
        told = [self._stand(document) for document in documents.values()]
        self.finding = say_finding(issue, documents.values())
        self.rungs, self.quiet = self._rungs(told), self._quiet(told)
        quiet = (stand for _answer, own in self.quiet for stand in own if stand.said)
        #: The documents that say something, in the order of the ladder, and the claims that say best what.
        self.stands = (*(stand for stands, _empty in self.rungs for stand in stands), *quiet)
        self.claims = [stand.said.claim for stand in self.stands if stand.said]
        self.settled_by, self.facts = reader.text(issue.settled_by), self._facts(outside)
        self.topics = [topic for topic in book.topics.values() if topic.iri in issue.topics]
        #: Issues with a topic in common.
        near = [other for other in book.issues.values() if other != issue and set(other.topics) & set(issue.topics)]
        self.next = near[:_MOST_NEXT]

    def left(self) -> str:
        """Return how much more the page has than its answer: what it folds away, and facts."""
        more, facts = sum(len(stand.others) for stand in self.stands), len(self.facts)
        told = [ngettext("One more sentence on this.", "%(num)d more sentences on this.", more)] if more else []
        told += [ngettext("One fact from outside.", "%(num)d facts from outside.", facts)] if facts else []
        return " ".join(told)

    def _stand(self, document: Document) -> Stand:
        stand, reader = find_stand(self._issue, document, self._views), self._reader
        if stand.said is None:
            return stand
        position = self._issue.positions[document.key]
        remarks = filter(None, (reader.text(position.open_point), reader.text(position.reason)))
        # What else it says on the issue by its main claims.
        main = {iri: entry.main_claim for iri, entry in self._entries.items()}
        mine = {main[iri] for iri, entry in self._entries.items() if entry.put.document == document.key}
        others = [
            self._views[iri]
            for iri in mine - {main.get(told, told) for told in (position.best, position.other_half)}
            if iri in self._views
        ]
        others.sort(key=lambda view: ([in_text_order(passage.iri) for passage in view.passages], view.iri))
        return replace(stand, remarks=tuple(remarks), others=tuple(others))

    def _is_answer(self, stand: Stand) -> bool:
        return stand.said is not None and self._issue.positions[stand.document.key].answer != _TOUCHES

    def _rungs(self, told: Iterable[Stand]) -> list[tuple[list[Stand], str]]:
        """Return the documents by the answers that they give or leave open; what is said if nobody gives a flat one."""
        by_rung: dict[str, list[Stand]] = defaultdict(list)
        for stand in filter(self._is_answer, told):
            position = self._issue.positions[stand.document.key]
            rung = f"{position.answer} {position.firmness}".strip()
            by_rung[rung if rung in _RUNGS else ""].extend(stand.halves)
        empty = (
            _("Says without reserve that it is so: no document"),
            _("Says without reserve that it is not so: no document"),
        )
        if self._issue.kind == "normative":
            empty = (_("Says yes without reserve: no document"), _("Says no without reserve: no document"))
        nobody = dict(zip(_FLAT, empty, strict=True))
        rungs = ((rung, by_rung[rung]) for rung in (*_RUNGS, ""))
        return [(found, "" if found else nobody[rung]) for rung, found in rungs if found or rung in _FLAT]

    def _quiet(self, told: Iterable[Stand]) -> list[tuple[PositionWords, list[Stand]]]:
        """Return documents that give no answer, by what is said of them: "Takes no side", "Silent", and so on."""
        found = grouped((stand.answer, stand) for stand in told if not self._is_answer(stand))
        # Those of whom there is most to tell come first.
        return sorted(found.items(), key=lambda item: (item[1][0].said is None, not item[1][0].looked_for))

    def _facts(self, outside: Iterable[str]) -> list[ClaimView]:
        """Return what other sources say on a topic of the issue, or in the same way of things that it names.

        First comes what has the predicate of claims that take a side; the latest first each time.
        """
        found = [self._views[iri] for iri in outside if iri in self._views]
        topics = topics_of(self._reader, {view.object.iri for view in found})
        on_topic = {iri for iri, own in topics.items() if {*own} & {*self._issue.topics}}
        asked = {view.predicate.iri for view in found if view.object.iri in on_topic}

        sides = [position.claims for position in self._issue.positions.values() if position.takes_side]
        answering = {self._views[iri].predicate.iri for claims in sides for iri in claims if iri in self._views}
        questions, is_named_in = self._issue.question.values(), self._labels.is_named_in
        named = {view.iri for view in found if is_named_in(questions, view.subject.iri)}
        shown = [v for v in found if v.object.iri in on_topic or (v.predicate.iri in asked and v.iri in named)]
        shown.sort(key=first_time, reverse=True)
        return sorted(shown, key=lambda view: view.predicate.iri not in answering)


def find_stand(issue: IssueEntry, document: Document, claims: Mapping[str, ClaimView]) -> Stand:
    """Return where a document stands on an issue, and what says it best if that is among the claims."""
    position = issue.positions.get(document.key)
    answer = answer_of(issue, document)
    if position is None or position.best not in claims:
        return Stand(document, answer, looked_for=position.looked_for if position else ())
    said, half = (
        tell(claims[iri], {document.key: document}, position=answer, in_full=True) if iri in claims else None
        for iri in (position.best, position.other_half)
    )
    return Stand(document, answer, said, half)


def group_by_side(issue: IssueEntry, documents: Iterable[Document]) -> dict[tuple[str, str, str], list[Document]]:
    """Return documents by side, reserve and mark of their answers, in the order of `SIDES`."""
    answers = ((answer_of(issue, document), document) for document in documents)
    found = grouped(((answer.side, answer.reserve, answer.mark), document) for answer, document in answers)
    return dict(sorted(found.items(), key=lambda item: (SIDES.index(item[0][0]), item[0])))


def say_finding(issue: IssueEntry, documents: Collection[Document]) -> str:
    """Return how many documents take which side, and which they are; those without claims on it yet are not counted."""
    groups = group_by_side(issue, documents)
    unwritten = sum(len(own) for (side, *_how), own in groups.items() if side == "unwritten")
    total, clauses, others = len(documents) - unwritten, list[str](), list[str]()
    # The most frequent answer comes first; documents without an answer keep their order.
    for (side, reserve, _mark), own in sorted(groups.items(), key=lambda group: -len(group[1])):
        if side not in _NO_SIDES:
            who = number_words(len(own)) if clauses else _of_all(len(own), total, is_open=bool(unwritten))
            clauses.append(_say(side, who, own, reserve))
    for (side, *_how), own in groups.items():
        if side in _NO_SIDES:
            others.append(_say(side, number_words(len(own)), own, is_named=side in ("open", "unwritten")))
    nobody = "" if unwritten else _("the only document does not answer")
    if total > 1:
        nobody = _("none of the %(all)s documents answers", all=number_words(total))
    told = (_in_a_sentence(clauses) or nobody, _in_a_sentence(others))
    return " ".join(f"{with_capital(text)}." for text in told if text)


def _of_all(count: int, total: int, *, is_open: bool) -> str:
    """Return how many of all documents; `is_open` if claims of further ones are still to be written."""
    if total == 1:
        return number_words(count) if is_open else _("the only document")
    if count < total:
        return _("%(count)s of the %(all)s documents", count=number_words(count), all=number_words(total))
    return _("both documents") if total == _BOTH else _("all %(all)s documents", all=number_words(total))


def _in_a_sentence(clauses: Sequence[str]) -> str:
    """Return clauses as one sentence: each has a subject of its own, so that a comma stands before "and"."""
    *first, last = clauses or ("",)
    return _("%(first)s, and %(last)s", first=", ".join(first), last=last) if first else last


def _say(side: str, who: str, own: Sequence[Document], reserve: str = "", *, is_named: bool = True) -> str:
    """Return that documents take a side, with a reserve, or none; and their names."""
    said = ", ".join(filter(None, (words_of("says", len(own))[side] % {"who": who}, reserve)))
    return f"{said} ({current_words().enumerate([one.text for one in own])})" if is_named else said
