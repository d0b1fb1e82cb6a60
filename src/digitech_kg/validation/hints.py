"""Whether triples fit the hints of their properties: the classes that subject and object should be of.

Hints are `schema:domainIncludes` and `schema:rangeIncludes`. Unlike `rdfs:domain` and `rdfs:range` nothing follows from
them; they say what a property is meant for. Shapes hold claims against them, this function holds inferred triples
against them: shapes that count values cannot, because a transitive property has more values by inference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, Quad

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import RDF, RDFS, SCHEMA, Namespaces
from digitech_kg.reach import reachable
from digitech_kg.validation.report import Result, Severity

_READ: Final = (RDF.type, RDFS.subClassOf, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)


def check_hints(stated: Iterable[Quad], inferred: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a violation for each inferred triple that does not fit; types may be stated or inferred."""
    inferred = tuple(inferred)
    view = GraphView(quad for quad in (*stated, *inferred) if quad.predicate in _READ)
    found = []
    for quad in inferred:
        for side, node, hint in (
            ("subject", quad.subject, SCHEMA.domainIncludes),
            ("object", quad.object, SCHEMA.rangeIncludes),
        ):
            wanted = set(view.values(quad.predicate, hint))
            if wanted and not isinstance(node, Literal) and wanted.isdisjoint(_classes(node, view)):
                found.append(_violation(quad, side, wanted, names))
    return tuple(found)


def _classes(node: Any, view: GraphView) -> Iterable[Any]:
    return reachable(view.values(node, RDF.type), lambda cls: view.values(cls, RDFS.subClassOf))


def _violation(quad: Quad, side: str, wanted: set[Any], names: Namespaces) -> Result:
    subject, predicate, value = (names.shorten(term.value) for term in (quad.subject, quad.predicate, quad.object))  # type: ignore[union-attr]
    classes = " or ".join(sorted(names.shorten(cls.value) for cls in wanted))
    message = (
        f"It is inferred that {subject} {predicate} {value}, but the {side} of {predicate} should be a {classes}. "
        "Correct the class of the thing, the claim behind it, or the axiom that leads to it."
    )
    return Result(quad.subject.value, quad.predicate.value, quad.object.value, Severity.VIOLATION, message, None)  # type: ignore[union-attr]
