"""Explanations as text for a terminal or an error message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digitech_kg.reasoning.explanation import Reason, Why
from digitech_kg.reasoning.record import ClaimNote, PassageNote


def why_text(why: Why) -> str:
    """Give the answer with all justifications, each down to its claims and passages."""
    lines = [f"{' '.join(why.triple)}: {why.status}", f"  {why.text}"]
    if why.note:
        lines.append(f"  {why.note}")
    for claim in why.claims:
        lines += _claim_lines(claim, "  ")
    for number, reasons in enumerate(why.justifications, start=1):
        lines.append(f"Justification {number} of {len(why.justifications)}{'' if why.complete else ' or more'}")
        lines += reason_lines(reasons)
    return "\n".join(lines)


def reason_lines(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield the lines of one justification."""
    for reason in reasons:
        yield f"  {reason.kind}: {reason.text}"
        for claim in reason.claims:
            yield from _claim_lines(claim, "      ")
        if reason.passages:
            yield f"      {', '.join(_passage(p) for p in reason.passages)}"


def _claim_lines(claim: ClaimNote, indent: str) -> Iterator[str]:
    traits = [claim.certainty, "negated" if claim.negated else "", *(f"held by {name}" for name in claim.held_by)]
    yield f"{indent}{claim.name} ({', '.join(filter(None, traits))}): {claim.text}"
    if claim.passages:
        yield f"{indent}  stated in {', '.join(_passage(p) for p in claim.passages)}"


def _passage(passage: PassageNote) -> str:
    return f"{passage.name} (page {passage.page})" if passage.page else passage.name
