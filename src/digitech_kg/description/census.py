"""What a dataset consists of, in numbers that a change can bring up to date without counting the rest again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Final, TypeVar

from pyoxigraph import NamedNode, Quad

from digitech_kg.linking.mappings import PREDICATES
from digitech_kg.linking.targets import target_of
from digitech_kg.namespaces import BASE, DCTERMS, DK, GRAPH, RDF, value_of

#: The dataset as a whole; `data/dataset.ttl` gives its title, licence and so on.
DATASET: Final = NamedNode(BASE + "dataset")
#: What its own description says that other descriptions repeat.
_ABOUT: Final = (DCTERMS.license, DCTERMS.publisher)
_Key = TypeVar("_Key", bound=Hashable)
_Outer = TypeVar("_Outer", bound=Hashable)


class Census:
    """Counts over all quads of a dataset but its own description."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self.by_graph: Counter[NamedNode] = Counter()
        self.by_property: Counter[NamedNode] = Counter()
        #: Class → member → quads that say so: the same type may stand in several graphs.
        self._members: dict[NamedNode, Counter[str]] = {}
        self._subjects: Counter[str] = Counter()
        #: Direct links by prefix of their target and predicate.
        self.links: Counter[tuple[str, str]] = Counter()
        #: What is part of something → wholes → quads that say so.
        self._wholes: dict[str, Counter[object]] = {}
        self._about: Counter[tuple[NamedNode, NamedNode]] = Counter()
        for quad in quads:
            self._count(quad, 1)

    @property
    def subjects(self) -> int:
        """The number of different subjects."""
        return len(self._subjects)

    def add(self, quad: Quad) -> None:
        """Count a quad that the dataset had not."""
        self._count(quad, 1)

    def remove(self, quad: Quad) -> None:
        """Count a quad no more that the dataset had."""
        self._count(quad, -1)

    def members(self, cls: NamedNode) -> list[str]:
        """Give the members of a class as N-Triples terms, sorted."""
        return sorted(self._members.get(cls, ()))

    def by_class(self) -> dict[NamedNode, int]:
        """Give the number of members of each class."""
        return {cls: len(members) for cls, members in self._members.items()}

    def documents(self) -> list[NamedNode]:
        """Give what has sections without being one itself, sorted."""
        sections = self._members.get(DK.Section, Counter())
        wholes = {whole for section in sections for whole in self._wholes.get(section, ())}
        return sorted((w for w in wholes if isinstance(w, NamedNode) and str(w) not in sections), key=str)

    def about(self, prop: NamedNode) -> list[NamedNode]:
        """Give the IRIs that are values of a property of the dataset itself, sorted."""
        return sorted((value for found, value in self._about if found == prop), key=str)

    def _count(self, quad: Quad, step: int) -> None:
        if quad.subject == DATASET and quad.predicate in _ABOUT and isinstance(quad.object, NamedNode):
            _tally(self._about, (quad.predicate, quad.object), step)
        if quad.graph_name == GRAPH.catalog:
            return
        if isinstance(quad.graph_name, NamedNode):
            _tally(self.by_graph, quad.graph_name, step)
        _tally(self.by_property, quad.predicate, step)
        _tally(self._subjects, str(quad.subject), step)
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            _tally_below(self._members, quad.object, str(quad.subject), step)
        # By inference, sections are parts of a document's series as well.
        elif quad.predicate == DK.isPartOf and quad.graph_name != GRAPH.inferred:
            _tally_below(self._wholes, str(quad.subject), quad.object, step)
        elif _is_link(quad):
            target = target_of(value_of(quad.object))
            _tally(self.links, (target.prefix if target else "other", quad.predicate.value), step)


def _is_link(quad: Quad) -> bool:
    is_mapping = quad.graph_name == GRAPH.links and quad.predicate.value in PREDICATES
    return is_mapping and isinstance(quad.object, NamedNode)


def _tally(counter: Counter[_Key], key: _Key, step: int) -> None:
    """Add to a count, and forget it at zero."""
    count = counter[key] + step
    if count > 0:
        counter[key] = count
    else:
        del counter[key]


def _tally_below(counters: dict[_Outer, Counter[_Key]], outer: _Outer, key: _Key, step: int) -> None:
    """Add to a count of one of several counters, and forget the counter when it is empty."""
    counter = counters.setdefault(outer, Counter())
    _tally(counter, key, step)
    if not counter:
        del counters[outer]
