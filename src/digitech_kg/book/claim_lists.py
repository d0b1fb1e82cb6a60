"""Which claims are meant, how they are put, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from digitech_kg.book.schema import Term
from digitech_kg.claims.firmness import Firmness

#: What a list of claims is sorted by: those that matter most first, as the texts have them, or by IRI.
ORDERS: Final = {
    "weight": "claim.salience, claim.document, claim.place, claim.name",
    "text": "claim.document, claim.place, claim.name",
    "iri": "term.text",
}


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims of a document that are put alike, and how many they are."""

    document: str
    firm: Firmness
    #: One of `SALIENCES`.
    salience: str
    is_conditional: bool
    #: Whether it elaborates a main claim.
    is_part: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """What a list needs of a claim: what it says, how it is put, and the passages, in the order of the text."""

    iri: str
    #: IRIs; "" in an incomplete claim.
    subject: str
    predicate: str
    #: The thing or literal that the subject is related to; None in an incomplete claim.
    object: Term | None
    is_plain: bool
    passages: tuple[str, ...]
    put: ClaimGroup
    #: The IRI of the main claim that it elaborates; "" for a main claim.
    main: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are meant; "" is any. What is given must all hold."""

    #: Keys of the axes, as `Firmness` and `SALIENCES` have them. `document` is the name of one.
    document: str = ""
    kind: str = ""
    certainty: str = ""
    voice: str = ""
    #: "1" for denials, "0" for all else.
    denied: str = ""
    #: "0" for main claims, "1" for those that elaborate one.
    part: str = ""
    #: IRIs of what it says; `thing` is its subject or object.
    subject: str = ""
    object: str = ""
    thing: str = ""
    #: The IRI of a passage that states it.
    passage: str = ""
    #: The IRI of what stands beside what it says: a holder, a limit, a condition, a reason, a source,
    #: or what only its sentence names.
    beside: str = ""
    #: The IRI of a claim that it supports, qualifies, disputes and so on.
    bears_on: str = ""
    #: The IRI of a topic; what is on a topic below it is meant, too.
    topic: str = ""
    #: The IRI of a thing of which a main claim speaks, itself or by a part: as subject, as object or beside what it
    #: says. And words that its sentence has.
    about: str = ""
    words: str = ""
    #: "1" if claims of sources outside the documents are meant too.
    outside: str = ""
