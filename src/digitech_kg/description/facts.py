"""Quads of `graph:catalog`, which every description is made of."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import XSD, Namespaces


class Catalog:
    """The catalogue of one project: makes its quads and the IRIs of what it describes."""

    def __init__(self, names: Namespaces) -> None:
        self.names = names
        self.graph = names.graphs.catalog
        self.dataset = names.dataset

    def fact(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        """Return a fact about the dataset, or about a part or version of it."""
        return Quad(subject, predicate, value, self.graph)

    def part(self, name: str) -> NamedNode:
        """Return the IRI of a part of the dataset: a distribution, a partition, a linkset."""
        return NamedNode(f"{self.dataset.value}/{name}")

    def page(self, path: str) -> NamedNode:
        """Return the IRI under which a path of the site is published."""
        return NamedNode(self.names.base + path)


def count(number: int) -> Literal:
    """Return a number as `xsd:integer`."""
    return Literal(str(number), datatype=XSD.integer)


def english(text: str) -> Literal:
    """Return a text in English."""
    return Literal(text, language="en")
