"""`/compare`: two things or two documents side by side, and each pair of claims that meet; the same as files.

First come the issues and topics on which something is said of both, then what is said of one only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from pyoxigraph import NamedNode

from digitech_kg.book import ClaimFilter
from digitech_kg.comparison.reports import ComparisonReader
from digitech_kg.formats import HTML, JSON
from digitech_kg.namespaces import DK
from digitech_kg.tables import make_table
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.http.problems import requested_format
from digitech_kg.web.pages.citing import OFFICE, Kept, Notes, Origin, Paragraph, claims_table, origin_at
from digitech_kg.web.pages.search import FoundThing, hits_of, name_things
from digitech_kg.web.pages.search_answer import FoundAnswer, said
from digitech_kg.web.pages.search_meaning import Meant, read_question
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.dataset import name_documents
from digitech_kg.web.reading.labels import (
    Labels,
    Name,
    data_links,
    iri_of,
    link_header,
    nothing_about,
    preferred_languages,
    text_in,
)
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import NOTHING, Answer, Group, Sentence, Telling, answer_words, tell
from digitech_kg.web.site import Site

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
class Row:
    """A point on which something is said of both: by the same claims, or by some of each."""

    text: str
    #: The path of the page of an issue or topic; "" for others.
    href: str = ""
    both: Group = NOTHING
    sides: tuple[Group, ...] = ()

    @property
    def is_told_apart(self) -> bool:
        """Whether anything is said of one side that isn't said of both."""
        return any(cell.sentences or cell.position for cell in self.sides)


