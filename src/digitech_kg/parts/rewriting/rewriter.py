"""Say a query in words that the engine evaluates faster, with the same answer; whatever is not understood stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitech_kg.parts.rewriting.conditions import iter_exists_changes, iter_minus_changes, iter_semijoin_changes
from digitech_kg.parts.rewriting.counts import iter_count_changes
from digitech_kg.parts.rewriting.groups import Change, Edits, Span
from digitech_kg.parts.rewriting.lookups import iter_filter_changes, iter_optional_changes
from digitech_kg.parts.rewriting.patterns import MANY, read_patterns
from digitech_kg.parts.rewriting.statistics import Statistics, read_statistics
from digitech_kg.sparql_text.tree import Syntax, descendants, read

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
class Step:
    """One rule that was applied: its name, and the part of the query before and after all rules."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class Rewriting:
    """A query's text for the engine, and what was done to it."""

    text: str
    steps: tuple[Step, ...] = ()


class Rewriter:
    """Rewrites queries about one version, and remembers the last ones."""

    def __init__(self, statistics: Statistics | None) -> None:
        self._statistics = statistics
        self._known: dict[tuple[str, bool, tuple[tuple[str, str], ...]], str] = {}

    def rewrite(self, text: str, *, is_union: bool, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
        """Return a query in faster words, as the function `rewrite` finds them; the same text if no rule applies."""
        if not may_apply(text):
            return text
        key = (text, is_union, prefixes)
        found = self._known.get(key)
        if found is None:
            found = rewrite(text, statistics=self._statistics, is_union=is_union, prefixes=prefixes).text
            if len(text) <= _LONGEST_KNOWN:
                if len(self._known) >= _MOST_KNOWN:
                    del self._known[next(iter(self._known))]
                self._known[key] = found
        return found

    def explain(self, text: str, *, is_union: bool, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
        """Return what is done to a query and why, as text for people: the triples that its patterns fit, and steps."""
        rewriting = rewrite(text, statistics=self._statistics, is_union=is_union, prefixes=prefixes)
        syntax = read(text, prefixes)
        sizes = _sizes(syntax, self._statistics) if syntax is not None and self._statistics is not None else ()
        lines = [f"{'?' if size is None else f'{size:,}':>12}  {pattern}" for pattern, size in sizes]
        if lines:
            lines = ["Triples that fit each pattern:", *lines, ""]
        if syntax is None:
            lines += ["This isn't a query in SPARQL 1.1. It goes to the engine as it is."]
        elif not rewriting.steps:
            lines += ["No rule applies. The query goes to the engine as it is."]
        for step in rewriting.steps:
            lines += [step.rule, f"  before  {_in_one_line(step.before)}", f"  after   {_in_one_line(step.after)}"]
        return "\n".join(lines)


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
        return _rewrite(text, statistics, is_union=is_union, prefixes=prefixes)
    except RecursionError:
        # A chain of a thousand conditions is as deep a tree.
        return Rewriting(text)


def _rewrite(
    text: str, statistics: Statistics | None, *, is_union: bool, prefixes: tuple[tuple[str, str], ...]
) -> Rewriting:
    syntax = read(text, prefixes)
    if syntax is None or syntax.nodes("service"):
        return Rewriting(text)
    edits, done = Edits(syntax.source), []
    for change in _changes(syntax, statistics, is_union=is_union):
        if not edits.collides(change.edits):
            edits.add(change.edits)
            done.append(change)
    if not done:
        return Rewriting(text)
    steps = (Step(change.rule, syntax.text(change.shown), edits.text(Span.of(change.shown))) for change in done)
    return Rewriting(edits.text(), tuple(steps))


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


def _sizes(syntax: Syntax, statistics: Statistics) -> Iterator[tuple[str, int | None]]:
    """Yield each pattern with how many triples it fits; no number where other constants than a class decide it."""
    for block in descendants(syntax.root, "triples_block"):
        for pattern in read_patterns(syntax, [block]) or ():
            size = pattern.size(statistics)
            yield pattern.text, None if pattern.has_other_constants or size == MANY else size


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
