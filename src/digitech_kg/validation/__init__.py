"""Shapes → report: whether a dataset may be published, and what a curator has to correct.

`validation.reference` is imported by name where it is asked for: pySHACL takes long to load.
"""

from digitech_kg.validation.careless import check_claims
from digitech_kg.validation.checks import check_cues, check_hints, check_languages
from digitech_kg.validation.naming import check_naming
from digitech_kg.validation.report import Report, Result, Severity, report_of
from digitech_kg.validation.with_shifty import load_shapes, validate

__all__ = [
    "Report",
    "Result",
    "Severity",
    "check_claims",
    "check_cues",
    "check_hints",
    "check_languages",
    "check_naming",
    "load_shapes",
    "report_of",
    "validate",
]
