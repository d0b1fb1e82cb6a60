"""Every claim of the documents with what pages count and filter by, read once per snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import LIMITS
from digitech_kg.namespaces import DK
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import SALIENCES, claims_of, in_text_order, salience_of
from digitech_kg.web.reading.firmness import Firmness, firmness_of
from digitech_kg.web.reading.reader import GraphReader

#: What the index is made of.
_INDEXED: Final = (
    DK.certainty,
    DK.mood,
    DK.negated,
    DK.heldBy,
    DK.salience,
    DK.cue,
    DK.condition,
    DK.statedIn,
    *LIMITS,
)


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim of a document: what it is filtered and sorted by."""

    iri: str
    document: str
    firm: Firmness
    #: One of `SALIENCES`.
    salience: str
    #: The first passage that states it.
    passage: str
    is_limited: bool
    is_conditional: bool
    #: The words of the document that show how it is put.
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are meant: keys of the axes, "" for any."""

    document: str = ""
    kind: str = ""
    certainty: str = ""
    voice: str = ""
    denied: str = ""
    #: "limit" or "condition".
    reserve: str = ""

    def takes(self, entry: ClaimEntry) -> bool:
        """Whether a claim is meant."""
        firm = entry.firm
        wanted = (
            (self.document, entry.document),
            (self.kind, firm.kind),
            (self.certainty, firm.certainty),
            (self.voice, firm.voice),
            (self.denied, "1" if firm.denied else "0"),
        )
        reserves = {"": True, "limit": entry.is_limited, "condition": entry.is_conditional}
        return all(not asked or asked == own for asked, own in wanted) and reserves.get(self.reserve, False)


def index_claims(reader: GraphReader) -> tuple[ClaimEntry, ...]:
    """Return all claims of the documents: those that matter most first, then as the texts have them."""
    return _index(reader, reader.version)


@lru_cache(maxsize=4)
def _index(reader: GraphReader, _version: str) -> tuple[ClaimEntry, ...]:
    rows = reader.rows(browse_queries.CLAIM_INDEX, properties=" ".join(map(str, (DK.predicate, *_INDEXED))))
    entries = (_entry(claim, reader.names.document_of(claim.iri.value)) for claim in claims_of(rows))
    return tuple(sorted((entry for entry in entries if entry is not None), key=_order))


def _entry(claim: Claim, document: str | None) -> ClaimEntry | None:
    if document is None:
        return None
    passages = sorted((p.value for p in claim.passages if isinstance(p, NamedNode)), key=in_text_order)
    return ClaimEntry(
        claim.iri.value,
        document,
        firmness_of(claim),
        salience_of(claim),
        passages[0] if passages else "",
        any(claim.all(limit) for limit in LIMITS),
        bool(claim.all(DK.condition)),
        tuple(cue.value for cue in claim.all(DK.cue) if isinstance(cue, Literal)),
    )


def _order(entry: ClaimEntry) -> tuple[int, str, list[tuple[int, str]], str]:
    return SALIENCES.index(entry.salience), entry.document, in_text_order(entry.passage), entry.iri


def common_cues(entries: Iterable[ClaimEntry], most: int = 2) -> tuple[str, ...]:
    """Return the words that show most often how claims are put."""
    counts = Counter(cue.casefold() for entry in entries for cue in entry.cues)
    return tuple(cue for cue, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most])
