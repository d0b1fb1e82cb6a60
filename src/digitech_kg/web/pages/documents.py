"""The page of a document, passage by passage, beside its text where there is a copy; the page of a passage."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal

from digitech_kg.book import Book, ClaimEntry, ClaimFilter, IssueEntry, PassageEntry, TopicEntry
from digitech_kg.errors import NotFound
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK
from digitech_kg.web.pages.issue_view import SIDES
from digitech_kg.web.reading.addresses import link_header, nothing_about
from digitech_kg.web.reading.dataset import find_document, name_topics, read_documents, read_embedded_texts, topics_of
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader
from digitech_kg.web.reading.sentences import PositionWords, Sentence, Telling, answer_words, say_unfinished
from digitech_kg.web.site import Site

#: What an address may ask for: a copy that is chosen in the browser, or none though the server has one.
_TEXTS: Final = ("", "own", "no")
#: Main claims that a page tells at once; later sections fold out.
_MOST_OPEN: Final = 20
#: Kinds of claims of which another page tells whom they address and what came of them.
_LISTED: Final = ("recommendation", "prediction")


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the reading view; documents are quoted where there is a copy of the text."""
    blueprint = site.blueprint("documents", __name__, has_data=True)

    @blueprint.get("/document/<name>")
    def document(name: str) -> Response:
        text = request.args.get("text", "")
        if text not in _TEXTS:
            raise NotFound(f"a document is not shown with the text '{text[:60]}'", hint="There are: own, no.")
        reader = replace(site.reader, copies={}) if text == "no" else site.reader
        view = view_document(reader, name, is_whole=bool(text or request.args.get("whole")))
        mode, has_copy = view["fit"] or text, name in site.copies
        page = render_template("document.html", view=view, mode=mode, has_copy=has_copy)
        return Response(page, headers={"Link": link_header(view["document"].about.iri, reader.names)})

    yield blueprint


def view_document(reader: GraphReader, name: str, *, is_whole: bool = False) -> dict[str, Any]:
    """Return what the page of a document shows, all sections open if `is_whole`. Raises `NotFound` if there is none.

    `fit` says how a copy of the text fits: "" without one, matching, differing (some passages), wrong (all).
    """
    document, found, has_copy = find_document(reader, name), DocumentRows(reader, name), name in reader.copies
    sections, stands = tuple(found.sections()), _stands(reader.book, name)
    rows = [row for section in sections for row in section.rows]
    kinds = {said.claim.firm.kind for row in rows for said in row.said}
    return {
        "document": document,
        "sections": sections,
        "folded": () if is_whole or has_copy else _later(sections),
        "fit": _fit(place for row in rows for line in row.places for place in line) if has_copy else "",
        # Its topics with the number of main claims on each.
        "topics": _topics(reader, found.mains),
        # Where it stands on issues, by what it says there, and on how many nothing was found in it.
        "stands": stands,
        "silent": 0 if document.is_unfinished else len(reader.book.issues) - sum(len(own) for _, own in stands),
        "unfinished": say_unfinished([document]),
        # The kinds of claims that another page tells more of.
        "kinds": [kind for kind in _LISTED if kind in kinds],
        "has_pages": any(row.begins for row in rows),
        "pages_are_estimated": any(row.page_is_estimated for row in rows),
    }


def _later(sections: "Sequence[SectionView]") -> "list[SectionView]":
    """Return the sections that fold out: those after the first ones."""
    told = accumulate(section.claims for section in sections)
    return [s for s, count in list(zip(sections, told, strict=True))[1:] if s.name and count > _MOST_OPEN]


def _topics(reader: GraphReader, mains: Iterable[str]) -> tuple[tuple[TopicEntry, int], ...]:
    """Return the topics of some main claims, the one with most of them first."""
    called, counts = name_topics(reader), Counter(chain.from_iterable(topics_of(reader, mains).values()))
    known = [topic for topic in reader.book.topics.values() if counts[topic.iri]]
    known.sort(key=lambda topic: (-counts[topic.iri], called[topic.iri]))
    return tuple((topic, counts[topic.iri]) for topic in known)


def _fit(places: "Iterable[PassageView]") -> str:
    found = {place.words is not None for place in places}
    return "matching" if False not in found else "differing" if True in found else "wrong"


