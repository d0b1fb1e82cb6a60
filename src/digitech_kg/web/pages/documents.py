"""A document read through in our words, passage by passage, beside its text where there is a copy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import Book, IssueEntry, TopicEntry
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.pages.passages import DocumentRows, Place, Row, SectionView
from digitech_kg.web.reading.dataset import Document, find_document, name_topics
from digitech_kg.web.reading.labels import lead_to_data, link_header
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Answer, answer_words, points_only
from digitech_kg.web.site import Site

#: What an address may ask for: a copy that is chosen in the browser, or none though the server has one.
_TEXTS: Final = ("", "own", "no")
#: Main claims that a page tells at once; later sections fold out.
_MOST_OPEN: Final = 20
#: The order of positions, by the classes of their marks.
_POSITIONS: Final = ("yes", "no", "if", "open", "none")
#: Kinds of claims of which another page tells whom they address and what came of them.
_LISTED: Final = ("recommendation", "prediction")


def documents_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the reading view; documents are quoted where there is a copy of the text."""

    def answer_programs() -> WerkzeugResponse | None:
        document = find_document(site.reader, (request.view_args or {}).get("name", ""))
        return lead_to_data(document.about.iri, site.service.names, lambda: True)

    blueprint = site.blueprint("documents", __name__, programs=answer_programs)

    @blueprint.get("/document/<name>")
    def document(name: str) -> Response:
        text = request.args.get("text", "")
        if text not in _TEXTS:
            raise NotFound(f"a document is not shown with the text '{text[:60]}'", hint="There are: own, no.")
        copy = None if text == "no" else site.copies.get(name)
        is_whole = bool(text or request.args.get("whole"))
        view = view_document(site.reader, name, copy=copy, is_whole=is_whole)
        mode, has_copy = view.fit or text, name in site.copies
        page = render_template("document.html", view=view, mode=mode, has_copy=has_copy)
        response = make_response(page)
        response.headers["Link"] = link_header(view.document.about.iri, site.service.names)
        return response

    return blueprint


@dataclass(frozen=True)
class DocumentView:
    """A document as it is read. `fit` says how the copy fits: "", matching, differing (some passages), wrong (all)."""

    document: Document
    sections: tuple[SectionView, ...]
    fit: str
    #: Its topics with the number of main claims on each, from the one with most.
    topics: tuple[tuple[TopicEntry, int], ...]
    #: Where it stands on issues, by what it says there, and on how many nothing was found in it.
    stands: tuple[tuple[Answer, tuple[IssueEntry, ...]], ...]
    silent: int
    #: Whether all sections stand open.
    is_whole: bool

    @property
    def folded(self) -> tuple[SectionView, ...]:
        """The sections that fold out: those after the first ones."""
        told = accumulate(section.claims for section in self.sections)
        later = (s for s, count in zip(self.sections, told, strict=True) if s.name and count > _MOST_OPEN)
        return () if self.is_whole else tuple(s for s in later if s is not self.sections[0])

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """The kinds of claims that another page tells more of, each with how many passages state it."""
        counts = Counter(kind for row in self.rows for kind in {said.claim.firm.kind for said in row.said})
        return tuple((kind, counts[kind]) for kind in _LISTED if counts[kind])

    @property
    def has_pages(self) -> bool:
        """Whether it is known on which page something stands."""
        return any(row.begins for row in self.rows)

    @property
    def pages_are_estimated(self) -> bool:
        return any(row.page_is_estimated for row in self.rows)


def view_document(
    reader: GraphReader,
    name: str,
    *,
    copy: TextCopy | None = None,
    is_whole: bool = False,
) -> DocumentView:
    """Read a document, with all sections open if `is_whole`. Raises `NotFound` if there is none of that name."""
    document = find_document(reader, name)
    rows = DocumentRows(reader, name, copy)
    sections = tuple(rows.sections())
    stands = _stands(reader.book, name)
    return DocumentView(
        document,
        sections,
        _fit(copy, (place for section in sections for row in section.rows for line in row.places for place in line)),
        _topics(reader, rows.mains),
        stands,
        len(reader.book.issues) - sum(len(own) for _, own in stands),
        is_whole=is_whole or copy is not None,
    )


def _topics(reader: GraphReader, mains: Iterable[str]) -> tuple[tuple[TopicEntry, int], ...]:
    """Return the topics of some main claims, the one with most of them first."""
    called, told = name_topics(reader), reader.book.values(mains, DK.hasTopic)
    counts = Counter(topic.value for own in told.values() for topic in own[DK.hasTopic])
    known = [topic for topic in reader.book.topics.values() if counts[topic.iri]]
    known.sort(key=lambda topic: (-counts[topic.iri], called[topic.iri]))
    return tuple((topic, counts[topic.iri]) for topic in known)


def _fit(copy: TextCopy | None, places: Iterable[Place]) -> str:
    found = {place.words is not None for place in places}
    return "" if copy is None else "matching" if False not in found else "differing" if True in found else "wrong"


def _stands(book: Book, name: str) -> tuple[tuple[Answer, tuple[IssueEntry, ...]], ...]:
    """Return the issues on which a document takes a position, by what it says on them, the firmest first."""
    found = defaultdict[Answer, list[IssueEntry]](list)
    taken = [(issue, p) for issue in book.issues.values() if (p := issue.positions.get(name)) and p.best]
    for issue, position in sorted(taken, key=lambda each: (each[1].firmness != "asserted", points_only(each[1]))):
        found[answer_words(position, issue.kind)].append(issue)
    order = sorted(found, key=lambda answer: _POSITIONS.index(answer.mark))
    return tuple((answer, tuple(found[answer])) for answer in order)
