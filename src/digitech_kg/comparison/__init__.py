"""How documents stand to each other: claim by claim, and on the issues on which they take positions."""

from digitech_kg.comparison.documents import KINDS, Comparison, compare_documents, comparison_iri, comparison_quads
from digitech_kg.comparison.issues import IssueBoard, find_faults, place_documents

__all__ = [
    "KINDS",
    "Comparison",
    "IssueBoard",
    "compare_documents",
    "comparison_iri",
    "comparison_quads",
    "find_faults",
    "place_documents",
]
