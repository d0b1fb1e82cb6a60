"""What to know of a query that runs: terms that the dataset does not have, claims that it passes over.

A program finds it in the header `Query-Advice` (a list as in RFC 9651), people beside the result.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, Protocol

from digitech_kg.namespaces import TERMS, Namespaces
from digitech_kg.sparql_text.tokens import find_keyword, iter_tokens

#: A longer query is not read for advice: the check would cost more than it tells.
_LONGEST: Final = 8192
_MOST_ADVICE: Final = 8
#: Who asks with one of these asks for claims, and so for those with a reserve too.
_OF_CLAIMS: Final = frozenset(("predicate", "subject", "object", "statedIn", "Claim", "ReservedClaim", "evidence"))
#: Prefixed names as most are written, and text that only looks so.
_NAME: Final = re.compile(r"[A-Za-z][\w.-]*:[\w%-]+(?:[.:][\w%-]+)*")


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know: its code, the piece of the query that it is about, what to write instead, and the text."""

    code: str
    found: str
    suggestion: str
    text: str
    count: int = 0

    @property
    def field(self) -> str:
        """Return it as a member of the header."""
        parts = [f'"{_plain(self.found)}"', f"code={self.code}"]
        parts += [f'suggestion="{_plain(self.suggestion)}"'] if self.suggestion else []
        parts += [f"count={self.count}"] if self.count else []
        return ";".join(parts)


def _plain(text: str) -> str:
    return re.sub(r"[^ !#-\[\]-~]", "?", text)[:100]


class Vocabulary(Protocol):
    """What advice rests on: the terms of one version, and the claims that plain statements leave out."""

    @property
    def names(self) -> Namespaces:
        """The prefixes of the dataset."""

    def has(self, iri: str) -> bool:
        """Whether the dataset says anything of a term."""

    def beginning_with(self, start: str) -> Collection[str]:
        """Return the terms whose IRIs begin with `start`; none if they are too many."""

    def reserved_claims(self, predicate: str) -> int:
        """Return how many claims with a predicate are not plain."""

    def __hash__(self) -> int:
        """Advice is kept by version."""


def advise(vocabulary: Vocabulary | None, text: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing for one that is long, asks others or has its own dataset."""
    if vocabulary is None or len(text) > _LONGEST or _needs_none(vocabulary, text):
        return ()
    return _advise(vocabulary, text)


def _needs_none(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a search that costs little settles that there is nothing to tell, as for nearly all queries."""
    if "\\" in text:
        return False
    found = _expanded(vocabulary, _NAME.findall(text))
    return not any(map(vocabulary.reserved_claims, found.values())) and not any(_unknown(vocabulary, found))


def _expanded(vocabulary: Vocabulary, names: Iterable[str]) -> dict[str, str]:
    return {name: iri for name in names if (iri := vocabulary.names.expand(name))}


@lru_cache(maxsize=512)
def _advise(vocabulary: Vocabulary, text: str) -> tuple[Advice, ...]:
    if find_keyword(text, "SERVICE", "FROM"):
        return ()
    names = _expanded(vocabulary, (token.text for token in iter_tokens(text) if token.kind == "name"))
    found = [*_unknown(vocabulary, names), *_passed_over(vocabulary, names)]
    return tuple(islice(found, _MOST_ADVICE))


def _unknown(vocabulary: Vocabulary, names: dict[str, str]) -> Iterator[Advice]:
    for start in (TERMS, vocabulary.names.prefixes["id"]):
        for name, iri in names.items():
            if iri.startswith(start) and iri != start and not vocabulary.has(iri):
                known = vocabulary.beginning_with(start)
                if known:
                    yield _missing(vocabulary.names, name, known)


def _missing(names: Namespaces, name: str, known: Iterable[str]) -> Advice:
    close = difflib.get_close_matches(name, {names.shorten(iri) for iri in known}, n=1, cutoff=0.75)
    said = f"The dataset has no {name}."
    if close:
        return Advice("unknown-name", name, close[0], f"{said} Did you mean {close[0]}?")
    return Advice("unknown-name", name, "", said)


def _passed_over(vocabulary: Vocabulary, names: dict[str, str]) -> Iterator[Advice]:
    """Yield how many claims with a reserve a query for plain statements leaves out."""
    if any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
        return
    for name, iri in names.items():
        if count := vocabulary.reserved_claims(iri):
            text = (
                f"This finds only what is stated with {name} without reserve. Claims with a reserve that it leaves "
                f"out: {count}. Ask for them with ?claim dk:predicate {name}."
            )
            yield Advice("reserved-claims", name, "", text, count)
