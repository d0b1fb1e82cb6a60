"""How firmly a claim is made, on the axes by which pages mark, count and filter claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import BY_PROPERTY, CERTAINTIES
from digitech_kg.namespaces import DK, TERMS

#: Kinds of claims, the usual one first; all but the first are moods.
KINDS: Final = ("statement", *(mood.value.removeprefix(TERMS) for mood in BY_PROPERTY[DK.mood].values))
#: From the most to the least certain; the first is that of a claim of which nothing is said.
LEVELS: Final = ("certain", *(level.value.removeprefix(TERMS) for level in reversed(CERTAINTIES)))
#: Whose view a claim is: the author's own, one that the author passes on, or that of a source outside the documents.
VOICES: Final = ("own", "other", "outside")


@dataclass(frozen=True, slots=True)
class Firmness:
    """Kind, certainty, voice and polarity of a claim: keys of `KINDS`, `LEVELS` and `VOICES`."""

    kind: str = KINDS[0]
    certainty: str = LEVELS[0]
    voice: str = VOICES[0]
    denied: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether it is the usual case, which no page makes much of."""
        return self == Firmness()

    @property
    def mark(self) -> str:
        """The classes of its mark in style sheets."""
        ring = " reported" if self.voice != VOICES[0] else ""
        return f"{self.certainty} {self.kind}{ring}{' denied' if self.denied else ''}"

    @property
    def tone(self) -> str:
        """The class of its colour in style sheets."""
        return "k-denied" if self.denied else f"k-{self.kind}"

    @property
    def filter(self) -> dict[str, str]:
        """The parameters of the board that list the claims which are made in the same way."""
        found = {"kind": self.kind, "certainty": self.certainty}
        if self.voice == "other":
            found["voice"] = self.voice
        if self.denied:
            found["denied"] = "1"
        return found


def firmness_of(claim: Claim) -> Firmness:
    """Return how firmly a claim is made; a value that is not on its axis counts as none."""
    voice = "outside" if claim.is_external else "other" if claim.all(DK.heldBy) else "own"
    return Firmness(_key(claim, DK.mood, KINDS), _key(claim, DK.certainty, LEVELS), voice, denied=claim.is_negated)


def _key(claim: Claim, prop: NamedNode, known: tuple[str, ...]) -> str:
    names = (term.value.removeprefix(TERMS) for term in claim.all(prop))
    return next((name for name in names if name in known), known[0])
