"""Say a query in words that the engine evaluates faster, with the same answer; whatever is not understood stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from digitech_kg.parts.rewriting.counts import iter_count_changes
from digitech_kg.parts.rewriting.groups import Change, Edits
from digitech_kg.parts.rewriting.rules import (
    iter_exists_changes,
    iter_filter_changes,
    iter_minus_changes,
    iter_optional_changes,
    iter_semijoin_changes,
)
from digitech_kg.parts.rewriting.statistics import Statistics, read_statistics
from digitech_kg.sparql_text.tree import Syntax, read

#: In capitals. A variable beside what may be an IRI: only such a filter can be a rule's.
_BY_IRI: Final = re.compile(r"[?$]\w+\s*=\s*[<A-Z_:]|[>\w:]\s*=\s*[?$]|\bIN\s*\(")
#: In capitals. One variable of one pattern, each value once.
_LIST: Final = re.compile(r"DISTINCT\s+[?$]\w+\s+(?:WHERE\s*)?\{\s*[^\s{}]+\s+[^\s{}]+\s+[^\s{}]+\s*(?:\.\s*)?\}")
_PAIR: Final = r"(?:(?:A|RDF:TYPE)\s+[^\s?$;{}\"]+|[^\s?$;{}\"]+\s+[?$]\w+)"
#: In capitals. Patterns without constants but classes before OPTIONAL: look-ups have others.
_OPEN_OPTIONAL: Final = re.compile(
    rf"\{{\s*[?$]\w+\s+{_PAIR}(?:\s*;\s*{_PAIR}|\s*\.\s*[?$]\w+\s+{_PAIR})*\s*(?:\.\s*)?OPTIONAL\b"
)
#: How many rewritten queries are remembered, up to which length.
_MOST_KNOWN: Final = 256
_LONGEST_KNOWN: Final = 10_000


@dataclass(frozen=True)
class Rewriting:
    """A query's text for the engine, and the rules that were applied to it."""

    text: str
    rules: tuple[str, ...] = ()


class Rewriter:
    """Rewrites queries about one version, and remembers the last ones."""

    def __init__(self, statistics: Statistics | None) -> None:
        self._statistics = statistics
        self._rewrite_once = lru_cache(_MOST_KNOWN)(self._rewrite)

    def rewrite(self, text: str, *, is_union: bool, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
        """Return a query in faster words, as the function `rewrite` finds them; the same text if no rule applies."""
        if not may_apply(text):
            return text
        find = self._rewrite_once if len(text) <= _LONGEST_KNOWN else self._rewrite
        return find(text, is_union, prefixes)

    def _rewrite(self, text: str, is_union: bool, prefixes: tuple[tuple[str, str], ...]) -> str:
        return rewrite(text, statistics=self._statistics, is_union=is_union, prefixes=prefixes).text


def make_rewriter(directory: Path | None) -> Rewriter:
    """Return what rewrites queries about the version in a directory; None for data that changes meanwhile."""
    return Rewriter(read_statistics(directory) if directory else None)


def may_apply(text: str) -> bool:
    """Return whether any rule could apply, by a search that costs next to nothing."""
    folded = text.upper()
    return (
        "EXISTS" in folded
        or "MINUS" in folded
        or "COUNT" in folded
        or ("OPTIONAL" in folded and _OPEN_OPTIONAL.search(folded) is not None)
        or ((place := folded.find("FILTER")) >= 0 and _BY_IRI.search(folded, place) is not None)
        or ((place := folded.find("DISTINCT")) >= 0 and _LIST.search(folded, place) is not None)
    )


def rewrite(
    text: str,
    *,
    statistics: Statistics | None = None,
    is_union: bool = False,
    prefixes: tuple[tuple[str, str], ...] = (),
) -> Rewriting:
    """Return a query in faster words; the same text if no rule applies.

    `statistics` are those of the version that is queried; rules that weigh one way against another need them.
    `is_union` says that a query without FROM is about all graphs together: only then do statistics answer counts.
    `prefixes` need no declaration.
    """
    if not may_apply(text):
        return Rewriting(text)
    try:
        syntax = read(text, prefixes)
        if syntax is None or syntax.nodes("service"):
            return Rewriting(text)
        edits, rules = Edits(syntax.source), list[str]()
        for change in _changes(syntax, statistics, is_union=is_union):
            if not edits.collides(change.edits):
                edits.add(change.edits)
                rules.append(change.rule)
        return Rewriting(edits.text(), tuple(rules)) if rules else Rewriting(text)
    except RecursionError:
        # A chain of a thousand conditions is as deep a tree.
        return Rewriting(text)


def _changes(syntax: Syntax, statistics: Statistics | None, *, is_union: bool) -> Iterator[Change]:
    """Yield what the rules would do; of two changes of the same place, the first is made."""
    if statistics is not None:
        if is_union:
            yield from iter_count_changes(syntax, statistics)
        yield from iter_semijoin_changes(syntax, statistics)
        yield from iter_minus_changes(syntax, statistics)
        yield from iter_optional_changes(syntax, statistics)
    yield from iter_exists_changes(syntax, statistics)
    yield from iter_filter_changes(syntax, statistics)
