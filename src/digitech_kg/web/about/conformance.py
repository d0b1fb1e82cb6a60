"""How many of the W3C's SPARQL tests this program passes, as `make conformance` found and wrote down."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digitech_kg.errors import CallError
from digitech_kg.sources import find_project

_TOTAL = re.compile(r"^\| \*\*sparql11\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \|", re.MULTILINE)
_DAY = re.compile(r"\bon (\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True, slots=True)
class Score:
    """Tests of SPARQL 1.1, those passed, and the day of the run."""

    tests: int
    passed: int
    day: str


def read_score() -> Score | None:
    """Return the score of the last run; None if the report is not there or says nothing of it."""
    try:
        return parse_score((find_project().root / "docs" / "conformance.md").read_text(encoding="utf-8"))
    except (OSError, CallError):
        return None


def parse_score(report: str) -> Score | None:
    """Read the score from a report.

    >>> parse_score("run on 2026-01-02\\n| **sparql11** | **376** | **361** | **364** |")
    Score(tests=376, passed=361, day='2026-01-02')
    """
    total, day = _TOTAL.search(report), _DAY.search(report)
    return Score(int(total[1]), int(total[2]), day[1] if day else "") if total else None
