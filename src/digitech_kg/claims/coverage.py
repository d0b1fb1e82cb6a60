"""Which passages of a document are cited by claims or descriptions, and which are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from digitech_kg.namespaces import DK, RDF, value_of

#: The passages that have to be covered; paragraphs, tables and sections are covered through their parts,
#: and headings by the section that they name.
_COVERABLE = (DK.Sentence, DK.TableCell, DK.HeaderCell)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each sentence and cell, in the order of the documents: the claims and things that cite it."""

    claims: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    #: Passage → the earlier one that it only says again.
    repeats: dict[str, str]

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The passages that nothing cites and that repeat no other."""
        return tuple(p for p in self.claims if not (self.claims[p] or self.things[p] or p in self.repeats))


def measure_coverage(quads: Iterable[Quad]) -> Coverage:
    """Find the citing claims (`dk:statedIn`) and things (`dk:describedIn`) of every sentence and table cell."""
    order: dict[str, int] = {}
    passages: set[str] = set()
    stated: dict[str, list[str]] = defaultdict(list)
    described: dict[str, list[str]] = defaultdict(list)
    repeats: dict[str, str] = {}
    for quad in quads:
        subject, value = value_of(quad.subject), value_of(quad.object)
        if quad.predicate == RDF.type and quad.object in _COVERABLE:
            passages.add(subject)
        elif quad.predicate == DK.order and value.isdecimal():
            order[subject] = int(value)
        elif quad.predicate == DK.statedIn:
            stated[value].append(subject)
        elif quad.predicate == DK.describedIn:
            described[value].append(subject)
        elif quad.predicate == DK.repeatsPassage and isinstance(quad.object, NamedNode):
            repeats[subject] = value
    ordered = sorted(passages, key=lambda p: (p.rsplit("/", 1)[0], order.get(p, 0), p))
    return Coverage(
        {p: tuple(sorted(stated[p])) for p in ordered},
        {p: tuple(sorted(described[p])) for p in ordered},
        repeats,
    )
