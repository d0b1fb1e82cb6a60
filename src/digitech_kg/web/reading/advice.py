"""What to know of a query that runs but may not ask what was meant: `Query-Advice`, and lines beside a result.

It names terms that the dataset does not have, and counts the claims with a reserve that a plain pattern passes over.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
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
#: More names than these are not compared with the names in a query.
_MOST_COMPARED: Final = 50_000
#: Who asks with one of these asks for claims, and so for those with a reserve too.
_OF_CLAIMS: Final = frozenset(("predicate", "subject", "object", "statedIn", "Claim", "ReservedClaim", "evidence"))
#: Prefixed names as most are written, and text that only looks so.
_NAME: Final = re.compile(r"[A-Za-z][\w.-]*:[\w%-]+(?:[.:][\w%-]+)*")
_RESERVED: Final = """
SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate
WHERE NOT claim.unreserved GROUP BY claim.predicate
"""
_BEGINNING_WITH: Final = """
SELECT text FROM term WHERE kind = 0 AND text > ? AND text < ?
AND EXISTS (SELECT 1 FROM said WHERE subject = term.id) LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know: a name in the query that is unknown, or passes over so many claims with a reserve."""

    found: str
    #: The nearest name that is known; "" if there is none.
    suggestion: str = ""
    #: Claims that are passed over.
    count: int = 0

    @property
    def field(self) -> str:
        """Return it as a member of the header, which is a list (RFC 9651)."""
        parts = [f'"{_plain(self.found)}"', f"code={'reserved-claims' if self.count else 'unknown-name'}"]
        parts += [f'suggestion="{_plain(self.suggestion)}"'] if self.suggestion else []
        parts += [f"count={self.count}"] if self.count else []
        return ";".join(parts)


def _plain(text: str) -> str:
    return re.sub(r"[^ !#-\[\]-~]", "?", text)[:100]


def advise_on(service: QueryService, query: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing for a long one, and where the data is in another store."""
    if len(query) > _LONGEST or service.known_quads() is None:
        return ()
    try:
        return _adviser(service.book()).advise(query)
    except Gone:
        # The version went while its answer, which is whole, was on its way.
        return ()


@lru_cache(maxsize=4)
def _adviser(book: Book) -> _Adviser:
    return _Adviser(book)


class _Adviser:
    """Reads queries on one version."""

    def __init__(self, book: Book) -> None:
        self._book, self._names = book, book.names
        self._starts = (TERMS, book.names.prefixes["id"])
        self._reserved: dict[str, int] = dict(book.rows(_RESERVED))
        self._is_known = lru_cache(maxsize=4096)(book.is_known)
        self._beginning_with = lru_cache(maxsize=8)(self._read_beginning_with)
        self._read = lru_cache(maxsize=512)(self._advise)

    def advise(self, query: str) -> tuple[Advice, ...]:
        """Return what to know of a query; nothing for one that asks other endpoints or has a dataset of its own."""
        # A search that costs little settles that there is nothing to tell, as of nearly all queries.
        iris = self._expanded(_NAME.findall(query)).values()
        if "\\" in query or any(iri in self._reserved or self._is_missing(iri) for iri in iris):
            return self._read(query)
        return ()

    def _advise(self, query: str) -> tuple[Advice, ...]:
        if find_keyword(query, "SERVICE", "FROM"):
            return ()
        names = self._expanded(token.text for token in iter_tokens(query) if token.kind == "name")
        return (*self._unknown(names), *self._passed_over(names))[:_MOST_ADVICE]

    def _expanded(self, names: Iterable[str]) -> dict[str, str]:
        return {name: iri for name in names if (iri := self._names.expand(name))}

    def _is_missing(self, iri: str) -> bool:
        return iri.startswith(self._starts) and iri not in self._starts and not self._is_known(iri)

    def _unknown(self, names: dict[str, str]) -> Iterator[Advice]:
        """Yield the names that the dataset does not have, with the nearest one that it has."""
        for name, iri in names.items():
            if self._is_missing(iri) and (known := self._beginning_with(next(filter(iri.startswith, self._starts)))):
                yield Advice(name, "".join(difflib.get_close_matches(name, known, n=1, cutoff=0.75)))

    def _read_beginning_with(self, start: str) -> frozenset[str]:
        """Return the short names of terms whose IRIs begin with `start`; none if they are too many."""
        found = self._book.rows(_BEGINNING_WITH, start, start + "\uffff", _MOST_COMPARED + 1)
        return frozenset(self._names.shorten(iri) for (iri,) in found) if len(found) <= _MOST_COMPARED else frozenset()

    def _passed_over(self, names: dict[str, str]) -> Iterator[Advice]:
        """Yield how many claims with a reserve a query for plain statements passes over."""
        if not any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
            yield from (Advice(name, count=self._reserved[iri]) for name, iri in names.items() if iri in self._reserved)
