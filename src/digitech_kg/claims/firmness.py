"""How firmly a claim is made and how much it matters: what pages mark, count, filter and sort claims by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import ADVICE, BY_PROPERTY, CERTAINTIES
from digitech_kg.namespaces import DK, TERMS

#: A number without its leading zeros.
_NUMBER: Final = re.compile(r"0*(\d+)")
#: Kinds of claims, the usual one first; all but the first are moods.
KINDS: Final = ("statement", *(mood.value.removeprefix(TERMS) for mood in BY_PROPERTY[DK.mood].values))
_ADVICE: Final = "recommendation"
#: From the most to the least certain; the first is that of a claim of which nothing is said.
LEVELS: Final = ("certain", *(level.value.removeprefix(TERMS) for level in reversed(CERTAINTIES)))
#: The level of a claim whose certainty is not on the axis: how certain it is, nobody can say.
OTHER_LEVEL: Final = "other"
#: From the most to the least that a claim matters to its document.
SALIENCES: Final = ("key", "normal", "minor")
#: Whose view a claim is: the author's own, somebody else's that the author passes on, or that of a source outside.
VOICES: Final = ("own", "other", "outside")


@dataclass(frozen=True, slots=True)
class Firmness:
    """Kind, certainty, voice and polarity of a claim: keys of `KINDS`, `LEVELS` (or `OTHER_LEVEL`) and `VOICES`."""

    kind: str = KINDS[0]
    certainty: str = LEVELS[0]
    voice: str = VOICES[0]
    denied: bool = False


def firmness_of(claim: Claim) -> Firmness:
    """Return how firmly a claim is made. A mood that is not on its axis counts as none; what a recommendation advises
    is one without a mood."""
    voice = "outside" if claim.is_external else "other" if claim.all(DK.heldBy) else "own"
    certainty = _key(claim, DK.certainty, LEVELS, OTHER_LEVEL if claim.all(DK.certainty) else LEVELS[0])
    mood = claim.mood.value.removeprefix(TERMS) if claim.mood else KINDS[0]
    kind = _ADVICE if claim.predicate == ADVICE else mood
    return Firmness(kind, certainty, voice, denied=claim.is_negated)


def salience_of(claim: Claim) -> str:
    """Return how much a claim matters to its document: one of `SALIENCES`, "normal" if nothing is said."""
    return _key(claim, DK.salience, SALIENCES, "normal")


def in_text_order(passage: str) -> str:
    """Return what sorts passages as they are numbered.

    >>> sorted(("p2.s10", "p10", "p2.s9", "p2"), key=in_text_order)
    ['p2', 'p2.s9', 'p2.s10', 'p10']
    """
    # How many digits a number has comes first; a mark keeps it before letters.
    return _NUMBER.sub(lambda number: f"\x01{len(number[1]):03d}{number[1]}", passage)


def _key(claim: Claim, prop: NamedNode, known: tuple[str, ...], usual: str = "") -> str:
    names = (term.value.removeprefix(TERMS) for term in claim.all(prop))
    return next((name for name in names if name in known), usual or known[0])
