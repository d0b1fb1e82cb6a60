"""The classes as a drawing: what a claim consists of, and the tree of classes as cards.

Every box and arrow comes from the ontology: arrows are the topmost object properties with the domain `dk:Claim`, and
lead to their ranges; cards are the trees of classes. Boxes link to the terms' anchors; colours are the
style sheet's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import DK, OWL, RDFS, Namespaces
from digitech_kg.ontology.index import Index
from digitech_kg.ontology.terms import Branch, Link, class_tree

_WIDTH, _MARGIN, _LINE, _COLUMNS, _GAP = 1120, 16, 20, 4, 14
_CARD = (_WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS


#: What is written into the drawing beside the names of terms.
_CONSISTS, _ABOUT, _ANYTHING, _TITLE, _LABEL = WORDS = (
    "What a claim consists of",
    "What claims are about: the classes",
    "anything that is described",
    "Classes of the ontology",
    "Diagram of the classes; the tree below has the same content as text",
)


def draw_diagram(
    triples: Iterable[Triple],
    *,
    names: Namespaces,
    language: str = "en",
    translate: Callable[[str], str] = lambda text: text,
) -> str:
    """Return the drawing as an SVG element to put into a page; `translate` gives `WORDS` in the language."""
    index = Index(triples, names, language)
    arrows, below = _claim(index, translate)
    cards, height = _cards(class_tree(index), below + 44)
    heading = _text(_MARGIN, below + 24, translate(_ABOUT), "heading")
    return (
        f'<svg class="diagram" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" height="{height:.0f}" role="group" '
        f"aria-label={quoteattr(translate(_LABEL))}><title>{escape(translate(_TITLE))}</title>"
        f"{arrows}{heading}{cards}</svg>"
    )


def _claim(index: Index, translate: Callable[[str], str]) -> tuple[str, float]:
    """Return the boxes around the claim, and the height where they end."""
    targets: dict[NamedNode, list[str]] = {}
    own = [p for p in index.terms(OWL.ObjectProperty) if DK.Claim in index.nodes(p, RDFS.domain)]
    for prop in own:
        if not set(own) & set(index.nodes(prop, RDFS.subPropertyOf)):
            for value in index.nodes(prop, RDFS.range) or [OWL.Thing]:
                if isinstance(value, NamedNode):
                    targets.setdefault(value, []).append(index.label(prop))
    top, step, right = 48.0, 46.0, 780.0
    middle = top + step * max(len(targets) - 1, 0) / 2
    parts = [_text(_MARGIN, 24, translate(_CONSISTS), "heading")]
    for row, (node, labels) in enumerate(sorted(targets.items(), key=lambda item: index.label(item[0]))):
        y = top + row * step
        start, end = middle + 15, y + 15
        curve = f"M 216 {start:.0f} C 300 {start:.0f} 280 {end:.0f} 330 {end:.0f} H {right - 8:.0f}"
        parts.append(f'<path class="arrow" d="{curve}"/>')
        parts.append(f'<path class="tip" d="M {right:.0f} {y + 15:.0f} l -9 -5 v 10 z"/>')
        parts.append(_text(340, y + 9, ", ".join(labels), "edge"))
        parts.append(_box(right, y, 200, _link_of(index, node, translate(_ANYTHING))))
    parts.append(_box(_MARGIN, middle, 200, _link_of(index, DK.Claim, translate(_ANYTHING))))
    return "".join(parts), top + step * max(len(targets), 1)


def _link_of(index: Index, node: NamedNode, anything: str) -> Link:
    if node == OWL.Thing:
        return Link(anything, "#tree")
    return Link(index.label(node), f"#{index.anchor(node)}")


def _cards(tree: tuple[Branch, ...], top: float) -> tuple[str, float]:
    """Put each card under the shortest column so far, the tallest cards first."""
    bottoms = [top] * _COLUMNS
    parts = []
    for branch in sorted(tree, key=lambda b: (-_rows(b), b.link.text)):
        column = bottoms.index(min(bottoms))
        x, y = _MARGIN + column * (_CARD + _GAP), bottoms[column]
        height = _rows(branch) * _LINE + 14
        parts.append(f'<rect class="card" x="{x:.1f}" y="{y:.1f}" width="{_CARD:.1f}" height="{height}" rx="6"/>')
        parts.append("".join(_lines(branch, x + 10, y + 20, 0)))
        bottoms[column] = y + height + _GAP
    return "".join(parts), max(bottoms)


def _rows(branch: Branch) -> int:
    return 1 + sum(_rows(below) for below in branch.branches)


def _lines(branch: Branch, x: float, y: float, depth: int) -> Iterable[str]:
    text = _fit(branch.link.text, _CARD - 20 - depth * 14)
    kind = "top" if depth == 0 else "below"
    yield f"<a href={quoteattr(branch.link.target)}>{_text(x + depth * 14, y, text, kind, branch.link.text)}</a>"
    for below in branch.branches:
        y += _LINE
        yield from _lines(below, x, y, depth + 1)
        y += (_rows(below) - 1) * _LINE


def _box(x: float, y: float, width: float, link: Link) -> str:
    text = _text(x + width / 2, y + 20, _fit(link.text, width - 16), "box")
    frame = f'<rect class="box" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="30" rx="6"/>'
    return f"<a href={quoteattr(link.target)}>{frame}{text}</a>"


def _text(x: float, y: float, text: str, kind: str, whole: str = "") -> str:
    tooltip = f"<title>{escape(whole)}</title>" if whole and whole != text else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{tooltip}{escape(text)}</text>'


def _fit(text: str, width: float) -> str:
    """Cut what would not fit at about seven units a letter; the whole text is in the tooltip and in the page."""
    room = int(width / 7)
    size = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text if size <= room else text[: room - 1].rstrip() + "…"
