"""Shapes → report: whether a dataset may be published, and what a curator has to mend."""

from digitech_kg.validation.affected import DataGraph, affected_focus_nodes, validate_affected
from digitech_kg.validation.footprint import read_footprint
from digitech_kg.validation.gate import validate
from digitech_kg.validation.reference import validate_with_pyshacl
from digitech_kg.validation.report import Report, Result, Severity, join_reports
from digitech_kg.validation.shapes import load_shapes

__all__ = [
    "DataGraph",
    "Report",
    "Result",
    "Severity",
    "affected_focus_nodes",
    "join_reports",
    "load_shapes",
    "read_footprint",
    "validate",
    "validate_affected",
    "validate_with_pyshacl",
]
