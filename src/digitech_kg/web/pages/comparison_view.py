"""What `/compare` shows: the issues and topics on which something is said of both, then what is said of one only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.book import ClaimFilter
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.asked import Meant, read_question
from digitech_kg.web.pages.issue_view import text_in
from digitech_kg.web.pages.search import FoundThing, hits_of, name_things
from digitech_kg.web.pages.search_answer import FoundAnswer, said
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.documents import name_documents
from digitech_kg.web.reading.labels import Labels, Name, preferred_languages
from digitech_kg.web.reading.marks import Answer, answer_words
from digitech_kg.web.reading.reader import GraphReader

_MOST_SUGGESTED: Final = 5
_MOST_HITS: Final = 30
#: Claims of a cell, and of a list, that are shown without unfolding the others.
SHOWN: Final = 2
SHOWN_ALONE: Final = 8
#: What is no side on an issue.
_SILENT: Final = frozenset(("silent",))


@dataclass(frozen=True)
class Side:
    """One of the two that are compared, as it was typed; without a name nothing here is called so."""

    key: str
    text: str = ""
    name: Name | None = None
    #: The name of the document that it is, in addresses.
    document: str = ""
    #: What may be meant by a text that names nothing.
    suggested: tuple[FoundThing, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether something was typed that names nothing."""
        return bool(self.text) and self.name is None


@dataclass(frozen=True)
class Cell:
    """What is said of one side: its position, if the row is an issue, and main claims."""

    claims: tuple[ClaimView, ...] = ()
    position: Answer | None = None

    @property
    def shown(self) -> tuple[ClaimView, ...]:
        """The claims that are shown at once."""
        return self.claims[:SHOWN]

    @property
    def folded(self) -> tuple[ClaimView, ...]:
        """The claims that fold out."""
        return self.claims[SHOWN:]


@dataclass(frozen=True)
class Row:
    """A point on which something is said of both: by the same claims, or by some of each."""

    text: str
    #: The path of the page of an issue or topic; "" for others.
    href: str = ""
    both: Cell = field(default_factory=Cell)
    sides: tuple[Cell, ...] = ()

    @property
    def is_told_apart(self) -> bool:
        """Whether anything is said of one side that isn't said of both."""
        return any(cell.claims or cell.position for cell in self.sides)


