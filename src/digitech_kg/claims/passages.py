"""The passages of a document, read from quads, and what they are called: "p. 2, sentence 4".

Passages of a kind are counted in their order on the page. Where no pages are known, a passage has the number that its
IRI ends with, else it is counted within the one that it is part of, or in the document. Tables count as paragraphs do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.labels import Labels
from digitech_kg.claims.languages import Language
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DK, RDF

_CELLS = (DK.HeaderCell, DK.TableCell)
_SEVERAL = re.compile(r"\d\D+\d")
#: The number of a passage at the end of its IRI: "…/p07", "…/p07.s02".
_NUMBER_IN_NAME = re.compile(r"[/.#][A-Za-z]+0*(\d+)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage and its place: in the document, on the page and in the text; None for what is not known."""

    iri: NamedNode
    kind: NamedNode
    order: int
    parent: NamedNode | None
    page: str | None
    row: str | None
    column: str | None
    #: Where it stands in the text, in characters, and the hash of what stood there when it was cut.
    start: int | None
    end: int | None
    text_hash: str | None


class Passages:
    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = {passage.iri: passage for passage in passages}

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages.values())

    def name(self, passage: Passage, language: Language, labels: Labels) -> str:
        """Return what a passage is called in a language: "p. 2, sentence 4"."""
        words = language.words.passages
        if passage.page is None:
            place = self._passages.get(passage.parent) if passage.parent else None
            around = self.name(place, language, labels) if place and place.kind != DK.Section else ""
        else:
            page = passage.page.replace(" or ", words["or"])
            around = words["pages" if _SEVERAL.search(passage.page) else "page"].format(page=page)
        own = self._in_table(passage, language, labels) or self._count(passage, language, labels)
        return f"{around}, {own}" if around and not own.startswith(around) else own

    def _count(self, passage: Passage, language: Language, labels: Labels) -> str:
        words: dict[str, str] = language.words.passages
        kind = words.get("paragraph") if passage.kind == DK.Paragraph else None
        return words["number"].format(
            kind=kind or labels.text(passage.kind, language.tag), number=self._numbers[passage.iri]
        )

    def _in_table(self, passage: Passage, language: Language, labels: Labels) -> str | None:
        table = self._passages.get(passage.parent) if passage.parent else None
        if passage.kind not in _CELLS or table is None or not passage.column or not passage.row:
            return None
        words: dict[str, str] = language.words.passages
        frame = words["head" if passage.kind == DK.HeaderCell else "cell"]
        name = self._count(table, language, labels)
        return frame.format(table=name, row=passage.row, column=passage.column)

    @cached_property
    def _numbers(self) -> dict[NamedNode, int]:
        """Which of its kind a passage is on its page, else in its parent, where tables count as paragraphs do.

        A table itself is the first, second … table of a page, as works number them.
        """
        groups: dict[Any, list[Passage]] = defaultdict(list)
        for passage in self:
            parent = self._passages.get(passage.parent) if passage.parent else None
            within = parent.iri if parent and parent.kind != DK.Section and passage.page is None else None
            kind = DK.Paragraph if passage.kind == DK.Table else passage.kind
            groups[kind, passage.page, within].append(passage)
            if kind != passage.kind and passage.page:
                groups[passage.kind, passage.page, within].append(passage)
        numbers: dict[NamedNode, int] = {}
        for (_kind, page, _within), group in groups.items():
            named = None if page else _numbers_in_names(group)
            numbers |= {each.iri: number for number, each in zip(named or count(1), group, strict=False)}
        return numbers


def _numbers_in_names(passages: Sequence[Passage]) -> list[int] | None:
    """Return the numbers that the names of passages end with: "p07" is 7. None if they don't count the passages."""
    found = [_NUMBER_IN_NAME.search(passage.iri.value) for passage in passages]
    numbers = [int(match[1]) for match in found if match]
    ascending = all(first < second for first, second in pairwise(numbers))
    return numbers if ascending and len(numbers) == len(passages) else None


def read_passages(quads: Iterable[Quad], root: str) -> list[Passage]:
    """Return the passages among the quads of a document, in their order; `root` is how their IRIs begin."""
    view = GraphView(quads)
    nodes = (node for node in view.all_subjects() if isinstance(node, NamedNode) and node.value.startswith(root))
    found = [_read_passage(node, view) for node in nodes if view.values(node, RDF.type)]
    return sorted(found, key=lambda each: (each.order, each.iri.value))


def _read_passage(node: NamedNode, view: GraphView) -> Passage:
    def text(prop: NamedNode) -> str | None:
        return min((value.value for value in view.values(node, prop) if isinstance(value, Literal)), default=None)

    def number(prop: NamedNode) -> int | None:
        found = text(prop)
        return int(found) if found and found.isdecimal() else None

    kinds, start = view.nodes(node, RDF.type), number(DK.startOffset)
    order = number(DK.orderInDocument)
    return Passage(
        node,
        kind=DK.HeaderCell if DK.HeaderCell in kinds else min(kinds, key=str),
        order=order if order is not None else start or 0,
        parent=min(
            (each for each in view.nodes(node, DK.isPartOf) if isinstance(each, NamedNode)), key=str, default=None
        ),
        page=text(DK.pageLabel),
        row=text(DK.rowNumber),
        column=text(DK.columnNumber),
        start=start,
        end=number(DK.endOffset),
        text_hash=text(DK.textHash),
    )
