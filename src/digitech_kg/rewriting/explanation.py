"""Say what is done to a query before the engine sees it, and how many triples its patterns fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digitech_kg.rewriting.patterns import MANY, read_patterns
from digitech_kg.rewriting.rewriter import Rewriting, rewrite
from digitech_kg.rewriting.statistics import Statistics
from digitech_kg.sparql_text.tree import Syntax, read


@dataclass(frozen=True)
class Explanation:
    """A rewriting, and the triples that each pattern of the query fits alone, as far as that is known."""

    rewriting: Rewriting
    #: Patterns as they are written; no number where there are constants other than the property and the class.
    sizes: tuple[tuple[str, int | None], ...]
    #: Whether the query could be read; if not, it goes to the engine as it is.
    is_understood: bool

    def __str__(self) -> str:
        """Return the explanation as text for people."""
        lines = [f"{'?' if size is None else f'{size:,}':>12}  {pattern}" for pattern, size in self.sizes]
        if lines:
            lines = ["Triples that fit each pattern:", *lines, ""]
        if not self.is_understood:
            lines += ["This is no query in SPARQL 1.1. It goes to the engine as it is."]
        elif not self.rewriting.steps:
            lines += ["No rule applies. The query goes to the engine as it is."]
        for step in self.rewriting.steps:
            lines += [step.rule, f"  before  {_in_one_line(step.before)}", f"  after   {_in_one_line(step.after)}"]
        return "\n".join(lines)


def explain(
    text: str,
    *,
    statistics: Statistics | None = None,
    is_union: bool = False,
    prefixes: tuple[tuple[str, str], ...] = (),
) -> Explanation:
    """Return what `rewrite` does with a query, and why."""
    rewriting = rewrite(text, statistics=statistics, is_union=is_union, prefixes=prefixes)
    syntax = read(text, prefixes)
    sizes = tuple(_sizes(syntax, statistics)) if syntax is not None and statistics is not None else ()
    return Explanation(rewriting, sizes, syntax is not None)


def _sizes(syntax: Syntax, statistics: Statistics) -> Iterator[tuple[str, int | None]]:
    todo = [syntax.root]
    while todo:
        node = todo.pop()
        todo += reversed(node.children)
        for pattern in (read_patterns(syntax, [node]) or ()) if node.type == "triples_block" else ():
            size = pattern.size(statistics)
            yield pattern.text, None if pattern.has_other_constants or size == MANY else size


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
