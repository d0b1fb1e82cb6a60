"""How terms of the ontology relate to those of other vocabularies, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, RDFS, SKOS, value_of

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
