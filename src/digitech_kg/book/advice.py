"""Advice on a query: names that are misspelt, and claims with a reserve that the query leaves out."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Final

from digitech_kg.book import Book
from digitech_kg.namespaces import TERMS
from digitech_kg.sparql_text.tokens import names_in

#: A longer query is not read for advice: the check would cost more than it tells.
_LONGEST: Final = 8192
_MOST_ADVICE: Final = 8
#: Names that stand nowhere: to find what each may mean takes some milliseconds.
_MOST_UNKNOWN: Final = 3
#: How alike two beginnings of names are of which one is the other, misspelt.
_ALIKE: Final = 0.95
#: A query with one of these asks for claims, and so for those with a reserve too.
_OF_CLAIMS: Final = frozenset(("predicate", "subject", "object", "statedIn", "Claim", "ReservedClaim", "evidence"))


@dataclass(frozen=True, slots=True)
class Advice:
    """A name in a query: how many claims with a reserve a pattern with it passes over; none if nothing has it."""

    found: str
    count: int = 0
    #: A known name that `found` may be a misspelling of.
    meant: str = ""

    @property
    def field(self) -> str:
        """Return it as a member of the header, which is a list (RFC 9651)."""
        name, meant = (re.sub(r"[^ !#-\[\]-~]", "?", text)[:100] for text in (self.found, self.meant))
        if self.count:
            return f'"{name}";code=reserved-claims;count={self.count}'
        return f'"{name}";code=unknown-name' + (f';meant="{meant}"' if meant else "")


def read_advice(book: Book, graphs: Collection[str], query: str) -> tuple[Advice, ...]:
    """Return what to know of a query to a dataset with these graphs; nothing for a long one."""
    if len(query) > _LONGEST:
        return ()
    names = {text: iri for text, given in names_in(query) if (iri := given or book.names.expand(text))}
    unknown = tuple(islice(_unknown(book, names, graphs), _MOST_UNKNOWN))
    if unknown or any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
        return unknown
    found = (Advice(name, book.reserved[iri]) for name, iri in names.items() if iri in book.reserved)
    return tuple(found)[:_MOST_ADVICE]


def _unknown(book: Book, names: Mapping[str, str], graphs: Collection[str]) -> Iterator[Advice]:
    """Yield the names of the ontology and of the project that stand nowhere in the dataset."""
    own = (TERMS, *(book.names.prefixes[kind] for kind in ("id", "claim", "passage", "issue", "topic", "graph")))
    for text, found in names.items():
        is_known = found in graphs or book.number(found)
        iri = "" if is_known else _with_own_beginning(found, own)
        # An IRI that ends in one of these is the beginning of others.
        if not iri or iri.endswith(("#", "/")):
            continue
        meant = book.names.guess(iri, graphs) if iri.startswith(own[-1]) else _nearest(book, iri)
        # A prefix may be declared for another beginning.
        yield Advice(text, meant=f"<{iri}>" if meant == text else meant or "")


def _with_own_beginning(iri: str, own: tuple[str, ...]) -> str:
    """Return an IRI with the beginning that it has or nearly has, as with http or a slip in it; "" for others."""
    if found := _nearly(own).match(iri):
        return own[(found.lastindex or 1) - 1] + iri[found.end() :]
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return next((space + iri[end:] for space in get_close_matches(iri[:end], own, 1, _ALIKE)), "")


@lru_cache(maxsize=4)
def _nearly(own: tuple[str, ...]) -> re.Pattern[str]:
    bare = (re.escape(space.partition("://")[2].rstrip("#/")) for space in own)
    return re.compile("|".join(f"(https?://(?:www[.])?{space}[#/])" for space in bare), re.IGNORECASE)


@lru_cache(maxsize=256)
def _nearest(book: Book, iri: str) -> str:
    """Return what a name may mean: programs send the same query again and again."""
    return book.nearest(iri)
