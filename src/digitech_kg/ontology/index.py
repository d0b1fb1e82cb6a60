"""The ontology as triples: names of its terms, how they relate to other vocabularies, and what shapes ask of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, RDF, RDFS, SH, SKOS, TERMS, Namespaces, value_of


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


#: What relates a term to one of another vocabulary, the closest relation first.
RELATIONS: Final = (
    OWL.equivalentClass, OWL.equivalentProperty, SKOS.exactMatch, RDFS.subClassOf, RDFS.subPropertyOf,
    SKOS.broadMatch, SKOS.narrowMatch, SKOS.closeMatch, SKOS.relatedMatch,
)  # fmt: skip
_PARTS: Final = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)


@dataclass(frozen=True, order=True)
class Alignment:
    """One of our terms, the property that relates it, the other term, and why. All but the reason are IRIs."""

    term: str
    relation: str
    other: str
    reason: str


def list_alignments(triples: Iterable[Triple]) -> list[Alignment]:
    """Return the alignments among triples, ordered by term; the reason is that of the annotation on each."""
    view = GraphView(triples)
    reasons = {
        tuple(view.value(node, part) for part in _PARTS): value_of(note)
        for node, note in view.links(SKOS.editorialNote)
    }
    stated = {(term, relation, other) for relation in RELATIONS for term, other in view.links(relation)}
    return sorted(
        Alignment(value_of(term), relation.value, value_of(other), reasons.get((term, relation, other), ""))
        for term, relation, other in stated
    )


#: How a shape leads to its parts.
_SHAPE_PARTS = (SH.property, SH.sparql, SH["not"], SH.node)


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
    for part in _SHAPE_PARTS if depth else ():
        for node in index.nodes(shape, part):
            if isinstance(node, NamedNode | BlankNode):
                messages |= _messages(index, node, depth - 1)
    return messages


def _own_messages(index: GraphView, shape: Any) -> set[str]:
    return {value.value for value in index.values(shape, SH.message) if isinstance(value, Literal)}
