"""What a plain pattern passes over, claims with a reserve: `Query-Advice`, and lines beside a result."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from digitech_kg.book import Book
from digitech_kg.engine.request import QueryService
from digitech_kg.errors import Gone
from digitech_kg.namespaces import TERMS
from digitech_kg.sparql_text.tokens import find_keyword, iter_tokens

#: A longer query is not read for advice: the check would cost more than it tells.
_LONGEST: Final = 8192
_MOST_ADVICE: Final = 8
#: Who asks with one of these asks for claims, and so for those with a reserve too.
_OF_CLAIMS: Final = frozenset(("predicate", "subject", "object", "statedIn", "Claim", "ReservedClaim", "evidence"))
_RESERVED: Final = """
SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate
WHERE NOT claim.unreserved GROUP BY claim.predicate
"""


@dataclass(frozen=True, slots=True)
class Advice:
    """A property as a query names it, and how many claims with a reserve the query passes over."""

    found: str
    count: int

    @property
    def field(self) -> str:
        """Return it as a member of the header, which is a list (RFC 9651)."""
        name = re.sub(r"[^ !#-\[\]-~]", "?", self.found)[:100]
        return f'"{name}";code=reserved-claims;count={self.count}'


def advise_on(service: QueryService, query: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing for a long one, and where the data is in another store."""
    if len(query) > _LONGEST or service.known_quads() is None:
        return ()
    try:
        book = service.book()
        reserved = _count_reserved(book)
    except Gone:
        # The version went while its answer, which is whole, was on its way.
        return ()
    names = {name: iri for name in _names_in(query) if (iri := book.names.expand(name))}
    if any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
        return ()
    found = (Advice(name, reserved[iri]) for name, iri in names.items() if iri in reserved)
    return tuple(found)[:_MOST_ADVICE]


@lru_cache(maxsize=4)
def _count_reserved(book: Book) -> dict[str, int]:
    return dict(book.rows(_RESERVED))


@lru_cache(maxsize=512)
def _names_in(query: str) -> tuple[str, ...]:
    """Return the prefixed names in a query; none for one that asks other endpoints or has a dataset of its own."""
    if find_keyword(query, "SERVICE", "FROM"):
        return ()
    return tuple(dict.fromkeys(token.text for token in iter_tokens(query) if token.kind == "name"))
