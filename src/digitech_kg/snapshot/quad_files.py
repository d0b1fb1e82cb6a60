"""Sets of quads that are too large for memory: sorted N-Quads lines in a file that goes with its set."""

from __future__ import annotations

import heapq
import os
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from digitech_kg.iteration import batched
from digitech_kg.namespaces import GraphName

#: So many quads are in memory at a time.
PIECE: Final = 100_000
_Item = TypeVar("_Item")
_BLOCK: Final = 1 << 20
#: Files that are open at a time.
_MOST_FILES: Final = 64


class _LineFile:
    """Lines in a file without a name, which is closed when nobody has this any more."""

    def __init__(self, lines: Iterable[bytes], directory: Path) -> None:
        self._file, self.size = tempfile.TemporaryFile(dir=directory), 0  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        for piece in in_pieces(lines):
            self._file.writelines(piece)
            self.size += len(piece)
        self._file.flush()

    def __iter__(self) -> Iterator[bytes]:
        """Read apart from others who read the same file meanwhile."""
        place, rest = 0, b""
        while block := os.pread(self._file.fileno(), _BLOCK, place):
            place += len(block)
            *whole, rest = (rest + block).splitlines(keepends=True)
            if rest.endswith(b"\n"):
                whole, rest = [*whole, rest], b""
            yield from whole


class QuadFile(Set[Quad]):
    """A set of quads, most of them in a file and `few` others in memory. To look a quad up reads all of them."""

    def __init__(self, file: _LineFile, graphs: frozenset[GraphName], few: frozenset[Quad] = frozenset()) -> None:
        self._file, self._few = file, few
        #: Where the quads are: other graphs have none.
        self.graphs = graphs
        self._counts: Counter[bytes] | None = None

    @classmethod
    def of(cls, lines: Iterable[bytes], graphs: Iterable[GraphName], directory: Path) -> QuadFile:
        """Write sorted lines, each once, to a new file in a directory; `graphs` are those that they may be in."""
        return cls(_LineFile(lines, directory), frozenset(graphs))

    def joined(self, few: frozenset[Quad]) -> QuadFile:
        """Return the same quads and a few others that are not among them."""
        graphs = self.graphs | {quad.graph_name for quad in few}
        joined = QuadFile(self._file, graphs, self._few | few)
        joined._counts = self.counts + Counter(map(_graph_of, sorted_lines(few).splitlines()))
        return joined

    def lines(self) -> Iterator[bytes]:
        """Yield the quads as N-Quads lines, sorted."""
        few = sorted_lines(self._few).splitlines(keepends=True)
        return heapq.merge(self._file, few) if few else iter(self._file)

    def pieces(self) -> Iterator[list[Quad]]:
        """Yield the quads in pieces that fit in memory."""
        for lines in self.line_pieces():
            yield list(parse(b"".join(lines), format=RdfFormat.N_QUADS))

    def line_pieces(self) -> Iterator[list[bytes]]:
        """Yield their lines likewise. They are counted when they are read for the first time."""
        counts: Counter[bytes] = Counter()
        for piece in in_pieces(self.lines()):
            yield piece
            if self._counts is None:
                counts.update(map(_graph_of, piece))
        self._counts = self._counts or counts

    @property
    def counts(self) -> Counter[bytes]:
        """How many quads there are of each graph, as a line names it."""
        if self._counts is None:
            for _ in self.line_pieces():
                pass
        return self._counts or Counter()

    @cached_property
    def by_graph(self) -> Mapping[GraphName, int]:
        """How many quads each graph has."""
        return {_graph(name): count for name, count in self.counts.items()}

    def __iter__(self) -> Iterator[Quad]:
        for piece in self.pieces():
            yield from piece

    def __len__(self) -> int:
        return self._file.size + len(self._few)

    def __contains__(self, quad: object) -> bool:
        return quad in self._whole

    @cached_property
    def _whole(self) -> frozenset[Quad]:
        return frozenset(self)

    @classmethod
    def _from_iterable(cls, quads: Iterable[Quad]) -> frozenset[Quad]:  # type: ignore[override]
        """Tell what unions and differences are made of."""
        return frozenset(quads)


class QuadSorter:
    """Sorts any number of quads, by files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._runs: list[_LineFile] = []

    def add(self, quads: Iterable[Quad]) -> None:
        """Take quads that fit in memory."""
        if len(self._runs) == _MOST_FILES:
            self._runs = [_LineFile(self.lines(), self._directory)]
        self._runs.append(_LineFile(sorted_lines(quads).splitlines(keepends=True), self._directory))

    def __bool__(self) -> bool:
        return bool(self._runs)

    def lines(self) -> Iterator[bytes]:
        """Yield what was taken as sorted lines, each once."""
        return (line for line, _ in groupby(heapq.merge(*self._runs)))


def in_pieces(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield items in lists of `PIECE`; the last one is shorter."""
    yield from batched(items, PIECE)


def without(lines: Iterable[bytes], others: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sorted lines that are not among others, which are sorted as well."""
    rest = iter(others)
    other = next(rest, None)
    for line in lines:
        while other is not None and other < line:
            other = next(rest, None)
        if line != other:
            yield line


def iter_lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Yield quads as N-Quads lines, sorted."""
    return quads.lines() if isinstance(quads, QuadFile) else iter(sorted_lines(quads).splitlines(keepends=True))


def count_by_graph(quads: Iterable[Quad]) -> Mapping[GraphName, int]:
    """Return how many quads each graph has."""
    return quads.by_graph if isinstance(quads, QuadFile) else Counter(quad.graph_name for quad in quads)


def _graph_of(line: bytes) -> bytes:
    """Return the graph of a line of N-Quads; empty for the default graph."""
    _, _, rest = line.split(b" ", 2)
    # No IRI has a quotation mark or a bracket, and only a literal or a triple term has a space.
    place = rest.rfind(b'"') if rest[:1] == b'"' else rest.rfind(b")>>") if rest.startswith(b"<<") else 0
    return rest[place:].split(b" ", 2)[1].rstrip(b".\n")


def _graph(name: bytes) -> GraphName:
    if not name:
        return DefaultGraph()
    text = name.decode()
    return NamedNode(text[1:-1]) if text.startswith("<") else BlankNode(text[2:])


def sorted_lines(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, lines sorted."""
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))
