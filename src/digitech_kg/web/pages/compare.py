"""`/compare`: what two things or two documents have in common, then what only one has; also as files.

Documents meet first on issues on which both take a side, then in claims on the same point, then on topics.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from digitech_kg.book import ClaimFilter, IssueEntry, PositionEntry
from digitech_kg.comparison.documents import OPPOSED, documents_of, pairs_between
from digitech_kg.comparison.issues import issues_between
from digitech_kg.errors import NotFound
from digitech_kg.search.meant import Meant
from digitech_kg.tables import make_table
from digitech_kg.web.http.languages import _, ngettext, number_words, words_of
from digitech_kg.web.pages.citing import Note, Notes, Origin, claims_table
from digitech_kg.web.pages.kept import OFFICE, Kept, Paragraph
from digitech_kg.web.pages.search import FoundThing, things_alike
from digitech_kg.web.pages.search_said import FoundAnswer, said
from digitech_kg.web.pages.thing_view import standing_titles
from digitech_kg.web.reading.addresses import iri_of, nothing_about, page_of, resource_page
from digitech_kg.web.reading.claim_views import load_claims
from digitech_kg.web.reading.dataset import Document, find_made_by, name_topics, read_documents, topics_of
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import NOTHING, Group, Telling, answer_words, say_unfinished, tell
from digitech_kg.web.site import Site

#: Claims of a cell that are shown without unfolding the others.
SHOWN: Final = 2


class Side:
    """One of the two that are compared: what was typed names it by an address, a short IRI, or any of its names.

    Without a name nothing here is called so.
    """

    def __init__(self, reader: GraphReader, key: str, text: str) -> None:
        self.key, self.text, self.document = key, text, ""
        self.name: Name | None = None
        #: Whether something was typed that names nothing.
        self.is_unknown = bool(text)
        #: What may be meant by a text that names nothing.
        self.suggested: list[FoundThing] = []
        if not text:
            return
        documents = documents_of(reader.book)
        try:
            iri = documents.get(text) or reader.book.find_thing(text.strip("/").removeprefix("page/"))
        except NotFound:
            self.suggested = things_alike(reader, text)
            return
        self.name, self.is_unknown = Labels(reader, [iri]).name(iri), False
        #: The name of the document that it is, in addresses.
        self.document = next((name for name, own in documents.items() if own == iri), "")


@dataclass(frozen=True)
class Point:
    """A point on which something is said of both, or of one where other sources tell the like of the other."""

    text: str
    #: The address of the page of an issue, topic or comparison; "" for others.
    href: str = ""
    both: Group = NOTHING
    #: What is said of each; none if it is all said of both.
    sides: tuple[Group, ...] = ()
    #: How the positions of two documents stand to each other, by its name in `words.toml`; "" if one takes no side.
    kind: str = ""

    @property
    def note(self) -> str:
        """Return how the two stand to each other, in words."""
        return words_of("positions").get(self.kind, "")

    @property
    def text_with_note(self) -> str:
        return f"{self.text} ({self.note})" if self.note else self.text

    @property
    def cells(self) -> tuple[Group, ...]:
        """Return what is said of both, then of each."""
        return (self.both, *(self.sides or (NOTHING, NOTHING)))


@dataclass(frozen=True)
class Subject:
    """Rows of one subject, such as security; those that tell less fold out, below what they are called."""

    text: str
    rows: tuple[Point, ...]
    folded: tuple[Point, ...] = ()
    folded_text: str = ""


class Compared:
    """Everything that the page shows of what the parameters `a` and `b` name."""

    def __init__(self, reader: GraphReader, args: Mapping[str, str]) -> None:
        self.sides = [Side(reader, key, args.get(key, "").strip()) for key in ("a", "b")]
        self.title, self.finding, self.subjects = _("Compare"), "", list[Subject]()
        self.alone: list[tuple[Point, ...]] = []
        #: Pairs of documents that two things wrote or published, which may be meant.
        self.works: list[tuple[Document, ...]] = []
        #: The answer on a side that stands alone.
        self.one: FoundAnswer | None = None
        self.is_unknown = any(side.is_unknown for side in self.sides)
        names = {side.name.iri: side.name.text for side in self.sides if side.name}
        if self.is_unknown or not names:
            return
        first, *others = names.values()
        self.title = _("%(first)s and %(second)s", first=first, second=others[0]) if others else first
        documents = [side.document for side in self.sides if side.document]
        if not others or len(documents) == 1:
            # A document and a thing make no table of two columns.
            within = {side.document: side.name.iri for side in self.sides if others and side.document and side.name}
            things = tuple(iri for iri in names if iri not in within.values())
            self.one = said(reader, Meant("said", document="".join(within), things=things))
            self.finding = self.one.finding
            return
        found = _Documents(reader, documents) if documents else _Things(reader, list(names))
        pairs = product(*(find_made_by(reader, iri) for iri in names))
        self.works = [] if documents else [pair for pair in pairs if len(set(pair)) > 1]
        self.subjects = [subject for subject in found.subjects() if subject.rows or subject.folded]
        self.finding, self.alone = found.finding(), list(found.alone())

    def rows(self) -> list[tuple[str, Point]]:
        """Return the rows of the table, each with its subject."""
        return [(each.text, row) for each in self.subjects for row in (*each.rows, *each.folded)]


class _Comparison:
    """What two things or two documents have in common; `mains` are the main claims of each, `further` others told."""

    def __init__(self, reader: GraphReader, mains: Sequence[list[str]], further: Iterable[str]) -> None:
        self._reader, self._book = reader, reader.book
        self._topic_names = name_topics(reader)
        self._topics = {topic.iri: topic for topic in self._book.topics.values()}
        self._mains = mains
        #: The topics of each claim; the topics that claims of both sides have, with these; the claims in a row.
        self._topics_of = topics_of(reader, {iri for own in mains for iri in own})
        found = {
            iri: [[claim for claim in own if iri in self._topics_of.get(claim, ())] for own in mains]
            for iri in self._topics
        }
        self._common = {iri: sides for iri, sides in found.items() if all(sides)}
        #: What stands in the table, and on how many points, such as topics, documents say something of both.
        self._told, self._points = set[str](), 0
        self._documents = read_documents(reader)
        wanted = dict.fromkeys([*(iri for own in mains for iri in own), *further])
        self._views, _labels = load_claims(reader, list(wanted))

    def _by_topic(self, shown: int) -> Iterator[Subject]:
        """Yield the topics of both, by the topic above them; each claim that holds of both stands once."""
        groups = defaultdict[str, list[Point]](list)
        for iri, (one, other) in self._common.items():
            both = [claim for claim in one if claim in other]
            new = [claim for claim in both if claim not in self._told]
            alone = [[claim for claim in own if claim not in both] for own in (one, other)]
            # Claims that stood below another topic are repeated only if there are no others.
            apart = [[claim for claim in own if claim not in self._told] or own for own in alone]
            sides = tuple(self._cell(own, shown) for own in apart) if all(apart) else ()
            if new or sides:
                self._told.update(both, *(apart if sides else ()))
                topic, name = self._topics[iri], self._topic_names[iri]
                row = Point(name, url_for("topics.topic", name=topic.name), self._cell(new, shown), sides)
                groups[self._topic_names.get(topic.broader, name)].append(row)
                self._points += 1
        return (Subject(name, tuple(rows)) for name, rows in groups.items())

    def alone(self) -> Iterator[tuple[Point, ...]]:
        """Yield what is said of, or in, each only, by a topic of each claim, rather one that the other lacks."""
        for place, mains in enumerate(self._mains):
            found = defaultdict[str, list[str]](list)
            for iri in (iri for iri in mains if iri not in self._told):
                topics = sorted(self._topics_of.get(iri, ()), key=self._common.__contains__)
                found[self._topic_names.get(next(iter(topics), ""), "")].append(iri)
            named = sorted(found, key=lambda name: (not name, -len(found[name]), name))
            cells = {name or _("Other matters"): self._cell(found[name]) for name in named}
            yield tuple(Point(name, sides=(NOTHING, own) if place else (own, NOTHING)) for name, own in cells.items())

    def _cell(self, claims: Iterable[str], shown: int = SHOWN, **told: Any) -> Group:
        sentences = tuple(tell(self._views[iri], self._documents) for iri in claims if iri in self._views)
        return Group(sentences, shown=shown, **told)


class _Things(_Comparison):
    """Two things: topics on which something is said of both, then what sources outside the documents tell of both."""

    def __init__(self, reader: GraphReader, things: Sequence[str]) -> None:
        super().__init__(reader, [reader.book.find_claims(ClaimFilter(about=iri)) for iri in things], ())
        self._things = things

    def subjects(self) -> Iterable[Subject]:
        """Yield where the two meet."""
        return (*self._by_topic(SHOWN), *self._facts())

    def finding(self) -> str:
        """Return on how many points something is said of both, and in how many main claims."""
        if not self._points:
            return _("There is no topic on which documents speak of both.")
        points, same = self._points, len(set(self._mains[0]) & set(self._mains[1]))
        told = [ngettext("Documents speak of both on one point.", "Documents speak of both on %(num)d points.", points)]
        told += [ngettext("One main claim names both.", "%(num)d main claims name both.", same)] if same else []
        return " ".join(told)

    def _facts(self) -> Iterator[Subject]:
        """Yield what is told of both by documents or by other sources, such as who owns them; documents come first."""
        told, above = list[dict[tuple[str, bool], dict[str, None]]](), set[tuple[str, str, bool]]()
        book, documents = self._book, list(self._documents)
        for thing, mains in zip(self._things, self._mains, strict=True):
            own = book.find_claims(ClaimFilter(subject=thing), order="text", documents=documents)
            entries = book.find_entries([*own, *book.outside_claims([thing])])
            beside = book.see_also(entry.predicate for entry in entries.values())
            found, left = defaultdict[tuple[str, bool], dict[str, None]](dict), {*mains} - self._told
            for entry in map(entries.__getitem__, dict.fromkeys((*own, *entries))):
                predicate, outside = beside.get(entry.predicate, entry.predicate), not entry.put.document
                # If one owner has several companies, a part of the claim is about each.
                main = entry.main_claim if predicate in beside.values() else entry.iri
                if outside or main in left:
                    found[predicate, outside][main] = None
                elif main in self._told:
                    above.add((thing, predicate, outside))
            told.append(found)
        one, other = ({predicate for predicate, _outside in found} for found in told)
        common = list(dict.fromkeys(key for found in told for key in found if key[0] in one & other))
        iris = [iri for found in told for key in common for iri in found[key]]
        views, labels = load_claims(self._reader, iris, (predicate for predicate, _outside in common))
        self._views |= views
        self._told.update(iris)
        self._points += sum(not key[1] and all(found[key] for found in told) for key in common)
        titles, groups = standing_titles(self._reader), defaultdict[tuple[bool, str], list[Point]](list)
        for key in common:
            pairs = zip(self._things, told, strict=True)
            sides = tuple(self._cell(found[key], stands_above=(thing, *key) in above) for thing, found in pairs)
            predicate, is_outside = key
            title = titles.get(predicate, _("Facts from outside")) if is_outside else _("What documents say")
            groups[is_outside, title].append(Point(labels.name(predicate).text.capitalize(), sides=sides))
        found_rows = sorted(groups.items())
        return (Subject(title, tuple(sorted(rows, key=lambda row: row.text))) for (_far, title), rows in found_rows)


class _Documents(_Comparison):
    """Two documents: issues on which both take a side, claims on the same point, topics of both, and those of one."""

    def __init__(self, reader: GraphReader, names: Sequence[str]) -> None:
        book, self._names = reader.book, names
        mains = [book.find_claims(ClaimFilter(document=name, part="0")) for name in names]
        home, pairs = reader.names.document_of, pairs_between(book, names)
        self._pairs = [p if home(p.first) == names[0] else replace(p, first=p.second, second=p.first) for p in pairs]
        bests = (p.best for issue in book.issues.values() for p in issue.positions.values() if p.best)
        met = (iri for pair in self._pairs for iri in (pair.first, pair.second))
        super().__init__(reader, mains, [*bests, *met])
        rows, kinds = [self._issue(*found) for found in issues_between(book, names)], list(words_of("positions"))
        # Issues on which both take a side, in the order of how they differ.
        self._both = sorted((row for row in rows if row.kind), key=lambda row: kinds.index(row.kind))
        self._others = [row for row in rows if not row.kind]
        self._meeting = tuple(self._meet())

    def subjects(self) -> Iterable[Subject]:
        """Yield where the two meet."""
        rest = ngettext(
            "One more issue, on which one or both take no side",
            "%(num)d more issues, on which one or both take no side",
            len(self._others),
        )
        yield Subject(_("Issues on which both take a side"), tuple(self._both), tuple(self._others), rest)
        yield Subject(_("Claims on the same point"), self._meeting)
        yield from self._by_topic(1)
        rows = (*self._both, *self._meeting)
        self._told |= {one.claim.iri for row in rows for side in row.sides for one in side.sentences}

    def _issue(self, issue: IssueEntry, positions: Sequence[PositionEntry]) -> Point:
        """Return the positions of the two on an issue."""
        (first, second), cells = positions, []
        for position in positions:
            best = [position.best] if position.best in self._views else []
            cells.append(self._cell(best, position=answer_words(position, issue.kind)))
        related = {kind for kind, other in first.relations if other == second.iri}
        related |= {kind for kind, other in second.relations if other == first.iri} | {"otherwise"}
        kind = next(kind for kind in words_of("positions") if kind in related)
        kind = kind if first.takes_side and second.takes_side else ""
        href = url_for("issues.issue", name=issue.name)
        return Point(self._reader.text(issue.question), href, sides=tuple(cells), kind=kind)

    def _meet(self) -> Iterator[Point]:
        """Yield the pairs of claims on the same point, those that contradict each other first."""
        titles = words_of("pair")
        for pair in sorted(self._pairs, key=lambda pair: list(titles).index(pair.kind)):
            href, title = page_of(pair.iri, self._reader.names) or "", titles[pair.kind]
            ends = [self._views[iri].negated for iri in (pair.first, pair.second) if iri in self._views]
            if pair.kind == "contradicts" and len(ends) > len(set(ends)):
                title = _("Only one of the two can be right")  # Two values, say: neither is denied.
            yield Point(title, href, sides=(self._cell([pair.first]), self._cell([pair.second])))

    def finding(self) -> str:
        """Return on how many issues both take a side, how often on opposite ones, and how many topics both have."""
        opposed = sum(row.kind in OPPOSED for row in self._both)
        told = []
        if self._both:
            sides = ngettext("Both take a side on one issue", "Both take a side on %(num)d issues", len(self._both))
            never, often = _("and never on opposite sides"), number_words(opposed)
            told.append(f"{sides}, {_('on opposite sides in %(count)s', count=often) if opposed else never}.")
        elif self._others:
            told.append(_("There is no issue on which both take a side."))
        topics, none = len(self._common), _("They have no topic in common.")
        common = ngettext("They have one topic in common.", "They have %(num)d topics in common.", topics)
        told.append(common if topics else none)
        told.append(say_unfinished(self._documents[name] for name in self._names if name in self._documents))
        return " ".join(filter(None, told))


def _keep(reader: GraphReader, view: Compared) -> Kept:
    """Return a comparison as it is kept: a table with a short reference to each claim, and the claims."""
    asked = {side.key: side.text for side in view.sides if side.text}
    origin = Origin(reader, url_for("comparing.compare", **asked, lang=None, _external=True))
    rows = view.rows() + [(_("Said of one only"), row) for own in view.alone for row in own]
    claims = {one.claim.iri: one.claim for _subject, row in rows for side in row.cells for one in side.sentences}
    read = Notes(reader, claims.values())
    notes = {iri: Note(read, claim) for iri, claim in claims.items()}

    def cell(side: Group) -> str | None:
        position = [side.position.words] if side.position else []
        lines = [f"{one.claim.sentence} ({notes[one.claim.iri].short})" for one in side.sentences]
        return "\n".join([*position, *lines]) or None

    # Two documents have no sentence together.
    first = 0 if any(row.both.sentences for _subject, row in rows) else 1
    heads = [_("Of both"), *(side.name.text for side in view.sides if side.name)][first:]
    told = [[subject, row.text_with_note, *map(cell, row.cells[first:])] for subject, row in rows]
    table = make_table(_("Comparison"), [_("Subject"), _("Point"), *heads], told)
    sheets, about = (table, claims_table(notes.values())), ((_("Comparison"), view.title),)
    return Kept(view.title, origin, view.finding, sheets=sheets, table=table, notes=tuple(notes.values()), about=about)


def _copied(view: Compared, kept: Kept) -> str:
    """Return where the two meet as it is copied, with footnotes, and how many rows on one of them there are besides."""
    notes = {note.claim.iri: note.cited for note in kept.notes}
    names = (view.title, *(side.name.text for side in view.sides if side.name))
    told = list[Paragraph]()
    for title, row in view.rows():
        heading = row.text_with_note if title == row.text else f"{title}: {row.text_with_note}"
        for name, group in zip(names, row.cells, strict=False):
            who = f"{name} ({group.position.words})" if group.position else name
            own = [Paragraph(f"{who}: {one.claim.sentence}", (notes[one.claim.iri],)) for one in group.sentences]
            for each in own or ([Paragraph(f"{who}.")] if group.position else []):
                told.append(replace(each, heading=heading))
                heading = ""
    rest = sum(map(len, view.alone))
    more = ngettext("One more row is at this address.", "%(num)d more rows are at this address.", rest)
    return replace(kept, paragraphs=(*told, *([Paragraph(more)] if rest else []))).copied()


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint = site.blueprint("comparing", __name__)

    @blueprint.get("/compare")
    def compare() -> Response:
        page = Compared(site.reader, request.args)
        kept = _keep(site.reader, page) if page.subjects or page.alone else None
        shown = {"copied": _copied(page, kept), "address": kept.origin.address} if kept else {}
        return make_response(render_template("compare.html", page=page, **shown), 404 if page.is_unknown else 200)

    @blueprint.get(f"/compare.<{OFFICE}:kind>")
    def download(kind: str) -> Response:
        return _keep(site.reader, Compared(site.reader, request.args)).file(kind, "comparison")

    @blueprint.get("/page/comparison/<name>")
    def comparison(name: str) -> Response:
        reader, names = site.reader, site.service.names
        iri = iri_of(f"comparison/{name}", names)
        pair = next((pair for pair in reader.book.comparisons() if pair.iri == iri), None)
        if pair is None:
            raise nothing_about(reader.book, iri)
        claims = (pair.first, pair.second)
        reason = reader.text(reader.book.describe([iri])[iri].sentences)
        told = Telling(reader, claims).sentences.values()
        shown = {"title": words_of("pair")[pair.kind], "reason": reason, "documents": [*map(names.document_of, claims)]}
        return resource_page("comparison.html", iri, names, told=told, **shown)

    yield blueprint
