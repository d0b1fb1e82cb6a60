"""Read from a document's claims what comparisons need: the statement, how firm it is, and its scope."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import BY_PROPERTY, LIMITS, MOOD_KINDS, Effect, Reserve
from digitech_kg.namespaces import DCTERMS, DK, NUMBERS, Namespaces

#: Subject, predicate and object as text: IRIs as they are, literals in N-Triples, so that the two never meet.
TripleKey = tuple[str, str, str]
#: How much of the plain statement a value leaves if it leaves all of it.
FULL: Final = 3.0
#: Two opposite stands leave no room for each other if they add up to this: probable against probable does, probable
#: against possible does not.
CONFLICT: Final = 4.0
WEIGHTS: Final = tomllib.loads(Path(__file__).with_name("weights.toml").read_text(encoding="utf-8"))
#: How much a value leaves, by the axis.
SCALES: Final[Mapping[NamedNode, Mapping[Any, float]]] = {
    DK[axis]: {DK[value]: left for value, left in leaves.items()} for axis, leaves in WEIGHTS["leaves"].items()
}
COUNTS: Final = (DK.subjectCount, DK.objectCount)
#: Where, when and on what condition a claim is made. The time of an event isn't a limit, but two times are two events.
SCOPE_AXES: Final = (*LIMITS, DK.condition, DK.time)
#: From the weakest to the firmest.
_BASES: Final = BY_PROPERTY[DK.basis].values
#: How far the author shares the view of somebody else, from 0; nothing said is like reported.
_SHARES: Final = {DK.partlyEndorsed: 1, DK.endorsed: 2}
OWN_VIEW: Final = 3


@dataclass(frozen=True, eq=False)
class ClaimStand:
    """A claim of a document. Its `statement` is in a form that can be looked up."""

    claim: Claim
    document: str
    #: Those for whom the document speaks.
    speaks_for: frozenset[Any] = frozenset()
    authors: frozenset[Any] = frozenset()
    #: Whether its sentence says more than its statement: other claims elaborate it, or it gives a reason.
    says_more: bool = False

    @cached_property
    def statement(self) -> TripleKey:
        return key_of(self.claim.subject), key_of(self.claim.predicate), key_of(self.claim.object)

    @cached_property
    def rejects(self) -> bool:
        """Whether the author reports the view of somebody else and disputes it."""
        return DK.disputed in self.claim.all(DK.stance)

    @cached_property
    def affirms(self) -> bool:
        """Whether the document stands for the statement; to dispute a view is to stand for its opposite."""
        return self.claim.is_negated == self.rejects

    @cached_property
    def mood(self) -> str:
        """A "fact", "forecast", "advice" or "question". One that nobody knows is a question: it stands for nothing."""
        said = self.claim.all(DK.mood)
        return next((mood for value, mood in MOOD_KINDS.items() if value in said), "question" if said else "fact")

    @cached_property
    def holders(self) -> frozenset[Any]:
        return frozenset(self.claim.all(DK.heldBy))

    @cached_property
    def is_spoken_for(self) -> bool:
        """Whether the document passes on the words of all who hold it as its own matter."""
        return bool(self.holders) and self.holders <= self.speaks_for

    @cached_property
    def ownership(self) -> int:
        """How much the view is the author's own: `OWN_VIEW` if it is, 0 if it is only reported."""
        if self.rejects or self.is_spoken_for or not self.holders:
            return OWN_VIEW
        return max(_SHARES.get(stance, 0) for stance in self.claim.all(DK.stance) or (None,))

    def strength(self, scale: NamedNode) -> float:
        """Return how much of the plain statement the claim leaves on a scale."""
        of_quality = self.claim.gives_quality
        return min((strength_of(scale, v, of_quality=of_quality) for v in self.claim.all(scale)), default=FULL)

    def scope(self, axis: NamedNode) -> frozenset[str]:
        """Return the values of a limit, condition or time."""
        return frozenset(key_of(value) for value in self.claim.all(axis))

    @cached_property
    def is_asserted(self) -> bool:
        """Whether the document itself stands for what it says, and takes nothing back; in which mood doesn't matter."""
        return self.ownership >= _SHARES[DK.endorsed] and not any(find_restrictions(self.claim))

    @cached_property
    def basis(self) -> int:
        """The rank of what it rests on. A view of others that a document only passes on rests on a report."""
        found = self.claim.all(DK.basis) or (() if self.ownership else (DK.report,))
        return min((_BASES.index(basis) if basis in _BASES else 0 for basis in found), default=len(_BASES))

    @property
    def moods(self) -> frozenset[Any]:
        """What kind of utterance it is, in the terms of the claim; what is ordered is so, like what is stated."""
        return frozenset(self.claim.all(DK.mood)) - {DK.order}

    @property
    def is_comparable(self) -> bool:
        """Whether it stands for or against something; incomplete claims don't, and sources outside aren't compared.

        To dispute a view that has a reserve is not to hold the opposite with the same reserve: whoever disputes that
        something is probable may still hold it possible.
        """
        if not self.claim.is_complete or self.claim.is_external:
            return False
        if not self.rejects:
            return True
        if any(self.strength(scale) < FULL for scale in SCALES):
            return False
        reserved = any(self.claim.all(prop) for prop in (*COUNTS, DK.condition))
        return not reserved and self.mood in ("fact", "forecast")


