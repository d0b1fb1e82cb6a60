"""Triples by subject, with the few ways of reading them that wording, model and diagram share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import PREFIXES, RDF, RDFS, shorten

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal


class Index:
    """The triples of an ontology; read-only. Terms are named in `language`, or in English where it has no label."""

    def __init__(self, triples: Iterable[Triple], language: str = "en") -> None:
        self._language = language
        self._by_subject: dict[Node, dict[NamedNode, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self._by_object: dict[Node, dict[NamedNode, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for t in sorted(triples, key=str):
            if isinstance(t.subject, Triple) or isinstance(t.object, Triple):
                continue
            self._by_subject[t.subject][t.predicate].append(t.object)
            if not isinstance(t.object, Literal):
                self._by_object[t.object][t.predicate].append(t.subject)

    def values(self, subject: Node, predicate: NamedNode) -> list[Value]:
        """Give the values of a property, sorted."""
        return self._by_subject[subject][predicate] if subject in self._by_subject else []

    def nodes(self, subject: Node, predicate: NamedNode) -> list[Node]:
        """Give the values that are no literals."""
        return [value for value in self.values(subject, predicate) if not isinstance(value, Literal)]

    def subjects(self, predicate: NamedNode, value: Node) -> list[Node]:
        """Give what has this value, sorted."""
        return self._by_object[value][predicate] if value in self._by_object else []

    def subjects_with(self, predicate: NamedNode) -> list[Node]:
        """Give what has any value of a property."""
        return [subject for subject, said in self._by_subject.items() if predicate in said]

    def terms(self, kind: NamedNode) -> list[NamedNode]:
        """Give our own terms of a kind, such as `owl:Class`, by IRI."""
        own = (node for node in self.subjects(RDF.type, kind) if isinstance(node, NamedNode))
        return [node for node in own if node.value.startswith(PREFIXES["dk"])]

    def items(self, head: Node) -> Iterator[Node]:
        """Yield the members of an RDF list."""
        while head != RDF.nil:
            yield from self.nodes(head, RDF.first)
            rest = self.nodes(head, RDF.rest)
            head = rest[0] if rest else RDF.nil

    def texts(self, subject: Node, predicate: NamedNode) -> dict[str, str]:
        """Give literals by language; `""` where none is named."""
        found = (value for value in self.values(subject, predicate) if isinstance(value, Literal))
        return {value.language or "": value.value for value in found}

    def label(self, node: Value) -> str:
        """Give the label, or the short name of what has none."""
        if isinstance(node, Literal):
            return node.value
        texts = self.texts(node, RDFS.label)
        text = texts.get(self._language) or texts.get("en")
        return text or (shorten(node.value) if isinstance(node, NamedNode) else "something")
