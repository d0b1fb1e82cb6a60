"""The statistics of a version: a small file beside its store, brought up to date from the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from digitech_kg.rewriting import Statistics
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.quad_files import count_kinds

_FILE: Final = "statistics.json"


def read_statistics(directory: Path) -> Statistics | None:
    """Return the statistics of the version in a directory; None for one that was published without."""
    try:
        return Statistics.from_json(json.loads((directory / _FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def write_statistics(directory: Path, before: Path | None, change: Change, quads: Iterable[Quad]) -> None:
    """Write the statistics of a version: those of the version in `before` and its change, or of all its quads."""
    known = read_statistics(before) if before is not None else None
    found = (
        known.after_kinds(count_kinds(change.added), count_kinds(change.removed))
        if known is not None
        else Statistics().after(quads)
    )
    (directory / _FILE).write_text(json.dumps(found.to_json()), encoding="utf-8")
