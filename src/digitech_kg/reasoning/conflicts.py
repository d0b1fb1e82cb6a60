"""Which statements and axioms contradict each other, in smallest sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Quad

from digitech_kg.errors import InconsistentData, ReasonerFailure
from digitech_kg.reasoning import hermit
from digitech_kg.reasoning.explanation import Explainer
from digitech_kg.reasoning.proofs import triples_of
from digitech_kg.reasoning.report import reason_lines

_MOST_CONFLICTS: Final = 10
_HINT: Final = "Mend a claim, or the axiom if it is wrong. Nothing was published."


def explain_inconsistency(quads: Iterable[Quad], *, shrink: bool = True) -> InconsistentData:
    """Give the error that names the conflicts among quads which a reasoner found inconsistent.

    With `shrink`, HermiT is asked again and again for a conflict that the rules do not see, which may take minutes.
    """
    explainer = Explainer(quads)
    found = explainer.theory.contradictions(limit=_MOST_CONFLICTS)
    sets = found.sets or ((_shrink_with_hermit(explainer),) if shrink else ())
    count = f"{len(sets)}{'' if found.complete else ' or more'} conflict{'' if len(sets) == 1 else 's'}"
    lines = [f"the statements and axioms contradict each other: {count}"]
    for number, leaves in enumerate(sets, start=1):
        lines.append(f"Conflict {number}: these cannot all be true")
        lines += reason_lines(explainer.reasons(leaves))
    return InconsistentData("\n".join(lines), hint=_HINT)


def _shrink_with_hermit(explainer: Explainer) -> frozenset[int]:
    """Give one smallest set by taking away and asking HermiT, for a contradiction that the rules do not see.

    Source: Junker, QuickXplain, AAAI 2004. It asks some ten times for each member of the set.
    """
    leaves = list(range(len(explainer.theory.leaves)))
    try:
        return frozenset(_quick_explain(explainer, [], leaves, asked=False))
    except ReasonerFailure:
        return frozenset()


def _quick_explain(explainer: Explainer, base: Sequence[int], rest: list[int], *, asked: bool) -> list[int]:
    if asked and _contradicts(explainer, base):
        return []
    if len(rest) <= 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    needed = _quick_explain(explainer, [*base, *first], second, asked=bool(first))
    return _quick_explain(explainer, [*base, *needed], first, asked=bool(needed)) + needed


def _contradicts(explainer: Explainer, leaves: Iterable[int]) -> bool:
    chosen = [explainer.theory.leaves[number] for number in leaves]
    return not hermit.reason(triples_of(chosen, explainer.premises)).consistent