def _stands(book: Book, name: str) -> tuple[tuple[PositionWords, tuple[IssueEntry, ...]], ...]:
    """Return the issues on which a document takes a position, by what it says on them, the firmest first."""
    taken = [(issue, p) for issue in book.issues.values() if (p := issue.positions.get(name)) and p.best]
    found = grouped((answer_words(position, issue.kind), issue) for issue, position in taken)
    order = sorted(found, key=lambda answer: (SIDES.index(answer.side), bool(answer.reserve), -len(found[answer])))
    return tuple((answer, tuple(found[answer])) for answer in order)


#: Kinds of passages that hold others and have no words of their own.
_CONTAINERS: Final = frozenset(kind.value for kind in (DK.Section, DK.Paragraph, DK.Table))


class CellWords(NamedTuple):
    """What a cell is drawn with where its text isn't at hand, and what its column then has as its head."""

    text: str
    href: str | None
    head: str


@dataclass(frozen=True)
class PassageView:
    """A sentence or cell: its name, the number that the name ends with, and its words if a copy has them."""

    name: Name
    passage: PassageEntry
    number: str
    #: The words in turn, every second one shows how firmly it is put; None without a copy that fits.
    words: tuple[str, ...] | None
    cues: tuple[str, ...]
    #: The main claims that are told here.
    said: tuple[Sentence, ...]
    drawn: tuple[CellWords, ...] = ()


@dataclass(frozen=True)
class TextRow:
    """A sentence, or a table with its cells by row."""

    places: tuple[tuple[PassageView, ...], ...]
    #: Where else is told what it states too, if nothing is told here; and the passage that it repeats.
    told_at: tuple[Name, ...]
    #: The page that begins with it; "" if it is on that of the row before.
    begins: str
    page_is_estimated: bool
    begins_paragraph: bool

    @property
    def first(self) -> PassageView:
        """Its only sentence, or its first cell."""
        return self.places[0][0]

    @property
    def said(self) -> tuple[Sentence, ...]:
        """The main claims that are told at its places."""
        return tuple(said for line in self.places for place in line for said in place.said)

    def head_of(self, place: PassageView) -> str:
        """What the claims of the cells below a head have in common: what they say of each thing; "" if nothing."""
        own = place.passage.cell
        column = [o for line in self.places for o in line if own and o.passage.cell and o.passage.cell[1] == own[1]]
        heads = {cell.head for other in column for cell in other.drawn if cell.head}
        return heads.pop() if len(heads) == 1 else ""


@dataclass(frozen=True)
class SectionView:
    """A section and its rows; without a name for what stands in no section."""

    name: Name | None
    #: Its own anchor, and those of headings for which its name stands.
    anchors: tuple[str, ...]
    rows: tuple[TextRow, ...]
    #: Whether it has text below its heading that is told nowhere.
    has_gap: bool

    @property
    def told(self) -> int:
        """At how many of its passages something is told."""
        return sum(bool(row.said) for row in self.rows)

    @property
    def claims(self) -> int:
        """How many main claims are told in it."""
        return sum(len(row.said) for row in self.rows)