def find_restrictions(claim: Claim) -> Iterator[Reserve]:
    """Yield the reserves by which a claim says less than its statement, whoever holds it and in whatever mood.

    To affirm something of all is to say no less; to deny it of all is to say less.
    """
    for reserve in claim.weakening:
        is_of_all = reserve.value == DK.all and not claim.is_negated
        if reserve.axis.property not in (DK.mood, DK.heldBy) and not is_of_all:
            yield reserve


def strength_of(scale: NamedNode, value: Any, *, of_quality: bool = False) -> float:
    """Return how much of the plain statement a value on a scale leaves.

    >>> strength_of(DK.certainty, DK.probable), strength_of(DK.degree, DK.heavily), strength_of(DK.certainty, DK.other)
    (2.0, 3.0, 0.0)
    """
    weakens = BY_PROPERTY[scale].effect_of(value, of_quality=of_quality) is Effect.WEAKENING
    return SCALES[scale].get(value, min(SCALES[scale].values()) if weakens else FULL)


def read_stands(document: str, quads: Iterable[Quad], names: Namespaces) -> list[ClaimStand]:
    """Return the stands of a document, by the IRIs of their claims."""
    own, iri = names.graphs.document(document), names.thing(document)
    written = [quad for quad in quads if quad.graph_name == own]
    speaks_for, authors = (
        frozenset(q.object for q in written if q.subject == iri and q.predicate == prop)
        for prop in (DK.speaksFor, DCTERMS.creator)
    )
    mains = {q.object for q in written if q.predicate == DK.elaborates}
    return [
        ClaimStand(claim, document, speaks_for, authors, claim.iri in mains or bool(claim.all(DK.reason)))
        for claim in sorted(read_claims(written), key=lambda claim: claim.iri.value)
    ]


def shares_differ(first: ClaimStand, second: ClaimStand) -> bool:
    """Whether both say how much of something somebody owns, and not the same."""
    ours, theirs = ({key_of(share) for share in stand.claim.all(DK.ownershipShare)} for stand in (first, second))
    return bool(ours and theirs) and ours != theirs


def key_of(term: Any) -> str:
    """Return a term as text that is equal for equal values: 12 and 12.0 are one number."""
    if not isinstance(term, Literal):
        return str(term.value)
    if term.datatype.value in NUMBERS:
        with suppress(InvalidOperation):
            return f'"{Decimal(term.value).normalize():f}"'
    return str(term)


def years_of(key: str) -> tuple[int, int] | None:
    """Return the first and last year that a time in EDTF or of an XML Schema type names; None if it names none.

    >>> years_of('"2019-05/2021"')
    (2019, 2021)
    >>> years_of('"2019/.."')
    (2019, 9999)
    >>> years_of('"203X"')
    (2030, 2039)
    """
    text = key.partition("^^")[0].strip('"')
    years = re.findall(r"(?<!\d)\d{3}[\dX](?!\d)", text)
    if not years:
        return None
    first = 0 if text.startswith(("/", "..")) else min(int(year.replace("X", "0")) for year in years)
    return first, 9999 if text.endswith(("/", "..")) else max(int(year.replace("X", "9")) for year in years)


def is_date_within(date: str, other: str) -> bool:
    """Whether a date says the same as another, or says it more exactly; signs of uncertainty make no other date.

    >>> is_date_within("2019-05", "2019~"), is_date_within("2019", "2018/2020"), is_date_within("2019", "2019-05")
    (True, True, False)
    """
    date, other = (re.sub("[~?%]", "", text) for text in (date, other))
    if "/" not in other:
        return date == other or date.startswith(f"{other}-")
    years, others = years_of(date), years_of(other)
    return years is not None and others is not None and others[0] <= years[0] and years[1] <= others[1]
