"""The triples of an ontology, with names for its terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import RDF, RDFS, TERMS, Namespaces


class Index(GraphView):
    """Triples, read-only. Terms are named in `language`, else in English, else in the project's first language."""

    def __init__(self, triples: Iterable[Triple], names: Namespaces | None = None, language: str = "en") -> None:
        super().__init__(sorted((t for t in triples if not isinstance(t.object, Triple)), key=str))
        self._names = names
        first = names.required_languages if names is not None else ()
        self._languages = (language, "en", *first, "")

    def terms(self, kind: NamedNode) -> list[NamedNode]:
        """Return the terms of a kind, such as `owl:Class`, that the ontology names itself, by IRI.

        What it borrows from a standard is declared in it without a label.
        """
        found = (node for node in self.subjects(RDF.type, kind) if isinstance(node, NamedNode))
        return sorted((node for node in found if self.values(node, RDFS.label)), key=lambda node: node.value)

    def said(self, node: Any, predicate: NamedNode) -> str:
        """Return a literal in the best language there is; an empty text if there is none."""
        return self.text(node, predicate, self._languages)

    def label(self, node: Any) -> str:
        """Return the label, or the short name of what has none."""
        if isinstance(node, Literal):
            return node.value
        return self.said(node, RDFS.label) or (self.short(node.value) if isinstance(node, NamedNode) else "something")

    def short(self, iri: str) -> str:
        """Return the short name of an IRI."""
        return self._names.shorten(iri) if self._names is not None else iri

    def anchor(self, node: NamedNode) -> str:
        """Return the name of a term on the page of the ontology: the end of its IRI, so that the IRI leads to it."""
        own = f"{self._names.base}ontology#" if self._names is not None else TERMS
        for space in (own, TERMS):
            if node.value.startswith(space):
                return node.value.removeprefix(space)
        return self.short(node.value).strip("<>").replace(":", "-", 1)