class DocumentRows:
    """Puts the passages and claims of one document together."""

    def __init__(self, reader: GraphReader, name: str) -> None:
        book = self._book = reader.book
        self._reader, self._name, self._passages = reader, name, book.passages_of(name)
        self._entries = {entry.iri: entry for entry in book.entries(ClaimFilter(document=name), order="text")}
        #: The IRIs of the main claims in the order of the text.
        self.mains = [iri for iri, entry in self._entries.items() if not entry.main]
        self._told = Telling(reader, self.mains, self._passages)
        self._cues, self._told_at = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        self._mains_at = defaultdict[str, list[ClaimEntry]](list)
        cues = book.values(self._entries, DK.cue, DK.passagesStateIt)
        self._whole_at_last = {iri for iri, own in cues.items() if DK.together in own.get(DK.passagesStateIt, ())}
        for iri, entry in self._entries.items():
            home = self._home(self._entries.get(entry.main, entry))
            for passage in entry.passages:
                self._cues[passage] += [cue.value for cue in cues.get(iri, {}).get(DK.cue, ())]
                self._told_at[passage] += [home] if home and home != passage else []
                self._mains_at[passage] += [] if entry.main else [entry]

    def sections(self) -> Iterator[SectionView]:
        """Yield the sections in the order of the text; what is in none comes where it stands."""
        told = grouped((self._home(entry), entry) for entry in map(self._entries.__getitem__, self.mains))
        # A mention has no words beside those of its sentence.
        passages = [p for p in self._passages.values() if p.kind != DK.Mention.value]
        read = [p for p in passages if p.kind not in _CONTAINERS or p.iri in told]
        within = self._book.sections_of(passage.iri for passage in read)
        sections: dict[str, list[PassageEntry]] = {p.iri: [] for p in passages if p.is_section}
        groups = sections | grouped((p.iri if p.is_section else within.get(p.iri, ""), p) for p in read)
        page = ""
        for iri, held in sorted(groups.items(), key=lambda group: self._start(*group)):
            heads = [p for p in held if iri and p.kind == DK.Heading.value and p.iri not in told]
            rows = tuple(self._rows([p for p in held if p not in heads], told, page))
            page = next((row.first.passage.page for row in reversed(rows) if row.first.passage.page), page)
            anchors = [iri.rsplit("/", 1)[-1], *(head.anchor for head in heads)] if iri else []
            has_gap = bool(iri and not rows and self._passages[iri].end > max((head.end for head in heads), default=0))
            yield SectionView(self._told.labels.name(iri) if iri else None, tuple(anchors), rows, has_gap)

    def _start(self, iri: str, held: list[PassageEntry]) -> int:
        return min((passage.start for passage in held), default=self._passages[iri].start if iri else 0)

    def _home(self, entry: ClaimEntry) -> str:
        """Return the passage where a main claim is told: the first, but a cell and not the head of its column.

        If several state it together it is the last one.
        """
        known = [iri for iri in entry.passages if iri in self._passages]
        if entry.iri in self._whole_at_last:
            known.reverse()
        return next((iri for iri in known if self._passages[iri].kind != DK.HeaderCell.value), "".join(known[:1]))

    def _rows(self, held: list[PassageEntry], told: Mapping[str, list[ClaimEntry]], page: str) -> Iterator[TextRow]:
        for _, together in groupby(held, key=self._whole):
            found = list(together)
            for number, own in enumerate([found] if found[0].cell else [[passage] for passage in found]):
                here = {passage.iri for passage in own}
                now = next((passage.page for passage in own if passage.page), page)
                lines = (tuple(self._place(p, told.get(p.iri, ()), here) for p in line) for line in _lines(own))
                yield TextRow(
                    tuple(lines),
                    () if here & told.keys() else self._elsewhere(own),
                    now if now != page else "",
                    any(passage.page_is_estimated for passage in own),
                    begins_paragraph=number == 0,
                )
                page = now

    def _elsewhere(self, own: list[PassageEntry]) -> tuple[Name, ...]:
        found = [iri for passage in own for iri in (*self._told_at[passage.iri], passage.repeats) if iri]
        return tuple(map(self._told.labels.name, dict.fromkeys(found)))

    def _place(self, passage: PassageEntry, told: Iterable[ClaimEntry], here: set[str]) -> PassageView:
        name, quotation = self._told.labels.name(passage.iri), self._reader.quote(self._name, passage)
        cues = tuple(dict.fromkeys(self._cues[passage.iri]))
        words = None if quotation is None else mark_words(quotation, cues)
        others = {e.iri: () if passage.cell else [iri for iri in e.passages if iri not in here] for e in told}
        said = tuple(said for iri, further in others.items() for said in self._told.in_place(iri, further))
        number = number_of(name.text, has_page=bool(passage.page))
        return PassageView(name, passage, number, words, cues, said, self._draw(passage) if passage.cell else ())

    def _draw(self, cell: PassageEntry) -> tuple[CellWords, ...]:
        """Return what claims say of a cell: of those that state one together, the first has what the claim is about.

        The last has the object or number that the others are told of, and so has a single one with a number.
        """
        found: dict[str, CellWords] = {}
        for entry in self._mains_at[cell.iri]:
            claim = self._told.sentences[entry.iri].claim if entry.iri in self._told.sentences else None
            kinds = {iri: self._passages[iri].kind for iri in entry.passages if iri in self._passages}
            cells = [iri for iri, kind in kinds.items() if kind == DK.TableCell.value]
            is_pair = len(cells) > 1 and entry.iri in self._whole_at_last
            if claim is None or cell.iri not in ((cells[0], cells[-1]) if is_pair else (self._home(entry),)):
                continue
            is_number = isinstance(claim.claim.object, Literal)
            if is_pair and cell.iri == cells[0]:
                own = CellWords(claim.subject.text, claim.href, "")
            elif is_pair or is_number:
                own = CellWords("" if claim.negated else claim.amount, claim.href, claim.predicate.text)
            else:
                own = CellWords(claim.subject.text, claim.href, claim.object.text)
            found.setdefault(own.text, own)
        return tuple(found.values())

    def _whole(self, passage: PassageEntry) -> str:
        """Return the paragraph or table that a passage stands in."""
        parents = (self._passages[iri] for iri in sorted(passage.parents) if iri in self._passages)
        return next((parent.iri for parent in parents if not parent.is_section), passage.iri)


