"""Which statements and axioms contradict each other, in smallest sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Quad

from digitech_kg.errors import InconsistentData, ReasonerFailure
from digitech_kg.namespaces import Namespaces
from digitech_kg.reasoning import hermit
from digitech_kg.reasoning.explanation import Explainer
from digitech_kg.reasoning.proofs import contradictions, triples_of
from digitech_kg.reasoning.record import SHARED, Part
from digitech_kg.reasoning.text import reason_lines

_MOST_CONFLICTS: Final = 10
_HINT: Final = "Change a claim, or the axiom if it is wrong. Nothing was published."


def explain_inconsistency(quads: Iterable[Quad], names: Namespaces, *, shrink: bool = False) -> InconsistentData:
    """Return the error that names the conflicts in what the documents share, or in each document beside it.

    With `shrink`, HermiT is asked again and again for a conflict that the rules do not see, which may take minutes.
    """
    explainer = Explainer(quads, names)
    lines: list[str] = []
    for document in (SHARED, *explainer.parts.documents):
        found = _conflicts_of(explainer, document, shrink)
        lines += found
        if found and document == SHARED:
            # Every document would contradict itself for the same reason.
            break
    return InconsistentData("\n".join(lines or ["the statements and axioms contradict each other"]), hint=_HINT)


def _conflicts_of(explainer: Explainer, document: str, shrink: bool) -> list[str]:
    part = explainer.parts.part(document)
    found = contradictions(part.theory, limit=_MOST_CONFLICTS)
    sets = found.sets or ((shrink_with_hermit(part),) if shrink else ())
    conflicts = [leaves for leaves in sets if leaves]
    if not conflicts:
        return []
    count = f"{len(conflicts)}{'' if found.complete else ' or more'} conflict{'' if len(conflicts) == 1 else 's'}"
    lines = [f"{_whose(explainer, document)} contradicts itself: {count}"]
    for number, leaves in enumerate(conflicts, start=1):
        lines.append(f"Conflict {number}: these cannot all be true")
        lines += reason_lines(explainer.reasons(leaves, part, document))
    return lines


def _whose(explainer: Explainer, document: str) -> str:
    if document == SHARED:
        return "what all documents share (ontology and things)"
    return f"the document {document} (“{explainer.record.title_of(document)}”)"


def shrink_with_hermit(part: Part) -> frozenset[int]:
    """Return one smallest set by taking away and asking HermiT, for a contradiction that the rules do not see.

    Source: Junker, QuickXplain, AAAI 2004. It asks some ten times for each member of the set.
    """
    try:
        if not _contradicts(part, range(len(part.theory.leaves))):
            return frozenset()
        return frozenset(_quick_explain(part, [], list(range(len(part.theory.leaves))), asked=False))
    except ReasonerFailure:
        return frozenset()


def _quick_explain(part: Part, base: Sequence[int], rest: list[int], *, asked: bool) -> list[int]:
    if asked and _contradicts(part, base):
        return []
    if len(rest) <= 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    needed = _quick_explain(part, [*base, *first], second, asked=bool(first))
    return _quick_explain(part, [*base, *needed], first, asked=bool(needed)) + needed


def _contradicts(part: Part, leaves: Iterable[int]) -> bool:
    chosen = [part.theory.leaf(number) for number in leaves]
    return not hermit.reason(triples_of(chosen, part.premises)).consistent
