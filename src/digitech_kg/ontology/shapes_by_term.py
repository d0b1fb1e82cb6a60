"""What the shapes ask of data, by the class or property that they are about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import SH

#: How a shape leads to its parts.
_PARTS = (SH.property, SH.sparql, SH["not"], SH.node)


def shapes_by_term(ntriples: bytes) -> dict[str, tuple[str, ...]]:
    """Return the messages of the shapes that target a class, or constrain a property directly, by IRI of the term."""
    index = GraphView(parse(ntriples, RdfFormat.N_TRIPLES))
    found: dict[str, set[str]] = defaultdict(set)
    for shape, target in index.links(SH.targetClass):
        if isinstance(target, NamedNode):
            found[target.value] |= _messages(index, shape)
    for shape, path in index.links(SH.path):
        if isinstance(path, NamedNode):
            found[path.value] |= _own_messages(index, shape)
    return {iri: tuple(sorted(messages)) for iri, messages in found.items() if messages}


def _messages(index: GraphView, shape: Any, depth: int = 3) -> set[str]:
    messages = _own_messages(index, shape)
    for part in _PARTS if depth else ():
        for node in index.nodes(shape, part):
            if isinstance(node, NamedNode | BlankNode):
                messages |= _messages(index, node, depth - 1)
    return messages


def _own_messages(index: GraphView, shape: Any) -> set[str]:
    return {value.value for value in index.values(shape, SH.message) if isinstance(value, Literal)}
