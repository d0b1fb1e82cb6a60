"""Triples with the few ways of reading them that axioms, their wording and shapes need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import RDF

Term = Any


class GraphView:
    """Triples by subject and predicate, in their order; read-only."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[Term, NamedNode], list[Term]] = defaultdict(list)
        self._by_subject: dict[Term, list[Triple]] = defaultdict(list)
        for triple in triples:
            self._values[triple.subject, triple.predicate].append(triple.object)
            self._by_subject[triple.subject].append(triple)

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Return all values."""
        return self._values.get((subject, predicate), [])

    def nodes(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Return the values that are no literals."""
        return [value for value in self.values(subject, predicate) if not isinstance(value, Literal)]

    def value(self, subject: Term, *predicates: NamedNode) -> Term | None:
        """Return the first value of the first predicate that has one."""
        return next((found[0] for p in predicates if (found := self.values(subject, p))), None)

    def texts(self, subject: Term, predicate: NamedNode) -> dict[str, str]:
        """Return the literals by language; `""` where none is named."""
        found = (value for value in self.values(subject, predicate) if isinstance(value, Literal))
        return {value.language or "": value.value for value in found}

    def items(self, node: Term) -> list[Term]:
        """Return the members of an RDF list; one that leads back to itself ends there."""
        found: list[Term] = []
        passed: set[Term] = set()
        while node is not None and node != RDF.nil and node not in passed:
            passed.add(node)
            found += self.values(node, RDF.first)[:1]
            node = self.value(node, RDF.rest)
        return found

    def below(self, node: Term) -> list[Triple]:
        """Return the triples of a blank node and of the blank nodes it leads to; none for other terms."""
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

    def triples_of(self, subject: Term) -> list[Triple]:
        """Return the triples of a subject."""
        return self._by_subject.get(subject, [])

    def all_subjects(self) -> list[Term]:
        """Return every subject."""
        return list(self._by_subject)

    def subjects(self, predicate: NamedNode, value: Term) -> list[Term]:
        """Return what has this value."""
        return self._by_value.get((predicate, value), [])

    def subjects_with(self, predicate: NamedNode) -> list[Term]:
        """Return what has any value of a property."""
        return [subject for subject, link in self._values if link == predicate]

    @cached_property
    def _by_value(self) -> dict[tuple[NamedNode, Term], list[Term]]:
        found: dict[tuple[NamedNode, Term], list[Term]] = defaultdict(list)
        for triples in self._by_subject.values():
            for triple in triples:
                found[triple.predicate, triple.object].append(triple.subject)
        return found
