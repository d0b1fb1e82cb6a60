"""Find the claims of different documents that bear on each other, by their statements and the ontology."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.comparison.stands import ClaimStand, TripleKey, key_of
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped, reachable
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SKOS, is_true

#: A place or time within another isn't a different value: Oslo is in Norway, May 2019 in 2019.
_WITHIN: Final = (DK.isPartOf, DK.isLocatedIn, DK.isKindOf, SKOS.broader)
#: A claim about a part, a kind or a member is on the same matter as one about the whole, a few steps up.
_NEAR: Final = (DK.isPartOf, DK.isKindOf, DK.isMemberOf)
_NEAR_STEPS: Final = 2
_Steps = Mapping[str, Set[str]]


class Hierarchy:
    """Answers what a statement entails, which values exclude each other, and what lies within what."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        # Most of what is shared are texts, which tell nothing here.
        self._view = GraphView(q for q in quads if q.predicate == DK.isExclusive or not isinstance(q.object, Literal))
        self._properties = self._broader_properties()
        #: The properties that no pair can have beside a property.
        self.disjoint_properties = self._exclusions()
        marked = (key_of(prop) for prop, value in self._view.links(DK.isExclusive) if is_true(value))
        #: The properties of which a subject can have one value only, and those that hold in one direction only.
        self.exclusive = self._marked(OWL.FunctionalProperty) | set(marked)
        self.one_way = self._marked(OWL.AsymmetricProperty)
        # The same predicate or thing comes in many claims.
        self._readings = cache(self._find_readings)
        wholes = _paired(link for prop in _WITHIN for link in self._view.links(prop))
        self._wholes = cache(lambda part: reachable([part], lambda node: wholes.get(node, ())))
        self._steps_up = _paired(link for prop in _NEAR for link in self._view.links(prop))
        self.near_above = cache(self._find_near)

    def entailed(self, statement: TripleKey) -> Iterator[TripleKey]:
        """Yield what a statement says by its predicate, itself first."""
        subject, predicate, value = statement
        for prop, turned in self._readings(predicate):
            yield (value, prop, subject) if turned else (subject, prop, value)

    def is_within(self, part: str, whole: str) -> bool:
        """Whether a thing is the same as another, or a part or a kind of it."""
        return whole in self._wholes(part)

    def _find_near(self, thing: str) -> tuple[str, ...]:
        """Return a thing and what it is a part, a kind or a member of, at most two steps up."""
        found, last = [thing], [thing]
        for _ in range(_NEAR_STEPS):
            last = sorted({above for below in last for above in self._steps_up.get(below, ())} - {*found})
            found += last
        return tuple(found)

    def _marked(self, kind: NamedNode) -> set[str]:
        return {key_of(prop) for prop in self._view.subjects(RDF.type, kind)}

    def _broader_properties(self) -> dict[str, set[tuple[str, bool]]]:
        """Return for each property those that it entails in one step; true if subject and object change places."""
        found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        for predicate, both_ways, turned in (
            (RDFS.subPropertyOf, False, False),
            (OWL.equivalentProperty, True, False),
            (OWL.inverseOf, True, True),
        ):
            for prop, other in self._view.links(predicate):
                if isinstance(prop, NamedNode) and isinstance(other, NamedNode):
                    found[prop.value].add((other.value, turned))
                    if both_ways:
                        found[other.value].add((prop.value, turned))
        for symmetric in self._marked(OWL.SymmetricProperty):
            found[symmetric].add((symmetric, True))
        return found

    def _exclusions(self) -> _Steps:
        """Return what excludes what, by groups of which no two go together and by pairs."""
        pairs = self._view.links(OWL.propertyDisjointWith)
        for node in self._view.subjects(RDF.type, OWL.AllDisjointProperties):
            pairs += combinations(self._view.items(self._view.value(node, OWL.members)), 2)
        return _paired(pair for one, other in pairs for pair in ((one, other), (other, one)))

    def _find_readings(self, predicate: str) -> tuple[tuple[str, bool], ...]:
        """Return the properties that a predicate entails, itself first, and whether they turn subject and object."""

        def steps(reading: tuple[str, bool]) -> list[tuple[str, bool]]:
            prop, turned = reading
            return [(other, turned != turns) for other, turns in sorted(self._properties.get(prop, ()))]

        return tuple(reachable([(predicate, False)], steps))


