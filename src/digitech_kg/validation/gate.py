"""Validate with shifty, fast enough to run on every build. The one module that knows it."""

from __future__ import annotations

from functools import lru_cache

import shifty

from digitech_kg.validation.report import Report, read_report


def validate(data: bytes, shapes: bytes) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` (from `load_shapes`).

    Named graphs are not SHACL's matter: give the union of those that the shapes are to see.
    """
    _, graph, _ = _prepare(shapes).validate(data, graph_mode="data", infer=False)
    return read_report(graph)


@lru_cache(maxsize=4)
def _prepare(shapes: bytes) -> shifty.PreparedValidator:
    return shifty.PreparedValidator(shapes)
