"""Issues in a line each: how many documents stand on which side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.book import ClaimEntry, IssueEntry, PositionEntry
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.issue_view import text_in
from digitech_kg.web.pages.issues import is_disputed
from digitech_kg.web.reading.labels import preferred_languages
from digitech_kg.web.reading.marks import answer_words
from digitech_kg.web.reading.reader import GraphReader

#: Sides in the order of a tally; silence comes last.
SIDES: Final = ("yes", "no", "if", "open", "none")


@dataclass(frozen=True, slots=True)
class Side:
    """How many documents stand on a side of an issue, with the class of its mark and its words."""

    mark: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """An issue in a line, and whether documents take different sides on it."""

    name: str
    question: str
    is_disputed: bool
    sides: tuple[Side, ...]


def list_disputes(reader: GraphReader, issues: Iterable[IssueEntry], language: str) -> tuple[Dispute, ...]:
    """Return issues in a line each: those in dispute first, of these the ones on which most documents speak."""
    wanted, languages = tuple(issues), preferred_languages(reader.names, language)
    bests = (position.best for issue in wanted for position in issue.positions.values() if position.best)
    entries = reader.book.find_entries(bests)
    told = []
    for issue in wanted:
        marks = Counter(_mark(issue.positions.get(name), issue.kind, entries) for name in reader.book.documents)
        is_mixed = any(position.answer == "mixed" for position in issue.positions.values())
        sides = tuple(Side(mark, marks[mark], _words(mark, marks[mark], is_mixed)) for mark in SIDES if marks[mark])
        dispute = Dispute(issue.name, text_in(issue.question, languages), is_disputed(issue), sides)
        told.append((not dispute.is_disputed, marks["none"], issue.name, dispute))
    return tuple(dispute for *_order, dispute in sorted(told, key=lambda item: item[:3]))


def _mark(position: PositionEntry | None, kind: str, entries: Mapping[str, ClaimEntry]) -> str:
    """Return the class of the mark of a position; one that holds on conditions is neither a yes nor a no."""
    best = entries.get(position.best) if position else None
    if position and best and position.firmness == "withReserve" and best.put.is_conditional:
        return "if"
    return answer_words(position, kind).mark


def _words(mark: str, count: int, is_mixed: bool) -> str:
    return {
        "yes": ngettext("says so", "say so", count),
        "no": ngettext("says not", "say not", count),
        "if": _("in part") if is_mixed else _("on conditions"),
        "open": ngettext("takes no side", "take no side", count),
    }.get(mark) or ngettext("says nothing", "say nothing", count)