def _paired(pairs: Iterable[tuple[Any, Any]]) -> _Steps:
    found = grouped((key_of(one), key_of(other)) for one, other in pairs)
    return {one: set(others) for one, others in found.items()}


class Pair(NamedTuple):
    """Two claims of different documents, and why they are compared."""

    #: "same": both are about one statement. "entails": the statement of the first entails that of the second.
    #: "within": the first says it of a part, a kind or a member of what the second speaks of. "properties": they relate
    #: two things by properties of which no pair can have both, "directions" in both directions by a property that
    #: holds in one, "values": they give a property that has one value only two of them.
    ground: str
    first: ClaimStand
    second: ClaimStand


def find_pairs(stands: Sequence[ClaimStand], hierarchy: Hierarchy) -> list[Pair]:
    """Return each two claims of different documents that bear on each other, once, with the closest ground."""
    entailed = [tuple(hierarchy.entailed(stand.statement)) for stand in stands]
    stated = grouped((stand.statement, index) for index, stand in enumerate(stands))
    #: Pairs of claims, where the first entails the statement of the second.
    entailing = {(i, j) for i, statements in enumerate(entailed) for said in statements for j in stated.get(said, ())}
    mutual = ((*pair, pair[::-1] in entailing) for pair in entailing)
    meetings: list[_Meeting] = [
        ("same", min(i, j), max(i, j)) if is_mutual else ("entails", i, j) for i, j, is_mutual in mutual
    ]
    affirmed = [index for index, stand in enumerate(stands) if stand.affirms]
    clashes = sorted(_clashes(affirmed, entailed, hierarchy), key=lambda meeting: _CLOSEST.index(meeting[0]))
    meetings += ((ground, min(i, j), max(i, j)) for ground, i, j in clashes)
    meetings += _within(stated, entailed, hierarchy)
    found: dict[frozenset[int], Pair] = {}
    for ground, i, j in meetings:
        if stands[i].document != stands[j].document:
            found.setdefault(frozenset((i, j)), Pair(ground, stands[i], stands[j]))
    return list(found.values())


#: A ground, and the numbers of the two claims.
_Meeting = tuple[str, int, int]
_Entailed = Sequence[tuple[TripleKey, ...]]
_CLOSEST: Final = ("properties", "directions", "values")


def _within(stated: Mapping[TripleKey, Sequence[int]], entailed: _Entailed, hierarchy: Hierarchy) -> Iterator[_Meeting]:
    """Yield claims of which the first speaks of something close below what the second speaks of."""
    for index, statements in enumerate(entailed):
        for subject, prop, value in statements:
            if prop == RDF.type.value:
                continue
            for near in product(hierarchy.near_above(subject), hierarchy.near_above(value)):
                yield from (("within", index, other) for other in stated.get((near[0], prop, near[1]), ()))


def _clashes(affirmed: Sequence[int], entailed: _Entailed, hierarchy: Hierarchy) -> Iterator[_Meeting]:
    """Yield claims that say of something what their properties do not allow together."""
    saying: dict[TripleKey, list[int]] = defaultdict(list)
    values: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index in affirmed:
        for subject, prop, value in entailed[index]:
            saying[subject, prop, value].append(index)
            if prop in hierarchy.exclusive:
                values[subject, prop][value].append(index)
    for (subject, prop, value), ours in list(saying.items()):
        for excluded in sorted(hierarchy.disjoint_properties.get(prop, ())):
            yield from (("properties", *pair) for pair in product(ours, saying.get((subject, excluded, value), ())))
        if prop in hierarchy.one_way:
            theirs = saying.get((value, prop, subject), [])
            yield from (("directions", *pair) for pair in product(ours, theirs))
    for by_value in values.values():
        for ours, theirs in combinations(by_value.values(), 2):
            yield from (("values", *pair) for pair in product(ours, theirs))