def view_passage(reader: GraphReader, iri: str) -> dict[str, object]:
    """Return what the page of a passage shows. Raises `NotFound` if there is no such passage."""
    book, name = reader.book, reader.names.document_of(iri) or ""
    passage = book.find_passages([iri]).get(iri)
    document = read_documents(reader).get(name)
    if passage is None or document is None:
        raise nothing_about(book, iri)
    stating = book.find_claims(ClaimFilter(passage=iri, outside="1"), order="text", limit=MOST_ROWS)
    entries = book.find_entries(stating)
    mains = list(dict.fromkeys(entries[own].main_claim for own in stating))
    held = book.find_passages(part for part, _ in book.pointing(iri, DK.isPartOf))
    parts = [part.iri for part in held.values() if part.kind != DK.Mention.value]
    things = [thing for thing, _ in book.pointing(iri, DK.describedIn)]
    section = book.sections_of([iri]).get(iri, "")
    passages = {main: entry.passages for main, entry in book.find_entries(mains).items()}
    told = Telling(reader, mains, {iri, passage.kind, passage.repeats, section, *parts, *things})
    labels, quotation = told.labels, reader.quote(name, passage)
    cues = [cue.value for own in book.values(stating, DK.cue).values() for cue in own[DK.cue]]
    said = {main: told.in_place(main, (other for other in passages[main] if other != iri)) for main in mains}
    found = [(main in stating, one) for main, own in said.items() for one in own]
    return {
        "name": labels.name(iri),
        "passage": passage,
        "kind": labels.name(passage.kind),
        "document": document,
        # The text of its own that it stands in, or else the document.
        "source": read_embedded_texts(reader).get(iri, document),
        "section": labels.name(section) if section and section != iri else None,
        # Main claims that it states, alone or with other passages, and those of which it states details alone.
        "said": [one for states, one in found if states],
        "detailed": [one for states, one in found if not states],
        "things": list(map(labels.name, things)),
        "repeats": labels.name(passage.repeats) if passage.repeats else None,
        "parts": list(map(labels.name, parts)),
        "has_copy": name in reader.copies,
        # From the copy, if its hash fits: every second piece shows how firmly it is put.
        "words": mark_words(quotation, cues) if quotation else None,
    }


def number_of(name: str, *, has_page: bool) -> str:
    """Return the number in the margin: the one that the name of a passage ends with, on a page or in a paragraph.

    >>> number_of("p. 2, sentence 4", has_page=True), number_of("paragraph 2, sentence 4", has_page=False)
    ('4', '2.4')
    """
    numbers = re.findall(r"\b\d+", name)
    return (numbers[-1] if has_page else ".".join(numbers[-2:])) if numbers else "·"


def mark_words(text: str, cues: Iterable[str]) -> tuple[str, ...]:
    """Return a text in pieces, of which every second is one of the words that show how firmly it is put.

    >>> mark_words("It will probably grow.", ["probably"])
    ('It will ', 'probably', ' grow.')
    """
    sought = "|".join(re.escape(cue) for cue in sorted(cues, key=len, reverse=True))
    return tuple(re.split(rf"(?<!\w)({sought})(?!\w)", text, flags=re.IGNORECASE)) if sought else (text,)


def _lines(own: list[PassageEntry]) -> Iterator[list[PassageEntry]]:
    """Yield the cells of a table by row; a sentence is a row of its own."""
    ordered = sorted(own, key=lambda passage: passage.cell or (0, 0))
    for _, line in groupby(ordered, key=lambda passage: (passage.cell or (0, 0))[0]):
        yield list(line)
