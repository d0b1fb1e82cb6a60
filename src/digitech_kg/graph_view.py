"""Triples in memory, with methods to read them by subject, property and value."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.iteration import grouped, reachable
from digitech_kg.namespaces import RDF


class GraphView:
    """Triples by subject and predicate, in their order; read-only. Graph names of quads are ignored."""

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self._triples = list(triples)
        self._values: dict[NamedNode, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in self._triples:
            self._values[triple.predicate][triple.subject].append(triple.object)
        self._subjects = cache(self._by_value)

    def values(self, subject: Any, predicate: NamedNode) -> list[Any]:
        return self._values.get(predicate, {}).get(subject, [])

    def nodes(self, subject: Any, predicate: NamedNode) -> list[Any]:
        """Return the values that aren't literals."""
        return [value for value in self.values(subject, predicate) if not isinstance(value, Literal)]

    def value(self, subject: Any, *predicates: NamedNode) -> Any | None:
        return next((found[0] for p in predicates if (found := self.values(subject, p))), None)

    def texts(self, subject: Any, predicate: NamedNode) -> dict[str, str]:
        """Return the literals by language, in lower case; `""` where none is named."""
        found = (value for value in self.values(subject, predicate) if isinstance(value, Literal))
        return {(value.language or "").lower(): value.value for value in found}

    def text(self, subject: Any, predicate: NamedNode, languages: Iterable[str]) -> str:
        """Return the literal in the first of the languages that has one; an empty text if none has."""
        texts = self.texts(subject, predicate)
        return next((texts[tag.lower()] for tag in languages if tag.lower() in texts), "")

    def items(self, node: Any) -> list[Any]:
        """Return the members of an RDF list; a list that leads back to itself ends there."""
        found: list[Any] = []
        passed: set[Any] = set()
        while node is not None and node != RDF.nil and node not in passed:
            passed.add(node)
            found += self.values(node, RDF.first)[:1]
            node = self.value(node, RDF.rest)
        return found

    def below(self, node: Any) -> list[Any]:
        """Return the triples of a blank node and of the blank nodes it leads to; none for other terms."""

        def parts(blank: Any) -> Iterable[Any]:
            return (t.object for t in self.triples_of(blank) if isinstance(t.object, BlankNode))

        nodes = reachable([node], parts) if isinstance(node, BlankNode) else ()
        return [triple for blank in nodes for triple in self.triples_of(blank)]

    def triples_of(self, subject: Any) -> list[Any]:
        return self._by_subject.get(subject, [])

    def all_subjects(self) -> list[Any]:
        return list(self._by_subject)

    def subjects(self, predicate: NamedNode, value: Any) -> list[Any]:
        return self._subjects(predicate).get(value, [])

    def links(self, predicate: NamedNode) -> list[tuple[Any, Any]]:
        found = self._values.get(predicate, {})
        return [(subject, value) for subject, values in found.items() for value in values]

    @cached_property
    def _by_subject(self) -> dict[Any, list[Any]]:
        return grouped((triple.subject, triple) for triple in self._triples)

    def _by_value(self, predicate: NamedNode) -> dict[Any, list[Any]]:
        return grouped((value, subject) for subject, value in self.links(predicate))
