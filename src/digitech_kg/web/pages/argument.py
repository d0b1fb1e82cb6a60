"""How the claims of a document bear on each other, as trees: below each claim, what supports, limits or opposes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.claims.firmness import in_text_order
from digitech_kg.namespaces import DK, TERMS
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.documents import DocumentEntry, find_document, list_documents
from digitech_kg.web.reading.reader import GraphReader, text_of

_FOLLOWS: Final = DK.followsFrom.value.removeprefix(TERMS)
#: Below a claim, what speaks for it stands before what takes from it.
ARGUED: Final = (_FOLLOWS, "supports", "illustrates", "qualifies", "contrastsWith", "disputes")


@dataclass(frozen=True)
class Step:
    """A claim, what it is to the claim above it ("" for the first), and the claims below it."""

    claim: ClaimView
    relation: str
    steps: tuple[Step, ...]

    @property
    def reverse(self) -> bool:
        """Whether this claim says how it bears on the one above, and not that one on this."""
        return self.relation != _FOLLOWS

    @property
    def size(self) -> int:
        """How many claims the tree has."""
        return 1 + sum(step.size for step in self.steps)


@dataclass(frozen=True)
class ArgumentView:
    """The trees of a document, the largest first, and how many claims they have."""

    entry: DocumentEntry
    trees: tuple[Step, ...]

    @property
    def size(self) -> int:
        return sum(tree.size for tree in self.trees)


def view_argument(reader: GraphReader, name: str, language: str) -> ArgumentView:
    """Read the argument of a document. Raises `NotFound`."""
    find_document(reader, name)
    below: dict[str, dict[str, str]] = defaultdict(dict)
    for row in reader.rows(browse_queries.ARGUMENT, graph=reader.names.graphs.document(name)):
        claim, other, relation = text_of(row, "claim"), text_of(row, "other"), text_of(row, "relation")
        relation = relation.removeprefix(TERMS)
        upper, lower = (claim, other) if relation == _FOLLOWS else (other, claim)
        if relation in ARGUED and upper not in below.get(lower, ()):
            below[upper].setdefault(lower, relation)
    wanted = sorted({*below, *(lower for lowers in below.values() for lower in lowers)}, key=in_text_order)
    claims = {claim.iri: claim for claim in load_claims_of(reader, wanted, language)}
    entry = next(entry for entry in list_documents(reader, language) if entry.name == name)
    return ArgumentView(entry, _trees(below, claims))


def _trees(below: Mapping[str, Mapping[str, str]], claims: Mapping[str, ClaimView]) -> tuple[Step, ...]:
    """Return a tree for each claim that is below none; each claim is told once, with what is below it."""
    told: set[str] = set()

    def grow(iri: str, relation: str) -> Step:
        told.add(iri)
        lowers = sorted(below.get(iri, {}).items(), key=lambda pair: (ARGUED.index(pair[1]), _place(claims[pair[0]])))
        return Step(claims[iri], relation, tuple(grow(lower, kind) for lower, kind in lowers if lower not in told))

    lower = {one for lowers in below.values() for one in lowers}
    first: Iterable[str] = sorted(below, key=lambda iri: (iri in lower, _place(claims[iri])))
    trees = [grow(iri, "") for iri in first if iri not in told]
    return tuple(sorted((tree for tree in trees if tree.steps), key=lambda tree: -tree.size))


def _place(claim: ClaimView) -> str:
    return in_text_order(claim.passages[0].iri) if claim.passages else ""
