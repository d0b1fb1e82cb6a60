"""Passages of a document: what each is called, and which of them claims or descriptions cite.

A passage's name is the page, and which sentence, heading, paragraph or cell of the page it is. Passages of a kind are
counted in their order on the page; where no pages are known, a passage is counted within the one that it is part of, or
in the document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.labels import Labels
from digitech_kg.claims.languages import Language
from digitech_kg.namespaces import DK, RDF, Namespaces, value_of

_CELLS = (DK.HeaderCell, DK.TableCell)
_SEVERAL = re.compile(r"\d\D+\d")


@dataclass(frozen=True)
class NamedPassage:
    """A passage and its place in the document."""

    iri: NamedNode
    kind: NamedNode
    page: str | None
    parent: NamedNode | None
    row: str | None
    column: str | None
    place: tuple[int, str]


class Passages:
    """The passages of a document, to be named."""

    def __init__(self, passages: Iterable[NamedPassage]) -> None:
        self._passages = {passage.iri: passage for passage in sorted(passages, key=lambda each: each.place)}

    def __iter__(self) -> Iterator[NamedPassage]:
        return iter(self._passages.values())

    def name(self, passage: NamedPassage, language: Language, labels: Labels) -> str:
        """Return what a passage is called in a language: "p. 2, sentence 4"."""
        words = language.words.passages
        if passage.page is None:
            place = self._passages.get(passage.parent) if passage.parent else None
            around = self._count(place, language, labels) if place and place.kind != DK.Section else ""
        else:
            around = words["pages" if _SEVERAL.search(passage.page) else "page"].format(page=passage.page)
        own = self._in_table(passage, language, labels) or self._count(passage, language, labels)
        return f"{around}, {own}" if around and not own.startswith(around) else own

    def _count(self, passage: NamedPassage, language: Language, labels: Labels) -> str:
        kind = labels.text(passage.kind, language.tag)
        return language.words.passages["number"].format(kind=kind, number=self._numbers[passage.iri])

    def _in_table(self, passage: NamedPassage, language: Language, labels: Labels) -> str | None:
        table = self._passages.get(passage.parent) if passage.parent else None
        if passage.kind not in _CELLS or table is None or not passage.column or not passage.row:
            return None
        words = language.words.passages
        frame = words["head" if passage.kind == DK.HeaderCell else "cell"]
        name = self._count(table, language, labels)
        return frame.format(table=name, row=passage.row, column=passage.column)

    @cached_property
    def _numbers(self) -> dict[NamedNode, int]:
        """Which of its kind a passage is on its page, else in its parent."""
        counts: dict[Any, int] = defaultdict(int)
        numbers = {}
        for passage in self:
            parent = self._passages.get(passage.parent) if passage.parent else None
            within = parent.iri if parent and parent.kind != DK.Section else None
            group = (passage.kind, passage.page, within if passage.page is None else None)
            counts[group] += 1
            numbers[passage.iri] = counts[group]
        return numbers


def read_passages(quads: Iterable[Quad], root: str) -> Passages:
    """Return the passages among the quads of a document; `root` is how their IRIs begin."""
    found: dict[NamedNode, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(root):
            found[quad.subject][quad.predicate].append(quad.object)
    return Passages(_passage(iri, values) for iri, values in found.items() if RDF.type in values)


def _passage(iri: NamedNode, values: dict[NamedNode, list[Any]]) -> NamedPassage:
    def one(prop: NamedNode) -> str | None:
        return min((value.value for value in values[prop] if isinstance(value, Literal)), default=None)

    kinds = values[RDF.type]
    parents = sorted((value for value in values[DK.isPartOf] if isinstance(value, NamedNode)), key=str)
    order = next(
        (text for prop in (DK.orderInDocument, DK.startOffset) if (text := one(prop)) and text.isdecimal()), "0"
    )
    return NamedPassage(
        iri,
        kind=DK.HeaderCell if DK.HeaderCell in kinds else min(kinds, key=str),
        page=one(DK.pageLabel),
        parent=parents[0] if parents else None,
        row=one(DK.rowNumber),
        column=one(DK.columnNumber),
        place=(int(order), iri.value),
    )


#: The passages that have to be covered; paragraphs, tables and sections are covered through their parts,
#: and headings by the section that they name.
_COVERABLE = (DK.Sentence, DK.TableCell, DK.HeaderCell)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each sentence and cell of one document, in order: the claims and things that cite it."""

    document: str
    claims: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    #: Passage → the earlier passage that it repeats.
    repeats: dict[str, str]

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The passages that nothing cites and that repeat no other."""
        return tuple(p for p in self.claims if not (self.claims[p] or self.things[p] or p in self.repeats))


def measure_coverage(quads: Iterable[Quad], names: Namespaces) -> tuple[Coverage, ...]:
    """Return for each document that has passages, by name, what cites them.

    Claims cite passages by `dk:statedIn`, things by `dk:describedIn`.
    """
    order: dict[str, int] = {}
    passages: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    described: dict[str, set[str]] = defaultdict(set)
    repeats: dict[str, str] = {}
    for quad in quads:
        subject, value = value_of(quad.subject), value_of(quad.object)
        if quad.predicate == RDF.type and quad.object in _COVERABLE:
            passages[names.document_of(subject) or ""].add(subject)
        elif quad.predicate == DK.orderInDocument and value.isdecimal():
            order[subject] = int(value)
        elif quad.predicate == DK.statedIn:
            stated[value].add(subject)
        elif quad.predicate == DK.describedIn:
            described[value].add(subject)
        elif quad.predicate == DK.repeatsPassage and isinstance(quad.object, NamedNode):
            repeats[subject] = value
    found = []
    for document in sorted(passages.keys() - {""}):
        ordered = sorted(passages[document], key=lambda passage: (order.get(passage, 0), passage))
        claims, things = ({p: tuple(sorted(by[p])) for p in ordered} for by in (stated, described))
        found.append(Coverage(document, claims, things, {p: repeats[p] for p in ordered if p in repeats}))
    return tuple(found)
