"""Dataset → what follows from it: entailments, contradictions, and why something follows."""

from digitech_kg.reasoning.answering import answer_in_process
from digitech_kg.reasoning.conflicts import explain_inconsistency
from digitech_kg.reasoning.entailments import Entailments
from digitech_kg.reasoning.explanation import DEFAULT_LIMIT, Why, explain, parse_triple
from digitech_kg.reasoning.materialization import Materialization, fact_of, quad_of
from digitech_kg.reasoning.premises import (
    find_properties,
    is_annotation_class,
    is_assertion,
    may_be_premise,
    select_premises,
)
from digitech_kg.reasoning.reasoners import LARGEST_FOR_HERMIT, REASONERS, choose_reasoner, infer, inferred_quads
from digitech_kg.reasoning.report import why_text

__all__ = [
    "DEFAULT_LIMIT",
    "LARGEST_FOR_HERMIT",
    "REASONERS",
    "Entailments",
    "Materialization",
    "Why",
    "answer_in_process",
    "choose_reasoner",
    "explain",
    "explain_inconsistency",
    "fact_of",
    "find_properties",
    "infer",
    "inferred_quads",
    "is_annotation_class",
    "is_assertion",
    "may_be_premise",
    "parse_triple",
    "quad_of",
    "select_premises",
    "why_text",
]
