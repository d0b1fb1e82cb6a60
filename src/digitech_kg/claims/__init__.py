"""Claims → plain statements with their evidence, and which passages they cover."""

from digitech_kg.claims.coverage import Coverage, measure_coverage
from digitech_kg.claims.derivation import claimed_statements, derive_statements, evidence_nodes

__all__ = ["Coverage", "claimed_statements", "derive_statements", "evidence_nodes", "measure_coverage"]
