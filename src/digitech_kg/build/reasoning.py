"""The reasoning step of a build: what follows from the dataset, or why that is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from digitech_kg.errors import ReasonerFailure
from digitech_kg.reasoning import choose_reasoner, explain_inconsistency, infer, inferred_quads, select_premises


@dataclass(frozen=True)
class Reasoning:
    """How a build reasons: a reasoner's name or "auto", and where results are kept."""

    reasoner: str = "auto"
    cache: Path | None = None


@dataclass(frozen=True)
class Inferred:
    """The quads of `graph:inferred`; `reasoner` is "none" if nothing was inferred, with the reason in `note`."""

    quads: tuple[Quad, ...] = ()
    reasoner: str = "none"
    note: str = ""
    failed: bool = False


#: For a build that is told not to reason.
NOT_INFERRED = Inferred(note="The build was told not to reason.")


def infer_for_build(quads: Sequence[Quad], reasoning: Reasoning | None, step: Callable[[str], None]) -> Inferred:
    """Give what follows from the quads; a reasoner that cannot be run leaves the dataset without inferences.

    Raises `InconsistentData` with the conflicts if the quads contradict each other.
    """
    if reasoning is None:
        return NOT_INFERRED
    premises = select_premises(quads)
    name = choose_reasoner(premises) if reasoning.reasoner == "auto" else reasoning.reasoner
    step(f"reasoning ({name})")
    try:
        entailments = infer(premises, name, cache=reasoning.cache)
    except ReasonerFailure as error:
        return Inferred(note=" ".join(filter(None, (error.message + ".", error.hint))), failed=True)
    if not entailments.consistent:
        raise explain_inconsistency(quads)
    return Inferred(tuple(inferred_quads(entailments, quads)), name)
