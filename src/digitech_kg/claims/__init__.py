"""Claims → plain statements with their evidence, and which passages they cover."""

from digitech_kg.claims.coverage import Coverage, measure_coverage
from digitech_kg.claims.derivation import derive_statements

__all__ = ["Coverage", "derive_statements", "measure_coverage"]
