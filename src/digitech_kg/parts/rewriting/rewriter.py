"""Rewrite a query so that the engine evaluates it faster. What isn't understood stays as it is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Final

from tree_sitter import Node

from digitech_kg.parts.rewriting.rules import iter_changes
from digitech_kg.parts.rewriting.statistics import Statistics, read_statistics
from digitech_kg.sparql_text.tree import Syntax, holds, read

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


#: What a name, a variable or a number can begin or end with.
_IN_WORD: Final = re.compile(r"[\w:.\-]")


class Words:
    """The words in which a query is said: nodes that rules say otherwise, and the old text for all else."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._said: dict[Node, list[str | Node]] = {}
        #: Where each of them begins and ends: a text may have thousands.
        self._spans: dict[Node, tuple[int, int]] = {}
        self._moved: list[Node] = []

    def take(self, words: Mapping[Node, Sequence[str | Node]]) -> bool:
        """Take new words for nodes, unless some would replace, or lose, words that were taken before."""
        moved = [piece for said in words.values() for piece in said if isinstance(piece, Node)]
        for new, old in self._overlapping(words):
            is_beside = new == old and new in words[new]
            if not is_beside and all(holds(node, new) == holds(node, old) for node in (*moved, *self._moved)):
                return False
        for node, said in words.items():
            # Words beside a node stand beside those that it has already.
            now = self._said.get(node, [node])
            self._said[node] = [piece for kept in said for piece in (now if kept == node else [kept])]
            self._spans[node] = node.start_byte, node.end_byte
        self._moved += moved
        return True

    def _overlapping(self, nodes: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
        """Yield each of some nodes with those that have words already and are within it, around it, or the same."""
        for node in nodes:
            start, end = node.start_byte, node.end_byte
            yield from ((node, old) for old, (first, last) in self._spans.items() if start < last and first < end)

    def text(self, node: Node) -> str:
        """Return a node as it is said."""
        if node not in self._said:
            return self._as_written(node)
        return _joined(
            each if isinstance(each, str) else self._as_written(each) if each == node else self.text(each)
            for each in self._said[node]
        )

    def _as_written(self, node: Node) -> str:
        """Return a node in its own words, but for those within it that are said otherwise."""
        pieces, place, end = list[str](), node.start_byte, node.end_byte
        inner = [
            (first, -last, other)
            for other, (first, last) in self._spans.items()
            if place <= first and last <= end and other != node
        ]
        for first, last, other in sorted(inner, key=itemgetter(0, 1)):
            # A change within another one is made there, or not at all.
            if first >= place:
                pieces += self._syntax.source[place:first].decode(), self.text(other)
                place = -last
        return _joined([*pieces, self._syntax.source[place:end].decode()])


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces as one text, with a space where two words would become one: "(… AS ?n){" needs none before "WHERE".

    >>> _joined(["AS ?n", "WHERE {", "?s"])
    'AS ?n WHERE {?s'
    """
    text = ""
    for piece in filter(None, pieces):
        text += " " * bool(text and _IN_WORD.match(text[-1]) and _IN_WORD.match(piece)) + piece
    return text


class Rewriter:
    """Rewrites queries about one version, and remembers the last ones."""

    def __init__(self, statistics: Statistics | None) -> None:
        self._rewrite = partial(rewrite, statistics=statistics)
        self._rewrite_once = lru_cache(_MOST_KNOWN)(self._rewrite)

    def rewrite(self, text: str, *, is_union: bool, prefixes: tuple[tuple[str, str], ...] = ()) -> str:
        """Return a query in faster words, as the function `rewrite` finds them; the same text if no rule applies."""
        if not may_apply(text):
            return text
        find = self._rewrite_once if len(text) <= _LONGEST_KNOWN else self._rewrite
        return find(text, is_union=is_union, prefixes=prefixes).text


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
        words = Words(syntax)
        changes = iter_changes(syntax, statistics, is_union=is_union)
        rules = tuple(rule for rule, said in changes if words.take(said))
        return Rewriting(words.text(syntax.root), rules) if rules else Rewriting(text)
    except RecursionError:
        # A chain of a thousand conditions is as deep a tree.
        return Rewriting(text)
