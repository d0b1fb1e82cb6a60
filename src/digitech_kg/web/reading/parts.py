"""Long pages come in parts, each with an address of its own."""

from __future__ import annotations

from flask import request

from digitech_kg.errors import CallError, NotFound


def part_wanted() -> int:
    """Return which part of a long page is asked for. Raises `CallError` for what is no number from 1."""
    text = request.args.get("part", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text)):
        raise CallError(f"'{text[:40]}' is not the number of a part", hint="Parts are numbered from 1.")
    return int(text)


def check_part(part: int, parts: int) -> None:
    """Raise `NotFound` for a part after the last."""
    if part > max(1, parts):
        raise NotFound(f"this page has no part {part}", hint="Parts are numbered from 1.")
