"""Which passages of a document are cited by claims or descriptions, and which are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from digitech_kg.namespaces import DK, RDF, Namespaces, value_of

#: The passages that have to be covered; paragraphs, tables and sections are covered through their parts,
#: and headings by the section that they name.
_COVERABLE = (DK.Sentence, DK.TableCell, DK.HeaderCell)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each sentence and cell of one document, in order: the claims and things that cite it."""

    document: str
    claims: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    #: Passage → the earlier one that it only says again.
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
        elif quad.predicate == DK.order and value.isdecimal():
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
