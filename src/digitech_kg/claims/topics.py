"""The topics of claims: what their ends, field and condition belong under.

Topics are SKOS concepts that things get by hand (`dk:hasTopic`). A claim has those of its subject, object, field and
condition. An actor's own topics count only where nothing else gives one: that a ministry speaks says little of the
matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode, Quad

from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK, RDF, RDFS

#: What of a claim says what it is about.
_MATTERS: Final = (DK.subject, DK.object, DK.limitedToField, DK.condition)


@dataclass(frozen=True)
class Topics:
    """Which topics things have, and which kinds of things act."""

    of: Mapping[Any, tuple[NamedNode, ...]] = field(default_factory=dict)
    kinds: Mapping[Any, frozenset[Any]] = field(default_factory=dict)
    actors: frozenset[Any] = frozenset()

    def of_claim(self, claim: Claim, own_kinds: Mapping[Any, frozenset[Any]]) -> tuple[NamedNode, ...]:
        """Return the topics of a claim, sorted; `own_kinds` has the classes that its document gives to things."""
        matters: set[NamedNode] = set()
        acting: set[NamedNode] = set()
        for thing in (term for prop in _MATTERS for term in claim.all(prop)):
            found = self.of.get(thing, ())
            kinds = self.kinds.get(thing, frozenset()) | own_kinds.get(thing, frozenset())
            (acting if kinds & self.actors else matters).update(found)
        return tuple(sorted(matters or acting, key=lambda topic: topic.value))


def read_topics(quads: Iterable[Quad]) -> Topics:
    """Return the topics of things among quads of the ontology, of shared things and of topics."""
    topics: dict[Any, list[NamedNode]] = defaultdict(list)
    narrower: dict[Any, list[Any]] = defaultdict(list)
    quads = list(quads)
    for quad in quads:
        if quad.predicate == DK.hasTopic and isinstance(quad.object, NamedNode):
            topics[quad.subject].append(quad.object)
        elif quad.predicate == RDFS.subClassOf:
            narrower[quad.object].append(quad.subject)
    actors, reached = set(), [DK.Agent]
    while reached:
        actors.add(kind := reached.pop())
        reached += (other for other in narrower[kind] if other not in actors)
    return Topics({thing: tuple(found) for thing, found in topics.items()}, read_kinds(quads), frozenset(actors))


def read_kinds(quads: Iterable[Quad]) -> dict[Any, frozenset[Any]]:
    """Return the classes that quads give to things."""
    kinds: dict[Any, set[Any]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == RDF.type:
            kinds[quad.subject].add(quad.object)
    return {thing: frozenset(found) for thing, found in kinds.items()}
