"""Dataset → what follows from it: entailments, contradictions, and why something follows."""

from digitech_kg.reasoning.conflicts import explain_inconsistency
from digitech_kg.reasoning.entailments import Entailments
from digitech_kg.reasoning.premises import select_premises
from digitech_kg.reasoning.reasoners import LARGEST_FOR_HERMIT, REASONERS, choose_reasoner, infer, inferred_quads

__all__ = [
    "LARGEST_FOR_HERMIT",
    "REASONERS",
    "Entailments",
    "choose_reasoner",
    "explain_inconsistency",
    "infer",
    "inferred_quads",
    "select_premises",
]
