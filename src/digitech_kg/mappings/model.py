"""A mapping says how a thing of ours relates to a thing of another data set, and how we know.

Source: SSSOM, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from digitech_kg.namespaces import OWL, SKOS, VOCABULARIES

#: What may relate two things, strongest first. owl:sameAs is for the same individual of the real world only.
PREDICATES: Final = (
    OWL.sameAs.value,
    SKOS.exactMatch.value,
    SKOS.closeMatch.value,
    SKOS.narrowMatch.value,
    SKOS.broadMatch.value,
    SKOS.relatedMatch.value,
)

#: The reasons that a mapping may rest on (the Semantic Mapping Vocabulary, https://w3id.org/semapv/vocab/).
JUSTIFICATIONS: Final = frozenset(
    VOCABULARIES["semapv"] + name
    for name in (
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
        "UnspecifiedMatching",
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Mapping:
    """One row of a mapping file; IRIs are whole."""

    subject: str
    predicate: str
    object: str
    justification: str
    #: From 0 to 1, by the strength of the evidence.
    confidence: float
    subject_label: str = ""
    object_label: str = ""
    #: Where the pairing comes from, and what a reader must know of it.
    comment: str = ""
    mapping_date: date | None = None


@dataclass(frozen=True)
class MappingSet:
    """What a mapping file holds: its description and its rows, sorted."""

    iri: str
    title: str
    description: str
    license: str
    version: str
    mappings: tuple[Mapping, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name of the file without `.sssom.tsv`."""
        return self.iri.rpartition("mappings/")[2]
