"""Look-ups over premises that reading axioms needs: values by subject and predicate, lists, names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Triple

from digitech_kg.namespaces import RDF

Term = Any


class GraphView:
    """Triples by subject and predicate, in their order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[Term, NamedNode], list[Term]] = defaultdict(list)
        self._by_subject: dict[Term, list[Triple]] = defaultdict(list)
        for triple in triples:
            self._values[triple.subject, triple.predicate].append(triple.object)
            self._by_subject[triple.subject].append(triple)

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Give all values."""
        return self._values.get((subject, predicate), [])

    def value(self, subject: Term, *predicates: NamedNode) -> Term | None:
        """Give the first value of the first predicate that has one."""
        return next((found[0] for p in predicates if (found := self.values(subject, p))), None)

    def items(self, node: Term) -> list[Term]:
        """Give the members of an RDF list; one that leads back to itself ends there."""
        found: list[Term] = []
        passed: set[Term] = set()
        while node is not None and node != RDF.nil and node not in passed:
            passed.add(node)
            found += self.values(node, RDF.first)[:1]
            node = self.value(node, RDF.rest)
        return found

    def below(self, node: Term) -> list[Triple]:
        """Give the triples of a blank node and of the blank nodes it leads to; none for other terms."""
        found: list[Triple] = []
        pending = [node]
        seen: set[Term] = set()
        while pending:
            node = pending.pop()
            if isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                found += self._by_subject.get(node, [])
                pending += [t.object for t in self._by_subject.get(node, [])]
        return found

    def subjects(self) -> list[Term]:
        """Give every subject."""
        return list(self._by_subject)

    def triples_of(self, subject: Term) -> list[Triple]:
        """Give the triples of a subject."""
        return self._by_subject.get(subject, [])
