"""The class Claim: who says what about what, with which reserves, and when it becomes a plain statement.

How firmly a claim is made and how much it matters is what pages mark, count, filter and sort claims by.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.claims.reserves import ADVICE, AXES, BY_PROPERTY, CERTAINTIES, QUALITY, Effect, Reserve
from digitech_kg.namespaces import DK, RDF, RDFS, TERMS, is_true

CLAIM_CLASSES: Final = (DK.Claim, DK.ExternalClaim)
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


@dataclass(frozen=True)
class Claim:
    """A claim with all that is said of it. `values` has the objects of each property, each once, in their order."""

    iri: NamedNode
    values: Mapping[NamedNode, tuple[Any, ...]]

    def all(self, prop: NamedNode) -> tuple[Any, ...]:
        return self.values.get(prop, ())

    def one(self, prop: NamedNode) -> Any | None:
        """Return the only object of a property; None if there is none or several."""
        found = self.values.get(prop, ())
        return found[0] if len(found) == 1 else None

    def ordered(self, prop: NamedNode) -> list[Any]:
        """Return the objects of a property in an order that does not depend on how they were read."""
        return sorted(self.all(prop), key=str)

    def weakest(self, prop: NamedNode) -> NamedNode | None:
        """Return the value that comes first on its axis; a claim should have one at most."""
        said = self.all(prop)
        return next((value for value in BY_PROPERTY[prop].values if value in said), None) if said else None

    @property
    def mood(self) -> NamedNode | None:
        """The mood; of a question about what should be (`dk:norm`), that it is a question."""
        return DK.openQuestion if DK.openQuestion in self.all(DK.mood) else self.weakest(DK.mood)

    def comment(self, tag: str) -> str | None:
        """Return what somebody has written by hand to say the claim in a language."""
        texts = (value for value in self.all(RDFS.comment) if isinstance(value, Literal))
        return min((text.value for text in texts if (text.language or "") == tag.lower()), default=None)

    @property
    def subject(self) -> Any | None:
        return self.one(DK.subject)

    @property
    def predicate(self) -> Any | None:
        return self.one(DK.predicate)

    @property
    def object(self) -> Any | None:
        """The thing or literal that the subject is related to."""
        both = (*self.all(DK.object), *self.all(DK.value))
        return both[0] if len(both) == 1 else None

    @property
    def is_negated(self) -> bool:
        return is_true(self.one(DK.negated))

    @property
    def gives_quality(self) -> bool:
        """Whether it says what its subject is like."""
        return bool(self.predicate == QUALITY)

    @property
    def is_external(self) -> bool:
        """Whether a source outside the documents says it."""
        return DK.ExternalClaim in self.all(RDF.type)

    @property
    def passages(self) -> tuple[Any, ...]:
        return self.all(DK.statedIn)

    @cached_property
    def reserves(self) -> tuple[Reserve, ...]:
        """The values on all axes, in the order of the table."""
        axes = (axis for axis in AXES if axis.property in self.values)
        denied, of_quality = self.is_negated, self.gives_quality
        return tuple(
            Reserve(axis, value, axis.effect_of(value, denied=denied, of_quality=of_quality))
            for axis in axes
            for value in self.all(axis.property)
        )

    @property
    def weakening(self) -> tuple[Reserve, ...]:
        """The reserves that keep the claim from being a plain statement."""
        return tuple(reserve for reserve in self.reserves if reserve.effect is Effect.WEAKENING)

    @property
    def is_complete(self) -> bool:
        """Whether it has one subject, one predicate and one object."""
        return isinstance(self.subject, NamedNode) and isinstance(self.predicate, NamedNode) and self.object is not None

    @property
    def is_unreserved(self) -> bool:
        """Whether it says something whole, without a weakening reserve, whoever makes it."""
        return self.is_complete and not self.weakening

    @property
    def is_plain(self) -> bool:
        """Whether the document says it of itself and without a weakening reserve, so that it may be said plainly."""
        return self.is_unreserved and not self.is_external

    @property
    def triple(self) -> Triple | None:
        """The triple that the claim is about, however it is put; None if it is incomplete."""
        return Triple(self.subject, self.predicate, self.object) if self.is_complete else None  # type: ignore[arg-type]


def read_claims(quads: Iterable[Quad | Triple]) -> list[Claim]:
    """Return the claims among quads or triples, in their order, with all that is said of each."""
    quads = list(quads)
    # Most quads of a document are about passages.
    claims: dict[Any, dict[NamedNode, list[Any]]] = {
        quad.subject: defaultdict(list)
        for quad in quads
        if quad.predicate == RDF.type and quad.object in CLAIM_CLASSES and isinstance(quad.subject, NamedNode)
    }
    for quad in quads:
        if (values := claims.get(quad.subject)) is not None:
            values[quad.predicate].append(quad.object)
    return [make_claim(iri, values) for iri, values in claims.items()]


def make_claim(iri: NamedNode, values: Mapping[NamedNode, Iterable[Any]]) -> Claim:
    return Claim(iri, {prop: tuple(dict.fromkeys(found)) for prop, found in values.items()})


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
