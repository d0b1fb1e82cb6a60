"""How claims of different documents stand to each other: contradiction, difference, firmness, agreement."""

from digitech_kg.comparison.documents import KINDS, Comparison, compare_documents, comparison_iri, comparison_quads

__all__ = ["KINDS", "Comparison", "compare_documents", "comparison_iri", "comparison_quads"]
