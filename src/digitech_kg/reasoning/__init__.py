"""Premises → what follows from them, contradictions, and why something follows."""

from digitech_kg.reasoning.answering import answer_in_process
from digitech_kg.reasoning.conflicts import explain_inconsistency
from digitech_kg.reasoning.explanation import DEFAULT_LIMIT, NOTES, Explainer, Why, explain
from digitech_kg.reasoning.inference import Base, Entailments, infer
from digitech_kg.reasoning.judging import Judgement, check_with_hermit
from digitech_kg.reasoning.premises import Leaf, read_leaves, select_premises
from digitech_kg.reasoning.text import parse_triple, why_text
from digitech_kg.reasoning.words import Wording

__all__ = [
    "DEFAULT_LIMIT",
    "NOTES",
    "Base",
    "Entailments",
    "Explainer",
    "Judgement",
    "Leaf",
    "Why",
    "Wording",
    "answer_in_process",
    "check_with_hermit",
    "explain",
    "explain_inconsistency",
    "infer",
    "parse_triple",
    "read_leaves",
    "select_premises",
    "why_text",
]
