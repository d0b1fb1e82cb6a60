"""Quads of `graph:catalog`, which every description is made of."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import GRAPH, XSD


def fact(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    """Give a fact about the dataset, or about a part or version of it."""
    return Quad(subject, predicate, value, GRAPH.catalog)


def count(number: int) -> Literal:
    """Give a number as `xsd:integer`."""
    return Literal(str(number), datatype=XSD.integer)
