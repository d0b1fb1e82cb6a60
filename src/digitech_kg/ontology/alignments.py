"""How terms of the ontology relate to those of other vocabularies, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import OWL, RDFS, SKOS, value_of

#: What relates a term to one of another vocabulary, the closest relation first.
RELATIONS: Final = (
    OWL.equivalentClass, OWL.equivalentProperty, SKOS.exactMatch, RDFS.subClassOf, RDFS.subPropertyOf,
    SKOS.broadMatch, SKOS.narrowMatch, SKOS.closeMatch, SKOS.relatedMatch,
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Alignment:
    """One of our terms, the property that relates it, the other term, and why. All but the reason are IRIs."""

    term: str
    relation: str
    other: str
    reason: str


def list_alignments(triples: Iterable[Triple]) -> list[Alignment]:
    """Return the alignments among triples, ordered by term; the reason is that of the annotation on each."""
    found, annotations = list(triples), defaultdict[object, dict[NamedNode, str]](dict)
    for t in found:
        annotations[t.subject][t.predicate] = value_of(t.object)
    parts = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
    reasons = {
        tuple(said.get(part) for part in parts): said[SKOS.editorialNote]
        for said in annotations.values()
        if SKOS.editorialNote in said
    }
    stated = {(value_of(t.subject), t.predicate.value, value_of(t.object)) for t in found if t.predicate in RELATIONS}
    return sorted(Alignment(*triple, reasons.get(triple, "")) for triple in stated)
