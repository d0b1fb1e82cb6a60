"""Shapes → report: whether a dataset may be published, and what a curator has to mend."""

from digitech_kg.validation.gate import validate
from digitech_kg.validation.reference import validate_with_pyshacl
from digitech_kg.validation.report import Report, Result, Severity, join_reports
from digitech_kg.validation.shapes import load_shapes

__all__ = ["Report", "Result", "Severity", "join_reports", "load_shapes", "validate", "validate_with_pyshacl"]
