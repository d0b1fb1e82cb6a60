"""Where documents name a thing: a small page for each page of a document, with a line for each passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import url_for

from digitech_kg.web.reading.documents import Passage, list_document_names, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader

#: Height of a drawn page.
_HEIGHT: Final = 80
#: Documents that are drawn: those that speak most of the thing.
_MOST_DOCUMENTS: Final = 12


@dataclass(frozen=True, slots=True)
class PageMark:
    """A page of a document: its name, how many passages are marked, where their lines stand, and the first one."""

    page: str
    count: int
    lines: tuple[int, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The pages of a document on which something is named."""

    document: Name
    pages: tuple[PageMark, ...]


def draw_places(reader: GraphReader, passages: Iterable[str], labels: Labels) -> tuple[Strip, ...]:
    """Return the pages on which passages stand, by document; those without pages are left out."""
    known, by_document = list_document_names(reader), defaultdict[str, set[str]](set)
    for iri in passages:
        if (document := reader.names.document_of(iri)) in known:
            by_document[document].add(iri)
    most = sorted(by_document.items(), key=lambda one: (-len(one[1]), one[0]))[:_MOST_DOCUMENTS]
    strips = (
        Strip(labels.name(known[document]), _pages(document, wanted, read_passages(reader, document)))
        for document, wanted in sorted(most)
    )
    return tuple(strip for strip in strips if strip.pages)


def _pages(document: str, wanted: set[str], passages: dict[str, Passage]) -> tuple[PageMark, ...]:
    on_page: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages.values():
        # What holds others, such as a section, stands on several pages.
        if passage.page and passage.hash:
            on_page[passage.page].append(passage)
    marks = ((page, [p for p in held if p.iri in wanted], held) for page, held in on_page.items())
    return tuple(_mark(document, page, found, held) for page, found, held in marks if found)


def _mark(document: str, page: str, found: list[Passage], held: list[Passage]) -> PageMark:
    first, last = min(p.start for p in held), max(p.end for p in held)
    lines = (6 + round((p.start - first) * (_HEIGHT - 16) / max(last - first, 1)) for p in found)
    href = url_for("documents.document", name=document, _anchor=found[0].anchor)
    return PageMark(page, len(found), tuple(dict.fromkeys(lines)), href)
