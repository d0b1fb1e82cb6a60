"""What the ontology and the shared things say about properties, classes and parts, as far as it bears on claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SKOS

#: Subject, predicate and object as text: IRIs as they are, literals in N-Triples, so that the two never meet.
Statement = tuple[str, str, str]

_TRUE: Final = ("true", "1")
_TYPE: Final = RDF.type.value
#: What lies within something is no other value than this: Oslo is in Norway, May 2019 in 2019.
_WITHIN: Final = (DK.isPartOf, DK.isLocatedIn, DK.isKindOf, SKOS.broader)
_READ: Final = frozenset(
    (
        *_WITHIN,
        DK.isExclusive,
        OWL.complementOf,
        OWL.disjointUnionOf,
        OWL.disjointWith,
        OWL.distinctMembers,
        OWL.equivalentClass,
        OWL.equivalentProperty,
        OWL.intersectionOf,
        OWL.inverseOf,
        OWL.members,
        OWL.propertyDisjointWith,
        RDF.first,
        RDF.rest,
        RDF.type,
        RDFS.subClassOf,
        RDFS.subPropertyOf,
    )
)


class Hierarchy:
    """Answers what a statement entails, which values exclude each other, and what lies within what."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said: dict[NamedNode, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if quad.predicate in _READ:
                self._said[quad.predicate][quad.subject].append(quad.object)
        self._properties = self._broader_properties()
        self._classes = self._broader_classes()
        self._disjoint_classes = self._exclusions(OWL.AllDisjointClasses, OWL.disjointWith, OWL.complementOf)
        self._disjoint_properties = self._exclusions(OWL.AllDisjointProperties, OWL.propertyDisjointWith)
        self._exclusive = self._marked(OWL.FunctionalProperty) | {
            _key(prop)
            for prop, values in self._said[DK.isExclusive].items()
            if any(isinstance(value, Literal) and value.value in _TRUE for value in values)
        }
        self._one_way = self._marked(OWL.AsymmetricProperty)
        self._kinds = {_key(thing): [_key(kind) for kind in kinds] for thing, kinds in self._said[RDF.type].items()}
        self._broader_things: dict[str, set[str]] = defaultdict(set)
        for prop in _WITHIN:
            for thing, wholes in self._said[prop].items():
                self._broader_things[_key(thing)].update(map(_key, wholes))
        # The same predicate, class or thing comes in many claims.
        self._readings = cache(self._find_readings)
        self.superclasses = cache(self._find_superclasses)
        self._wholes = cache(self._find_wholes)

    def entailed(self, statement: Statement) -> Iterator[Statement]:
        """Yield what a statement says by the names of its predicate and class, itself first."""
        subject, predicate, value = statement
        for prop, turned in self._readings(predicate):
            yield (value, prop, subject) if turned else (subject, prop, value)
        if predicate == _TYPE:
            yield from ((subject, _TYPE, kind) for kind in self.superclasses(value) if kind != value)

    def is_exclusive(self, prop: str) -> bool:
        """Whether a subject can have one value of a property only."""
        return prop in self._exclusive

    def is_one_way(self, prop: str) -> bool:
        """Whether a property that holds in one direction cannot hold in the other."""
        return prop in self._one_way

    def excluded_properties(self, prop: str) -> set[str]:
        """Return the properties that no pair can have beside this one."""
        return self._disjoint_properties.get(prop, set())

    def are_disjoint(self, first: Iterable[str], second: Iterable[str]) -> bool:
        """Whether nothing can be of a class of the first and of one of the second."""
        others = {kind for name in second for kind in self.superclasses(name)}
        kinds = {kind for name in first for kind in self.superclasses(name)}
        return any(not others.isdisjoint(self._disjoint_classes.get(kind, ())) for kind in kinds)

    def kinds_of(self, thing: str) -> list[str]:
        """Return the classes that shared files give a thing."""
        return self._kinds.get(thing, [])

    def is_within(self, part: str, whole: str) -> bool:
        """Whether a thing is the same as another, or a part or a kind of it."""
        return part == whole or whole in self._wholes(part)

    def _marked(self, kind: NamedNode) -> set[str]:
        return {_key(prop) for prop, kinds in self._said[RDF.type].items() if kind in kinds}

    def _broader_properties(self) -> dict[str, set[tuple[str, bool]]]:
        """Return for each property those that it entails in one step; true if subject and object change places."""
        found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        for predicate, both_ways, turned in (
            (RDFS.subPropertyOf, False, False),
            (OWL.equivalentProperty, True, False),
            (OWL.inverseOf, True, True),
        ):
            for prop, others in self._said[predicate].items():
                for other in others:
                    if isinstance(prop, NamedNode) and isinstance(other, NamedNode):
                        found[prop.value].add((other.value, turned))
                        if both_ways:
                            found[other.value].add((prop.value, turned))
        for prop in self._marked(OWL.SymmetricProperty):
            found[prop].add((prop, True))
        return found

    def _broader_classes(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for kind, others in self._said[RDFS.subClassOf].items():
            found[_key(kind)].update(name for other in others for name in self._named(other))
        for kind, others in self._said[OWL.equivalentClass].items():
            for other in others:
                found[_key(kind)].update(self._named(other))
                if isinstance(other, NamedNode):
                    found[other.value].update(self._named(kind))
        for kind, unions in self._said[OWL.disjointUnionOf].items():
            for member in (member for union in unions for member in self._list(union)):
                found[_key(member)].update(self._named(kind))
        return found

    def _named(self, expression: Any) -> Iterator[str]:
        """Yield the named classes that a class expression is below: itself, or the parts of an intersection."""
        if isinstance(expression, NamedNode):
            yield expression.value
        for parts in self._said[OWL.intersectionOf].get(expression, ()):
            yield from (part.value for part in self._list(parts) if isinstance(part, NamedNode))

    def _exclusions(self, group: NamedNode, *pairwise: NamedNode) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        pairs = [(one, other) for prop in pairwise for one, others in self._said[prop].items() for other in others]
        lists = [
            start
            for node, kinds in self._said[RDF.type].items()
            if group in kinds
            for start in self._said[OWL.members].get(node, ())
        ]
        if group == OWL.AllDisjointClasses:
            lists += [union for unions in self._said[OWL.disjointUnionOf].values() for union in unions]
        for start in lists:
            pairs += combinations(self._list(start), 2)
        for one, other in pairs:
            found[_key(one)].add(_key(other))
            found[_key(other)].add(_key(one))
        return found

    def _list(self, node: Any) -> Iterator[Any]:
        seen = set()
        while node != RDF.nil and node not in seen:
            seen.add(node)
            yield from self._said[RDF.first].get(node, ())
            node = next(iter(self._said[RDF.rest].get(node, ())), RDF.nil)

    def _find_readings(self, predicate: str) -> tuple[tuple[str, bool], ...]:
        """Return the properties that a predicate entails, itself first, and whether they turn subject and object."""
        found, waiting = {(predicate, False): None}, [(predicate, False)]
        while waiting:
            prop, turned = waiting.pop()
            for other, turns in sorted(self._properties.get(prop, ())):
                reading = (other, turned != turns)
                if reading not in found:
                    found[reading] = None
                    waiting.append(reading)
        return tuple(found)

    def _find_superclasses(self, kind: str) -> frozenset[str]:
        return _closure(kind, self._classes)

    def _find_wholes(self, thing: str) -> frozenset[str]:
        return _closure(thing, self._broader_things)


def _closure(start: str, steps: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def _key(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
