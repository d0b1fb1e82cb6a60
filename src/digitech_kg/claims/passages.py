"""Read the passages of a document from quads, and name them, as in "p. 2, sentence 4".

Passages of a kind are counted in their order on the page. Where no pages are known, a passage has the number that its
IRI ends with, else it is counted within the one that it is part of, or in the document. Tables count as paragraphs do.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.labels import QuadLabels
from digitech_kg.claims.languages.language import Language
from digitech_kg.namespaces import DK, RDF, TERMS

_CELLS = (DK.HeaderCell, DK.TableCell)
_SEVERAL = re.compile(r"\d\D+\d")
#: The number of a passage at the end of its IRI: "…/p07", "…/p07.s02".
_NUMBER_IN_NAME = re.compile(r"[/.#][A-Za-z]+0*(\d+)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage and its place: in the document, on the page and in the text; None for what is not known."""

    iri: NamedNode
    kind: NamedNode
    order: int | None
    parent: NamedNode | None
    page: str | None
    #: For a cell: rows count from 1 below the heads, which are row 0.
    row: int | None
    column: int | None
    #: Where it stands in the text, in characters, and the hash of what stood there when it was cut.
    start: int | None
    end: int | None
    text_hash: str | None


class Passages:
    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = {passage.iri: passage for passage in passages}

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages.values())

    def name(self, passage: Passage, language: Language, labels: QuadLabels) -> str:
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

    def _count(self, passage: Passage, language: Language, labels: QuadLabels) -> str:
        words: dict[str, str] = language.words.passages
        kind = words.get("paragraph") if passage.kind == DK.Paragraph else None
        return words["number"].format(
            kind=kind or labels.text(passage.kind, language.tag), number=self._numbers[passage.iri]
        )

    def _in_table(self, passage: Passage, language: Language, labels: QuadLabels) -> str | None:
        table = self._passages.get(passage.parent) if passage.parent else None
        if passage.kind not in _CELLS or table is None or passage.column is None or passage.row is None:
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
    said: dict[NamedNode, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(root):
            said[quad.subject][quad.predicate].append(quad.object)
    found = [each for node, values in said.items() if (each := make_passage(node, values)) is not None]
    return sorted(found, key=lambda each: (each.start or 0 if each.order is None else each.order, each.iri.value))


def make_passage(iri: NamedNode, values: Mapping[NamedNode, Sequence[Any]]) -> Passage | None:
    """Return a passage from the values of its properties; None for what has no kind."""

    def text(prop: NamedNode) -> str | None:
        return min((value.value for value in values.get(prop, ()) if isinstance(value, Literal)), default=None)

    def number(prop: NamedNode) -> int | None:
        found = text(prop)
        return int(found) if found and re.fullmatch(r"-?\d{1,15}", found) else None

    kinds = [kind for kind in values.get(RDF.type, ()) if isinstance(kind, NamedNode)]
    wholes = (whole for whole in values.get(DK.isPartOf, ()) if isinstance(whole, NamedNode))
    if not kinds:
        return None
    return Passage(
        iri,
        # A class of the project's own may stand beside ours, which tells what to do with the passage.
        kind=min(kinds, key=lambda kind: (kind != DK.HeaderCell, not kind.value.startswith(TERMS), kind.value)),
        order=number(DK.orderInDocument),
        parent=min(wholes, key=str, default=None),
        page=text(DK.pageLabel),
        row=number(DK.rowNumber),
        column=number(DK.columnNumber),
        start=number(DK.startOffset),
        end=number(DK.endOffset),
        text_hash=text(DK.textHash),
    )