@dataclass(frozen=True)
class Subject:
    """Rows of one subject, such as security."""

    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Compared:
    """Everything that the page shows. `one` is the answer on a side that stands alone."""

    sides: tuple[Side, Side]
    title: str
    finding: str = ""
    subjects: tuple[Subject, ...] = ()
    #: What is said of one side on what nothing is said of the other.
    alone: tuple[Group, ...] = ()
    one: FoundAnswer | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether something was typed that names nothing."""
        return any(side.is_unknown for side in self.sides)

    def later(self, shown: int) -> int:
        """Return how many points come after the first ones of each subject."""
        return sum(len(subject.rows[shown:]) for subject in self.subjects)

    def rows(self) -> Iterator[tuple[str, str, tuple[Group, ...]]]:
        """Yield it as rows: subject, point, and what is said of each side."""
        for subject in self.subjects:
            for row in subject.rows:
                sides = row.sides or (NOTHING, NOTHING)
                told = (replace(side, sentences=(*row.both.sentences, *side.sentences)) for side in sides)
                yield subject.text, row.text, tuple(told)
        if self.alone:
            yield _("Said of one only"), "", self.alone

    @property
    def claims(self) -> tuple[ClaimView, ...]:
        """All claims, each once."""
        found = (one.claim for _subject, _point, sides in self.rows() for side in sides for one in side.sentences)
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
        return self._book.find_claims(ClaimFilter(about=side.name.iri)) if side.name else []

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
            if same or all(cell.sentences for cell in sides):
                groups[self._above(topic.iri)].append(row)
        issues = self._issues() if self._sides[0].document else []
        shown = [Subject(_("Issues"), tuple(issues))] if issues else []
        shown += [Subject(name, tuple(rows)) for name, rows in groups.items()]
        if facts := self._facts():
            shown.append(Subject(_("Facts from outside"), tuple(facts)))
        alone = tuple(self._cell((iri for iri in own if iri not in told), SHOWN_ALONE) for own in self._mains)
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

    def _cell(self, claims: Iterable[str], shown: int = SHOWN, position: Answer | None = None) -> Group:
        told = tuple(tell(self._views[iri], self._documents) for iri in claims if iri in self._views)
        return Group(told, shown=shown, position=position)

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
                    cells.append(self._cell([best.iri] if best else (), position=answer))
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


def _as_json(view: Compared) -> dict[str, object]:
    """Return a comparison for programs."""

    def told(sentences: Iterable[Sentence]) -> list[dict[str, str]]:
        return [{"claim": one.claim.iri, "sentence": one.claim.sentence} for one in sentences]

    points = [
        {"subject": group, "point": point, "said": [told(side.sentences) for side in sides]}
        for group, point, sides in view.rows()
    ]
    names = [{"iri": side.name.iri, "label": side.name.text} for side in view.sides if side.name]
    one = told(view.one.lines) if view.one else []
    return {"compared": names, "finding": view.finding, "points": points, "claims": one}


def _keep(reader: GraphReader, view: Compared, origin: Origin) -> Kept:
    """Return a comparison as it is kept: a footnote to each claim, and the claims with pages and references."""
    maker = Notes(reader, origin.language, view.claims, {})
    notes = {claim.iri: maker.make(claim) for claim in view.claims}
    names = [side.name.text for side in view.sides if side.name]

    def texts(side: Group) -> str | None:
        lines = [f"{one.claim.sentence} ({notes[one.claim.iri].short})" for one in side.sentences]
        return "\n".join([*([side.position.words] if side.position else []), *lines]) or None

    rows, said = [], list[Paragraph]()
    for subject, point, sides in view.rows():
        rows.append([subject, point, *map(texts, sides)])
        heading = ": ".join(filter(None, (subject, point)))
        for name, side in zip(names, sides, strict=True):
            for one in side.sentences:
                said.append(Paragraph(f"{name}: {one.claim.sentence}", (notes[one.claim.iri].told,), heading))
                heading = ""
    sheet = make_table(_("Comparison"), [_("Subject"), _("Point"), *names], rows)
    about = ((_("Comparison"), view.title),)
    return Kept(view.title, origin, view.finding, tuple(said), (sheet, claims_table(notes.values())), about=about)


def comparing_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of its pages; programs get what `/compare` shows as JSON, at the same address."""
    reader = site.reader

    def answer_programs() -> Response | None:
        if request.endpoint != "comparing.compare" or requested_format((HTML, JSON)) is HTML:
            return None
        view = view_comparison(reader, request.args, current_language())
        return make_response(jsonify(_as_json(view)), 404 if view.is_unknown else 200)

    blueprint = site.blueprint("comparing", __name__, programs=answer_programs)

    @blueprint.get("/compare")
    def compare() -> Response:
        page, script = view_comparison(reader, request.args, current_language()), script_address("suggest")
        shown = render_template("compare.html", page=page, script=script)
        return make_response(shown, 404 if page.is_unknown else 200)

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        iri, source = iri_of(f"comparison/{name}", reader.names), ComparisonReader(reader.book, current_language())
        found = [pair for pair in source.comparisons if pair.iri == iri]
        if not found:
            raise nothing_about(iri.removeprefix(reader.names.base))
        pair = source.read_pairs(found)[0]
        told = Telling(reader, (found[0].first, found[0].second), current_language()).sentences.values()
        shown = {"pair": pair, "title": _titles()[pair.kind], "told": told, **data_links(iri, reader.names)}
        return make_response(render_template("comparison.html", **shown), {"Link": link_header(iri, reader.names)})

    @blueprint.get(f"/compare.<{OFFICE}:kind>")
    def download(kind: str) -> Response:
        view = view_comparison(reader, request.args, current_language())
        asked = {side.key: side.text for side in view.sides if side.text}
        address = url_for("comparing.compare", **asked, lang=None, _external=True)
        return _keep(reader, view, origin_at(site.service, address)).file(kind, "comparison")

    return blueprint


def _titles() -> dict[str, str]:
    """Return what a pair of claims comes to, by its kind."""
    return {
        "contradicts": _("One says so, one says that it is not"),
        "inTensionWith": _("On different sides, at least one with a reserve"),
        "differsFrom": _("Two documents differ, and both can be right"),
        "firmerThan": _("On the same side, one more firmly"),
        "corroborates": _("Agree"),
    }