@dataclass(frozen=True)
class Group:
    """Rows of one subject, such as security."""

    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Compared:
    """Everything that the page shows. `one` is the answer on a side that stands alone."""

    sides: tuple[Side, Side]
    title: str
    finding: str = ""
    groups: tuple[Group, ...] = ()
    #: The main claims on what nothing is said of the other side.
    alone: tuple[tuple[ClaimView, ...], ...] = ()
    one: FoundAnswer | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether something was typed that names nothing."""
        return any(side.is_unknown for side in self.sides)

    @property
    def claims(self) -> tuple[ClaimView, ...]:
        """All claims, each once."""
        cells = (cell for group in self.groups for row in group.rows for cell in (row.both, *row.sides))
        found = [claim for cell in cells for claim in cell.claims] + [claim for own in self.alone for claim in own]
        return tuple({claim.iri: claim for claim in found}.values())


def read_side(reader: GraphReader, key: str, text: str, language: str) -> Side:
    """Return what a text names: by an address, a short IRI, or any of the names by which it is found."""
    book, names = reader.book, reader.names
    if not text:
        return Side(key)
    # A document without passages has claims all the same.
    documents = {group.document: names.thing(group.document).value for group in book.claim_groups if group.document}
    documents |= book.documents
    iri = documents.get(text) or names.expand(text) or names.base + text.strip("/").removeprefix("page/")
    meant = Meant("nothing")
    if not (iri.startswith(names.prefixes["id"]) and book.is_known(iri)):
        meant = read_question(book, text, _MOST_HITS)
        found = [*meant.things, *filter(None, [documents.get(meant.document)])]
        iri = found[0] if meant.kind == "said" and len(found) == 1 and not meant.iri and not meant.is_guessed else ""
    if not iri:
        hits = [hit for hit in hits_of(meant) if hit.iri.startswith(names.prefixes["id"])][:_MOST_SUGGESTED]
        return Side(key, text, suggested=tuple(thing for thing, _hit in name_things(reader, hits, language)))
    document = next((name for name, own in documents.items() if own == iri), "")
    return Side(key, text, Labels(reader, language, [iri]).name(iri), document)


def view_comparison(reader: GraphReader, args: Mapping[str, str], language: str) -> Compared:
    """Read the comparison of what the parameters `a` and `b` name."""
    first, second = (read_side(reader, key, args.get(key, "").strip(), language) for key in ("a", "b"))
    sides, names = (first, second), [side.name for side in (first, second) if side.name]
    known = [side for side in sides if side.name]
    if len({name.iri for name in names}) < len(sides):
        title = names[0].text if names and not (first.is_unknown or second.is_unknown) else _("Compare")
        one = (
            said(reader, _meant(known[:1]), language) if known and not (first.is_unknown or second.is_unknown) else None
        )
        return Compared(sides, title, one.finding if one else "", one=one)
    title = _("%(first)s and %(second)s", first=names[0].text, second=names[1].text)
    if bool(first.document) != bool(second.document):
        # What a document says of a thing is no table of two columns.
        one = said(reader, _meant(known), language)
        return Compared(sides, title, one.finding, one=one)
    return _Comparison(reader, sides, title, language).view()


def _meant(sides: Sequence[Side]) -> Meant:
    """Return what is asked for by sides: what documents say of them, or one of the other."""
    things = tuple(side.name.iri for side in sides if side.name and (not side.document or len(sides) == 1))
    return Meant("said", document=next((s.document for s in sides if len(sides) > 1), "") or "", things=things)


class _Comparison:
    """Two things or two documents, with their main claims."""

    def __init__(self, reader: GraphReader, sides: tuple[Side, Side], title: str, language: str) -> None:
        self._reader, self._language = reader, language
        self._book, self._sides, self._title = reader.book, sides, title
        self._languages = preferred_languages(reader.names, language)
        #: The main claims of each side, those that matter most first.
        self._mains = [self._read(side) for side in sides]
        self._topics = self._read_topics({iri for own in self._mains for iri in own})
        self._documents = name_documents(reader, language)
        bests = [p.best for issue in self._book.issues.values() for p in issue.positions.values() if p.best]
        wanted = dict.fromkeys([iri for own in self._mains for iri in own] + (bests if sides[0].document else []))
        self._views = {view.iri: view for view in load_claims_of(reader, list(wanted), language)}

    def _read(self, side: Side) -> list[str]:
        if side.document:
            return self._book.find_claims(ClaimFilter(document=side.document, part="0"))
        found = self._book.entries(ClaimFilter(thing=side.name.iri)) if side.name else []
        return list(dict.fromkeys(entry.main or entry.iri for entry in found))

    def _read_topics(self, claims: Iterable[str]) -> dict[str, list[str]]:
        told = self._book.values(claims, DK.hasTopic)
        return {
            iri: [term.value for term in own[DK.hasTopic] if isinstance(term, NamedNode)] for iri, own in told.items()
        }

    def view(self) -> Compared:
        """Return what is said of both, then of each alone."""
        groups, told = defaultdict[str, list[Row]](list), set[str]()
        topics = 0
        for topic in self._book.topics.values():
            one, other = (self._on(topic.iri, own) for own in self._mains)
            if not one or not other:
                continue
            topics += 1
            same = [iri for iri in one if iri in other and iri not in told]
            sides = tuple(self._cell(iri for iri in own if iri not in other or iri not in one) for own in (one, other))
            told.update(one, other)
            row = Row(text_in(topic.label, self._languages), f"topic/{topic.name}", self._cell(same), sides)
            if same or all(cell.claims for cell in sides):
                groups[self._above(topic.iri)].append(row)
        issues = self._issues() if self._sides[0].document else []
        shown = [Group(_("Issues"), tuple(issues))] if issues else []
        shown += [Group(name, tuple(rows)) for name, rows in groups.items()]
        if facts := self._facts():
            shown.append(Group(_("Facts from outside"), tuple(facts)))
        alone = tuple(self._cell(iri for iri in own if iri not in told).claims for own in self._mains)
        return Compared(self._sides, self._title, self._finding(issues, topics), tuple(shown), alone)

    def _facts(self) -> list[Row]:
        """Return what sources outside the documents tell of both."""
        if self._sides[0].document:
            return []
        told: list[dict[str, list[str]]] = []
        for side in self._sides:
            found = defaultdict[str, list[str]](list)
            own = self._book.outside_claims([side.name.iri]) if side.name else []
            for iri, entry in self._book.find_entries(own).items():
                found[entry.predicate].append(iri)
            told.append(found)
        common = [predicate for predicate in told[0] if predicate in told[1]]
        iris = [iri for own in told for predicate in common for iri in own[predicate]]
        self._views |= {view.iri: view for view in load_claims_of(self._reader, iris, self._language)}
        labels = Labels(self._reader, self._language, common)
        rows = [
            Row(labels.name(predicate).text.capitalize(), sides=tuple(self._cell(own[predicate]) for own in told))
            for predicate in common
        ]
        return sorted(rows, key=lambda row: row.text)

    def _on(self, topic: str, claims: Iterable[str]) -> list[str]:
        return [iri for iri in claims if topic in self._topics.get(iri, ())]

    def _above(self, topic: str) -> str:
        """Return what the topic at the top of one is called."""
        by_iri = {each.iri: each for each in self._book.topics.values()}
        found = by_iri[topic]
        while found.broader in by_iri:
            found = by_iri[found.broader]
        return text_in(found.label, self._languages)

    def _cell(self, claims: Iterable[str]) -> Cell:
        return Cell(tuple(self._views[iri] for iri in claims if iri in self._views))

    def _issues(self) -> list[Row]:
        """Return the issues on which both documents speak."""
        rows = []
        for issue in self._book.issues.values():
            positions = [issue.positions.get(side.document) for side in self._sides]
            if all(p and p.answer not in _SILENT for p in positions):
                cells = []
                for position in positions:
                    best = self._views.get(position.best) if position else None
                    answer = answer_words(position, issue.kind, best)
                    cells.append(Cell((best,) if best else (), answer))
                rows.append(Row(text_in(issue.question, self._languages), f"issue/{issue.name}", sides=tuple(cells)))
        return rows

    def _finding(self, issues: Sequence[Row], topics: int) -> str:
        """Return on how many issues and topics something is said of both."""
        same = len(set(self._mains[0]) & set(self._mains[1]))
        differing = sum(len({cell.position.mark for cell in row.sides if cell.position}) > 1 for row in issues)
        if self._sides[0].document:
            met = ngettext("Both speak on one issue", "Both speak on %(num)d issues", len(issues))
            told = [f"{met}, {_('%(count)s of which they answer differently', count=differing)}."] if issues else []
            told += [ngettext("They have one topic in common.", "They have %(num)d topics in common.", topics)]
            return " ".join(told) if topics or issues else _("They have no topic in common.")
        if not topics:
            return _("There is no topic on which documents speak of both.")
        told = [ngettext("Documents speak of both on one topic.", "Documents speak of both on %(num)d topics.", topics)]
        told += [ngettext("One main claim names both.", "%(num)d main claims name both.", same)] if same else []
        return " ".join(told)
