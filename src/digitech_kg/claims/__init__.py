"""What a claim is, when it may be said plainly, how it reads as a sentence, and which passages claims cover."""

from digitech_kg.claims.clauses import SentencePatterns, read_sentence_patterns
from digitech_kg.claims.derivation import (
    Coverage,
    derive,
    label_external_claims,
    measure_coverage,
    state_external_claims,
)
from digitech_kg.claims.labels import Labels, read_labels
from digitech_kg.claims.model import AFFIRMED, PLAIN, Claim, affirmed, make_claim, plain, read_claims
from digitech_kg.claims.reserves import AXES, Axis, Effect, Reserve
from digitech_kg.claims.topics import Topics, read_topics
from digitech_kg.claims.writer import write_sentences

__all__ = [
    "AFFIRMED",
    "AXES",
    "PLAIN",
    "Axis",
    "Claim",
    "Coverage",
    "Effect",
    "Labels",
    "Reserve",
    "SentencePatterns",
    "Topics",
    "affirmed",
    "derive",
    "label_external_claims",
    "make_claim",
    "measure_coverage",
    "plain",
    "read_claims",
    "read_labels",
    "read_sentence_patterns",
    "read_topics",
    "state_external_claims",
    "write_sentences",
]
