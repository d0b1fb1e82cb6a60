"""What the page of an issue shows: its finding, where each document stands, and what bears on the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from digitech_kg.book import IssueEntry, PositionEntry
from digitech_kg.claims.firmness import in_text_order
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import current_words, number_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.reading.claim_views import ClaimView, first_time, load_claims
from digitech_kg.web.reading.dataset import Document, read_documents
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import (
    PLAIN,
    Answer,
    Sentence,
    answer_words,
    is_second_hand,
    on_condition,
    points_only,
    tell,
)

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


def find_issue(reader: GraphReader, name: str) -> IssueEntry:
    """Return an issue. Raises `NotFound` if there is none of that name."""
    issues = reader.book.issues
    if name not in issues:
        raise NotFound(f"there is no issue '{name[:60]}'", hint="/issues lists them all.", code="unknown-issue")
    return issues[name]


class IssueView:
    """An issue as its page shows it. Raises `NotFound` if there is none of that name."""

    def __init__(self, reader: GraphReader, name: str) -> None:
        issue, book, documents = find_issue(reader, name), reader.book, read_documents(reader)
        self._issue, self._reader, self.name, self.iri = issue, reader, issue.name, issue.iri
        #: The language is that of the question, if it is not the page's.
        self.question, self.language = reader.text_and_language(issue.question, issue.name)
        on_sides = {iri for position in issue.positions.values() for iri in (position.best, *position.claims) if iri}
        self._entries = book.find_entries([*on_sides, *issue.touched_by])
        outside = book.outside_claims({entry.subject for iri, entry in self._entries.items() if iri in on_sides})
        mains = (entry.main or iri for iri, entry in self._entries.items())
        self._views, _labels = load_claims(reader, list(dict.fromkeys((*self._entries, *mains, *outside))))
        told = [self._stand(document) for document in documents.values()]
        self.finding = say_finding(issue, documents, {stand.document.key: stand.claim for stand in told})
        self.rungs, self.quiet = self._rungs(told), self._quiet(told)
        quiet = (stand for _answer, own in self.quiet for stand in own if stand.said)
        #: The documents that say something, in the order of the ladder, and the claims that say best what.
        self.stands = (*(stand for stands, _empty in self.rungs for stand in stands), *quiet)
        self.claims = [stand.claim for stand in self.stands if stand.claim]
        self.settled_by, self.facts = reader.text(issue.settled_by), self._facts(outside)
        self.topics = [topic for topic in book.topics.values() if topic.iri in issue.topics]
        #: Issues with a topic in common.
        near = [other for other in book.issues.values() if other != issue and set(other.topics) & set(issue.topics)]
        self.next = near[:_MOST_NEXT]

    def _stand(self, document: Document) -> Stand:
        stand, reader = find_stand(self._issue, document, self._views), self._reader
        if stand.said is None:
            return stand
        position = self._issue.positions[document.key]
        remarks = filter(None, (reader.text(position.open_point), reader.text(position.reason)))
        # What else it says on the issue by its main claims.
        main = {iri: entry.main or iri for iri, entry in self._entries.items()}
        mine = {main[iri] for iri, entry in self._entries.items() if entry.put.document == document.key}
        others = [self._views[iri] for iri in mine - {position.best, main.get(position.best)} if iri in self._views]
        others.sort(key=lambda view: ([in_text_order(passage.iri) for passage in view.passages], view.iri))
        return replace(stand, remarks=tuple(remarks), others=tuple(others))

    def _is_answer(self, stand: Stand) -> bool:
        return stand.said is not None and self._issue.positions[stand.document.key].answer != _TOUCHES

    def _rungs(self, told: Iterable[Stand]) -> list[tuple[list[Stand], str]]:
        """Return the documents by the answers that they give or leave open; what is said if nobody gives a flat one."""
        by_rung: dict[str, list[Stand]] = defaultdict(list)
        for stand in filter(self._is_answer, told):
            position = self._issue.positions[stand.document.key]
            by_rung[f"{position.answer} {position.firmness}".strip()].append(stand)
        empty = (_("Says plainly that it is so: no document"), _("Says plainly that it is not so: no document"))
        if self._issue.kind == "normative":
            empty = (_("Says plainly yes: no document"), _("Says plainly no: no document"))
        rest = [stand for rung, found in by_rung.items() if rung not in _RUNGS for stand in found]
        return [
            (found, "" if found else empty[_FLAT.index(rung)])
            for rung, found in (*((rung, by_rung[rung]) for rung in _RUNGS), ("", rest))
            if found or rung in _FLAT
        ]

    def _quiet(self, told: Iterable[Stand]) -> list[tuple[Answer, list[Stand]]]:
        """Return documents that give no answer, by what is said of them: "Takes no side", "Silent", and so on."""
        found: dict[Answer, list[Stand]] = defaultdict(list)
        for stand in told:
            if not self._is_answer(stand):
                found[stand.answer].append(stand)
        # Those of whom there is most to tell come first.
        return sorted(found.items(), key=lambda item: (item[1][0].said is None, not item[1][0].looked_for))

    def _facts(self, outside: Iterable[str]) -> list[ClaimView]:
        """Return what is told from outside on a topic of the issue, the latest first.

        Then comes what is told alike of things that the issue names, and on which lists and the like they stand.
        """
        found, book = [self._views[iri] for iri in outside if iri in self._views], self._reader.book
        values = {view.object.iri for view in found if view.object.iri}
        topics = book.values(values, DK.hasTopic) if values else {}
        on_topic = {iri for iri, own in topics.items() if {t.value for t in own[DK.hasTopic]} & {*self._issue.topics}}
        key = book.values(book.having(DK.answerPredicate), DK.answerPredicate)
        asked = {term.value for own in key.values() for term in own[DK.answerPredicate]}
        asked |= {view.predicate.iri for view in found if view.object.iri in on_topic}

        def is_off_topic(view: ClaimView) -> bool:
            return view.object.iri not in on_topic

        def is_asked(view: ClaimView) -> bool:
            return view.predicate.iri in asked and view.subject.text in self.question

        shown = [view for view in found if not is_off_topic(view) or is_asked(view)]
        return sorted(sorted(shown, key=first_time, reverse=True), key=is_off_topic)


def find_stand(issue: IssueEntry, document: Document, claims: Mapping[str, ClaimView]) -> Stand:
    """Return where a document stands on an issue, and what says it best if that is among the claims."""
    position = issue.positions.get(document.key)
    claim = claims.get(position.best) if position else None
    answer = answer_words(position, issue.kind)
    if position is None or claim is None:
        return Stand(document, answer, looked_for=position.looked_for if position else ())
    said = tell(claim, {document.key: document}, position=answer, in_full=True)
    return Stand(document, answer, said, note=_note(said, position))


def _note(said: Sentence, position: PositionEntry) -> str:
    marks = (mark for mark in said.marks if mark.symbol not in ("", PLAIN))
    reserves = [_("somebody else’s view") if mark.symbol == "told" else mark.text for mark in marks]
    second = [_("At second hand")] if said.is_second_hand else []
    careful = [_("with a reserve")] if position.firmness == "withReserve" else []
    return next((text.lower() for text in (*reserves, *second, *careful)), "")


_SIDES: Final = ("affirms", "towards affirms", "mixed", "towards denies", "denies")


def say_finding(issue: IssueEntry, documents: Mapping[str, Document], bests: Mapping[str, ClaimView | None]) -> str:
    """Return how many documents take which side, and which they are."""
    words = current_words()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    rest: dict[str, list[str]] = defaultdict(list)
    for key, document in documents.items():
        position = issue.positions.get(key)
        if position and position.answer in _SIDES:
            answer = f"towards {position.answer}" if points_only(position) else position.answer
            groups[answer, _qualifier(position, bests.get(key))].append(document.text)
        else:
            rest["absent" if position is None else "silent" if position.answer == "silent" else "open"].append(
                document.text
            )

    total, clauses = len(documents), list[str]()
    largest_first = sorted(groups.items(), key=lambda item: (-len(item[1]), _SIDES.index(item[0][0]), item[0][1]))
    for (answer, qualifier), names in largest_first:
        who = number_words(len(names))
        if not clauses:
            who = (
                _("%(count)s of the %(all)s documents", count=who, all=number_words(total))
                if total > 1
                else _("the only document")
            )
        said = ", ".join(filter(None, (_say(answer, who, len(names)), qualifier)))
        clauses.append(f"{said} ({words.enumerate(names)})")
    nobody = (
        _("none of the %(all)s documents answers", all=number_words(total))
        if total > 1
        else _("the only document does not answer")
    )
    others = [
        _tell_rest(key, number_words(len(rest[key])), len(rest[key]), words.enumerate(rest[key]))
        for key in ("open", "silent", "absent")
        if rest[key]
    ]
    told = (_in_a_sentence(clauses) or nobody, _in_a_sentence(others))
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in told if text)


def _in_a_sentence(clauses: Sequence[str]) -> str:
    """Return clauses as one sentence: each has a subject of its own, so that a comma stands before "and"."""
    *first, last = clauses or ("",)
    return _("%(first)s, and %(last)s", first=", ".join(first), last=last) if first else last


def relation_titles() -> dict[str, str]:
    """Return what the positions of two documents come to, by the relation between them: those that differ first."""
    return {
        "contradicts": _("One says so, one says that it is not"),
        "inTensionWith": _("On different sides, at least one with a reserve"),
        "agreesWith": _("Agree"),
        "firmerThan": _("Same answer, one more firmly"),
        "agreesInPartWith": _("Agree in part"),
    }


def pair_titles() -> dict[str, str]:
    """Return what a pair of claims comes to, by its kind."""
    return {
        "contradicts": _("One says so, one says that it is not"),
        "inTensionWith": _("On different sides, at least one with a reserve"),
        "differsFrom": _("Two documents differ, and both can be right"),
        "firmerThan": _("Same statement, one puts it more firmly"),
        "corroborates": _("Agree"),
    }


def _qualifier(position: PositionEntry, claim: ClaimView | None) -> str:
    """Return with which reserve a side is taken, in a few words; "" without one."""
    if position.answer == "mixed" or position.firmness == "asserted" or points_only(position):
        return ""
    if condition := on_condition(position.conditions):
        return condition
    if claim is None:
        return _("with a reserve")
    if position.is_reading:
        return _("by our reading")
    levels = {"probable": _("as probable"), "possible": _("as possible")}
    if _is_only_reported(claim):
        return _("as others report it")
    return levels.get(claim.firm.certainty) or _("with a reserve")


def _is_only_reported(claim: ClaimView) -> bool:
    """Whether the one reserve of a claim is that its words were read only as others report them."""
    return is_second_hand(claim) and all(
        reserve.axis.property in (DK.basis, DK.mood) for reserve in claim.claim.weakening
    )


def _say(answer: str, who: str, count: int) -> str:
    if answer == "towards affirms":
        return ngettext("%(who)s points to yes", "%(who)s point to yes", count, who=who)
    if answer == "towards denies":
        return ngettext("%(who)s points to no", "%(who)s point to no", count, who=who)
    if answer == "affirms":
        return ngettext("%(who)s says yes", "%(who)s say yes", count, who=who)
    if answer == "denies":
        return ngettext("%(who)s says no", "%(who)s say no", count, who=who)
    return ngettext("%(who)s says partly yes, partly no", "%(who)s say partly yes, partly no", count, who=who)


def _tell_rest(key: str, who: str, count: int, names: str) -> str:
    if key == "open":
        said = ngettext("%(who)s takes no side", "%(who)s take no side", count, who=who)
        return f"{said} ({names})"
    if key == "silent":
        return ngettext("%(who)s is silent", "%(who)s are silent", count, who=who)
    return ngettext(
        "%(who)s says nothing of it in what was read", "%(who)s say nothing of it in what was read", count, who=who
    )
