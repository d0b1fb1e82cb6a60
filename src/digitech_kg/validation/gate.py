"""Validate with shifty, fast enough to run on every build and write. The one module that knows it."""

from __future__ import annotations

from functools import lru_cache

import shifty

from digitech_kg.validation.report import Report, parse_ntriples, read_report


def validate(data: bytes, shapes: bytes) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    Named graphs are not SHACL's matter: give the union of those that the shapes are to see.
    """
    # shifty's own `validate` gives the blank nodes of the data new labels in the report; what it is made of does not.
    validator = _prepare(shapes)._inner
    result = validator.validate_w3c(data, None, "nt", "data", None, False, "info", False, "ignore", False)
    return read_report(parse_ntriples(result._report_ntriples))


@lru_cache(maxsize=8)
def _prepare(shapes: bytes) -> shifty.PreparedValidator:
    """Plan shapes once for all validations."""
    return shifty.PreparedValidator(shapes)
