"""What the positions on an issue come to, in the site's own sentences. They say who says what and take no side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.book import IssueEntry, PositionEntry
from digitech_kg.comparison.documents import OPPOSED
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import current_words, number_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.dataset import Document
from digitech_kg.web.reading.sentences import is_second_hand, on_condition, points_only

_SIDES: Final = ("affirms", "towards affirms", "mixed", "towards denies", "denies")


@dataclass(frozen=True, slots=True)
class Relation:
    """How documents stand against each other: what it is called, and who against whom, a line for each group."""

    title: str
    lines: tuple[str, ...]


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

    def number(count: int) -> str:
        return number_words(count)

    total = len(documents)
    clauses: list[str] = []
    largest_first = sorted(groups.items(), key=lambda item: (-len(item[1]), _SIDES.index(item[0][0]), item[0][1]))
    for (answer, qualifier), names in largest_first:
        who = number(len(names))
        if not clauses:
            who = (
                _("%(count)s of the %(all)s documents", count=who, all=number(total))
                if total > 1
                else _("the only document")
            )
        said = ", ".join(filter(None, (_say(answer, who, len(names)), qualifier)))
        clauses.append(f"{said} ({words.enumerate(names)})")
    nobody = (
        _("none of the %(all)s documents answers", all=number(total))
        if total > 1
        else _("the only document does not answer")
    )
    others = [
        _tell_rest(key, number(len(rest[key])), len(rest[key]), words.enumerate(rest[key]))
        for key in ("open", "silent", "absent")
        if rest[key]
    ]
    told = (words.enumerate(clauses) or nobody, words.enumerate(others))
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in told if text)


def relation_titles() -> dict[str, str]:
    """Return what the positions of two documents come to, by the relation between them: those that differ first."""
    return {
        "contradicts": _("One says so, one says that it is not"),
        "inTensionWith": _("On different sides, at least one with a reserve"),
        "agreesWith": _("Agree"),
        "firmerThan": _("Same answer, one more firmly"),
        "agreesInPartWith": _("Agree in part"),
    }


def tell_relations(issue: IssueEntry, documents: Mapping[str, Document]) -> Iterator[Relation]:
    """Yield which documents take opposite sides."""
    words = current_words()
    keys = {position.iri: key for key, position in issue.positions.items()}
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, position in issue.positions.items():
        for kind, other in position.relations:
            if other in keys and kind in OPPOSED:
                pairs[kind].add((key, keys[other]))

    def named(found: Iterable[str]) -> str:
        return words.enumerate([document.text for key, document in documents.items() if key in found])

    for kind, title in relation_titles().items():
        groups = _gathered(_one_way(pairs[kind], issue))
        lines = (_("%(these)s against %(those)s", these=named(a), those=named(b)) for a, b in groups)
        if groups:
            yield Relation(title, tuple(lines))


def _qualifier(position: PositionEntry, claim: ClaimView | None) -> str:
    """Return with which reserve a side is taken, in a few words; "" without one."""
    if position.answer == "mixed" or position.firmness == "asserted" or points_only(position):
        return ""
    if claim is None:
        return _("with a reserve")
    if condition := on_condition(claim):
        return condition
    if position.is_reading:
        return _("by our reading")
    levels = {"probable": _("as probable"), "possible": _("as possible")}
    if _is_only_reported(claim):
        return _("as others report it")
    return levels.get(claim.firm.certainty) or _("with a reserve")


def _is_only_reported(claim: ClaimView | None) -> bool:
    """Whether the one reserve of a claim is that its words were read only as others report them."""
    if claim is None or not is_second_hand(claim):
        return False
    return all(reserve.axis.property in (DK.basis, DK.mood) for reserve in claim.claim.weakening)


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


def _one_way(pairs: set[tuple[str, str]], issue: IssueEntry) -> set[tuple[str, str]]:
    """Return pairs without those that are told from both ends: those who say yes come first, else who says both."""
    order = {"mixed": 0, "affirms": 1, "denies": 2}

    def rank(key: str) -> tuple[int, str]:
        return order.get(issue.positions[key].answer, 3), key

    return {(a, b) if (b, a) not in pairs or rank(a) < rank(b) else (b, a) for a, b in pairs}


def _gathered(pairs: set[tuple[str, str]]) -> list[tuple[set[str], set[str]]]:
    """Return pairs as groups of firsts that have the same seconds."""
    seconds: dict[str, set[str]] = defaultdict(set)
    for first, second in sorted(pairs):
        seconds[first].add(second)
    firsts: dict[frozenset[str], set[str]] = defaultdict(set)
    for first, found in seconds.items():
        firsts[frozenset(found)].add(first)
    return [(own, set(found)) for found, own in firsts.items()]
