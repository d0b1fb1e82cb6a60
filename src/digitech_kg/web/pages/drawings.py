"""Small drawings of the page of a thing, made on the server: no script, no layout shift.

One has the thing and what claims join it to, the other a small page for each page of a document that names it.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import url_for

from digitech_kg.book import Passage
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader

WIDTH, HEIGHT = 352, 320
#: Neighbours drawn, claims drawn of each, and columns and lines of a label.
_MOST, _LINES_EACH, _COLUMNS, _ROWS = 8, 3, 17, 2
_ACROSS, _DOWN = 117, 118
#: Height of a drawn page.
_HEIGHT: Final = 80
#: Documents that are drawn: those that speak most of the thing.
_MOST_DOCUMENTS: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as a curve from the thing to its neighbour or back."""

    path: str
    #: One of `claims.firmness.MANNERS`.
    manner: str
    href: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A neighbour, where it stands, its label in rows with their heights, and the claims that join it."""

    name: Name
    x: float
    y: float
    rows: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """The drawing: the thing in the middle, its neighbours around it, and how many more there are."""

    rows: tuple[str, ...]
    spokes: tuple[Spoke, ...]
    more: int
    width: int = WIDTH
    height: int = HEIGHT


def draw_neighbourhood(this: Name, claims: Iterable[ClaimView], things: str) -> Neighbourhood | None:
    """Draw what claims join a thing to, those joined most often first; None if it stands alone.

    Neighbours are the things whose IRIs begin with `things`.
    """
    joined: dict[Name, list[ClaimView]] = defaultdict(list)
    for claim in claims:
        other = claim.object.name if claim.subject.iri == this.iri else claim.subject
        if other is not None and other.iri != this.iri and other.iri.startswith(things):
            joined[other].append(claim)
    ranked = sorted(joined, key=lambda name: _rank(name, joined[name]))
    if not ranked:
        return None
    places = _ring(len(ranked[:_MOST]))
    spokes = [_spoke(this, name, joined[name], *place) for name, place in zip(ranked, places, strict=False)]
    return Neighbourhood(wrap(this.text, 22), tuple(spokes), max(len(ranked) - _MOST, 0))


def _rank(name: Name, claims: list[ClaimView]) -> tuple[bool, bool, int, str]:
    """What the document says comes before what others say, and a denial, which nobody expects, before the rest."""
    return all(c.external for c in claims), not any(c.negated for c in claims), -len(claims), name.text.casefold()


def _ring(number: int) -> list[tuple[float, float]]:
    """Return places around the middle, beginning above it."""
    angles = [2 * math.pi * index / number - math.pi / 2 for index in range(number)]
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    return [(round(middle_x + _ACROSS * math.cos(a), 1), round(middle_y + _DOWN * math.sin(a), 1)) for a in angles]


def _spoke(this: Name, other: Name, claims: list[ClaimView], x: float, y: float) -> Spoke:
    shown = claims[:_LINES_EACH]
    lines = tuple(
        Line(_curve(x, y, index - (len(shown) - 1) / 2, c.subject.iri == this.iri), c.manner, c.href or "", c.sentence)
        for index, c in enumerate(shown)
    )
    rows = wrap(other.text, _COLUMNS)
    # Above the middle a label stands over its place, so that no line runs through it.
    first = y + 19 if y >= HEIGHT / 2 else y - 11 - 13 * (len(rows) - 1)
    return Spoke(other, x, y, tuple((round(first + 13 * index, 1), row) for index, row in enumerate(rows)), lines)


def _curve(x: float, y: float, bend: float, outward: bool) -> str:
    """Return the path between the middle and a place, bent aside where there are several."""
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    length = math.hypot(x - middle_x, y - middle_y) or 1
    along_x, along_y = (x - middle_x) / length, (y - middle_y) / length
    inner, outer = (middle_x + 15 * along_x, middle_y + 15 * along_y), (x - 10 * along_x, y - 10 * along_y)
    half = ((inner[0] + outer[0]) / 2 - along_y * bend * 22, (inner[1] + outer[1]) / 2 + along_x * bend * 22)
    start, end = (inner, outer) if outward else (outer, inner)
    return f"M{start[0]:.1f} {start[1]:.1f}Q{half[0]:.1f} {half[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Break a text into rows of at most so many columns (wide letters take two), with … for what does not fit.

    >>> wrap("large Chinese digi-tech companies of today", 17)
    ('large Chinese', 'digi-tech compan…')
    >>> wrap("华为技术有限公司", 8)
    ('华为技…',)
    """
    words, made, rest = text.split(), list[str](), ""
    while words:
        word = words.pop(0)
        joined = f"{rest} {word}" if rest else word
        if width(joined) <= columns:
            rest = joined
            continue
        if len(made) == _ROWS - 1 or not rest:
            return (*made, _cut(" ".join([joined, *words]), columns))
        made.append(rest)
        words.insert(0, word)
        rest = ""
    return (*made, rest) if rest else tuple(made)


def width(text: str) -> int:
    """Return the columns that a text takes; wide letters take two, marks and controls none."""
    return sum(
        0 if unicodedata.category(c)[0] in "CM" else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter) > columns - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


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
    by_document: dict[str, set[str]] = defaultdict(set)
    for iri in passages:
        if (document := reader.names.document_of(iri)) in reader.book.documents:
            by_document[document].add(iri)
    most = dict(sorted(by_document.items(), key=lambda one: (-len(one[1]), one[0]))[:_MOST_DOCUMENTS])
    on_page: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in reader.book.find_passages(set().union(*most.values())).values():
        # What holds others, such as a section, stands on several pages.
        if passage.page and passage.hash:
            on_page[reader.names.document_of(passage.iri) or "", passage.page].append(passage)
    extents = reader.book.page_extents(most)
    strips = (
        Strip(
            labels.name(reader.book.documents[document]),
            tuple(
                _mark(document, page, found, extent)
                for page, extent in extents.get(document, {}).items()
                if (found := on_page.get((document, page)))
            ),
        )
        for document in sorted(most)
    )
    return tuple(strip for strip in strips if strip.pages)


def _mark(document: str, page: str, found: list[Passage], extent: tuple[int, int]) -> PageMark:
    first, last = extent
    lines = (6 + round((p.start - first) * (_HEIGHT - 16) / max(last - first, 1)) for p in found)
    href = url_for("documents.document", name=document, _anchor=found[0].anchor)
    return PageMark(page, len(found), tuple(dict.fromkeys(lines)), href)
