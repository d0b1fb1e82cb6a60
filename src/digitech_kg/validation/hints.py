"""Whether triples fit the hints of their properties: the classes that subject and object should be of.

Hints are `schema:domainIncludes` and `schema:rangeIncludes`. Unlike `rdfs:domain` and `rdfs:range` nothing follows from
them; they say what a property is meant for. Shapes hold claims against them, this function holds inferred triples
against them: shapes that count values cannot, because a transitive property has more values by inference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import RDF, RDFS, SCHEMA, Namespaces
from digitech_kg.validation.report import Result, Severity


def check_hints(stated: Iterable[Quad], inferred: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a violation for each inferred triple that does not fit; types may be stated or inferred."""
    inferred = tuple(inferred)
    hints: dict[NamedNode, dict[Any, set[Any]]] = {
        SCHEMA.domainIncludes: defaultdict(set),
        SCHEMA.rangeIncludes: defaultdict(set),
    }
    types: dict[Any, set[Any]] = defaultdict(set)
    broader: dict[Any, set[Any]] = defaultdict(set)
    for quad in (*stated, *inferred):
        if quad.predicate == RDF.type:
            types[quad.subject].add(quad.object)
        elif quad.predicate == RDFS.subClassOf:
            broader[quad.subject].add(quad.object)
        elif quad.predicate in hints:
            hints[quad.predicate][quad.subject].add(quad.object)
    found = []
    for quad in inferred:
        for side, hint in (("subject", SCHEMA.domainIncludes), ("object", SCHEMA.rangeIncludes)):
            wanted = hints[hint].get(quad.predicate)
            node = quad.subject if side == "subject" else quad.object
            if wanted and not isinstance(node, Literal) and not (_above(types[node], broader) & wanted):
                found.append(_violation(quad, side, wanted, names))
    return tuple(found)


def _above(classes: set[Any], broader: dict[Any, set[Any]]) -> set[Any]:
    found, pending = set(classes), list(classes)
    while pending:
        more = broader[pending.pop()] - found
        found |= more
        pending += more
    return found


def _violation(quad: Quad, side: str, wanted: set[Any], names: Namespaces) -> Result:
    subject, predicate, value = (names.shorten(term.value) for term in (quad.subject, quad.predicate, quad.object))  # type: ignore[union-attr]
    classes = " or ".join(sorted(names.shorten(cls.value) for cls in wanted))
    message = (
        f"It is inferred that {subject} {predicate} {value}, but the {side} of {predicate} should be a {classes}. "
        "Correct the class of the thing, the claim behind it, or the axiom that leads to it."
    )
    return Result(quad.subject.value, quad.predicate.value, quad.object.value, Severity.VIOLATION, message, None)  # type: ignore[union-attr]
