"""What advice on queries rests on, read from the book of a version."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import Final

from digitech_kg.book import Book
from digitech_kg.engine import QueryService
from digitech_kg.namespaces import Namespaces
from digitech_kg.sparql_text.advice import Advice, Vocabulary, advise

#: More names than these are not compared with the names in a query.
_MOST_NAMES: Final = 50_000


class BookVocabulary:
    """The terms of one version and its claims with reserves, looked up when they are asked for."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.has = lru_cache(maxsize=4096)(book.is_known)
        self.beginning_with = lru_cache(maxsize=8)(self._beginning_with)

    @property
    def names(self) -> Namespaces:
        """The prefixes of the dataset."""
        return self._book.names

    def _beginning_with(self, start: str) -> Collection[str]:
        """Return the terms whose IRIs begin with `start`; none if they are too many."""
        found = self._book.rows(
            "SELECT text FROM term WHERE kind = 0 AND text > ? AND text < ? "
            "AND EXISTS (SELECT 1 FROM said WHERE subject = term.id) LIMIT ?",
            *(start, start + "\uffff", _MOST_NAMES + 1),
        )
        return frozenset(text for (text,) in found) if len(found) <= _MOST_NAMES else frozenset()

    def reserved_claims(self, predicate: str) -> int:
        """Return how many claims with a predicate are not plain."""
        return self._reserved.get(predicate, 0)

    @cached_property
    def _reserved(self) -> dict[str, int]:
        return dict(
            self._book.rows(
                "SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate "
                "WHERE NOT claim.unreserved GROUP BY claim.predicate"
            )
        )


def learn(service: QueryService) -> Vocabulary | None:
    """Return what advice on queries of the current version rests on; None if the data is elsewhere."""
    return None if service.known_quads() is None else _learn(service.book())


@lru_cache(maxsize=4)
def _learn(book: Book) -> BookVocabulary:
    return BookVocabulary(book)


def advise_on(service: QueryService, text: str) -> tuple[Advice, ...]:
    """Return what to know of a query."""
    return advise(learn(service), text)
