"""Explanations as text for a terminal or an error message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digitech_kg.reasoning.explanation import Answer, Reason, Why
from digitech_kg.reasoning.record import ClaimNote, PassageNote


def why_text(why: Why) -> str:
    """Return what each document has to do with a triple, down to claims and passages."""
    lines = [f"{' '.join(why.triple)}: {why.status}", f"  {why.text}"]
    if why.note:
        lines.append(f"  {why.note}")
    for answer in why.answers:
        lines += _answer_lines(answer)
    return "\n".join(lines)


def _answer_lines(answer: Answer) -> Iterator[str]:
    where = f"in {answer.document} (“{answer.title}”)" if answer.document else "whatever the document"
    yield f"{answer.status.capitalize()} {where}"
    if answer.note:
        yield f"  {answer.note}"
    for claim in answer.claims:
        yield from _claim_lines(claim, "  ")
    if answer.passages:
        yield f"  described in {', '.join(_passage(p) for p in answer.passages)}"
    for number, reasons in enumerate(answer.justifications, start=1):
        yield f"  Justification {number} of {len(answer.justifications)}{'' if answer.complete else ' or more'}"
        yield from (f"  {line}" for line in reason_lines(reasons))


def reason_lines(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield the lines of one justification."""
    for reason in reasons:
        yield f"  {reason.kind}: {reason.text}"
        for claim in reason.claims:
            yield from _claim_lines(claim, "      ")
        if reason.passages:
            yield f"      described in {', '.join(_passage(p) for p in reason.passages)}"


def _claim_lines(claim: ClaimNote, indent: str) -> Iterator[str]:
    traits = ["negated"] if claim.negated else []
    traits += [f"{axis}: {value}" for axis, value in claim.reserves]
    said = f" ({'; '.join(traits)})" if traits else ""
    yield f"{indent}{claim.name}{said}: {claim.text}"
    if claim.passages:
        yield f"{indent}  stated in {', '.join(_passage(p) for p in claim.passages)}"


def _passage(passage: PassageNote) -> str:
    if passage.label != passage.name:
        return f"{passage.name} ({passage.label})"
    return f"{passage.name} (page {passage.page})" if passage.page else passage.name
