"""The project's things as entities to be matched, and which are linked where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.linking.mappings import PREDICATES
from digitech_kg.linking.matching import Entity
from digitech_kg.namespaces import DK, GRAPH, PREFIXES, RDF, RDFS, SKOS, value_of

_PARTS = frozenset((DK.subject, DK.predicate, DK.object, DK.value, DK.negated, DK.certainty))
_ID, _TERM = PREFIXES["id"], PREFIXES["dk"]


def entities_of(quads: Iterable[Quad]) -> list[Entity]:
    """Give all things with their names, their classes and what claims say of them; the id is the IRI."""
    quads = list(quads)
    values = _values(quads)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    others: dict[str, list[str]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject = quad.subject.value
        if quad.predicate == RDFS.subClassOf and isinstance(quad.object, NamedNode):
            above[subject].add(quad.object.value)
        elif not subject.startswith(_ID):
            continue
        elif quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            types[subject].add(quad.object.value)
        elif isinstance(quad.object, Literal) and quad.predicate == RDFS.label:
            labels[subject][quad.object.language or ""] = quad.object.value
        elif isinstance(quad.object, Literal) and quad.predicate == SKOS.altLabel:
            others[subject].append(quad.object.value)
    return [
        Entity(
            id=subject,
            name=by.get("en") or next(iter(by.values())),
            names=tuple(dict.fromkeys([*sorted(by.values()), *sorted(others[subject])])),
            types=tuple(sorted(t.removeprefix(_TERM) for t in _with_those_above(types[subject], above))),
            values={prop: tuple(sorted(found)) for prop, found in sorted(values.get(subject, {}).items())},
        )
        for subject, by in sorted(labels.items())
    ]


def _values(quads: list[Quad]) -> dict[str, dict[str, set[str]]]:
    """Give what is asserted of each thing, by the property's name: literals, and things by the end of their IRI."""
    claims: dict[str, dict[NamedNode, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.predicate in _PARTS and isinstance(quad.subject, NamedNode):
            claims[quad.subject.value][quad.predicate].append(value_of(quad.object))
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for said in claims.values():
        is_whole = bool(said[DK.subject] and said[DK.predicate])
        if said[DK.negated] or said[DK.certainty] != [DK.asserted.value] or not is_whole:
            continue
        found = values[said[DK.subject][0]][said[DK.predicate][0].removeprefix(_TERM)]
        found.update(value.removeprefix(_ID) for value in (*said[DK.object], *said[DK.value]))
    return values


def _with_those_above(types: set[str], above: dict[str, set[str]]) -> set[str]:
    found, pending = set(types), list(types)
    while pending:
        more = above[pending.pop()] - found
        found |= more
        pending += more
    return found


def links_of(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Give the objects that each thing is linked to."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.graph_name == GRAPH.links and quad.predicate.value in PREDICATES and isinstance(quad.object, NamedNode):
            found[str(quad.subject).strip("<>")].add(quad.object.value)
    return found
