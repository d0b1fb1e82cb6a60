"""Quads as lines of N-Quads, sets of quads that are too large for memory, and what tells one dataset from another.

A digest is the sum, modulo 2^256, of the SHA-256 of each N-Quads line: the order of the quads does not matter, and a
quad is added or taken away by adding or subtracting its own hash. It names datasets, and doesn't protect from forgery.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final, Self, cast

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse, serialize

from digitech_kg.iteration import batched
from digitech_kg.namespaces import GraphName

#: So many quads are in memory at a time.
_PIECE = 50_000


class QuadFile(Set[Quad]):
    """A set of quads, most of them in a file and `few` others in memory. To look a quad up reads all of them."""

    def __init__(self, path: Path, by_graph: Mapping[GraphName, int], few: frozenset[Quad] = frozenset()) -> None:
        self.path, self.few = path, few
        #: How many quads each graph has; other graphs have none.
        self.by_graph: Mapping[GraphName, int] = Counter(by_graph) + Counter(quad.graph_name for quad in few)

    def joined(self, few: frozenset[Quad]) -> QuadFile:
        """Return the same quads and a few others that are not among them."""
        return QuadFile(self.path, Counter(self.by_graph) - Counter(q.graph_name for q in self.few), self.few | few)

    def lines(self) -> Iterator[bytes]:
        """Yield the quads as N-Quads lines, the few others last."""
        with gzip.open(self.path) as file:
            yield from file
        yield from sorted_lines(self.few).splitlines(keepends=True)

    def __iter__(self) -> Iterator[Quad]:
        with gzip.open(self.path) as file:
            yield from parse(cast(IO[bytes], file), format=RdfFormat.N_QUADS)
        yield from self.few

    def __len__(self) -> int:
        return sum(self.by_graph.values())

    def __contains__(self, quad: object) -> bool:
        return quad in self._whole

    @cached_property
    def _whole(self) -> frozenset[Quad]:
        return frozenset(self)

    @classmethod
    def _from_iterable(cls, quads: Iterable[Quad]) -> frozenset[Quad]:  # type: ignore[override]
        """Tell what unions and differences are made of."""
        return frozenset(quads)


class QuadWriter:
    """Writes quads, graph by graph, into the file of a `QuadFile`; each comes once."""

    def __init__(self, path: Path) -> None:
        self._path, self._counts, self._raw = path, Counter[GraphName](), path.open("wb")
        self._file = gzip.GzipFile("", "wb", 1, self._raw, mtime=0)

    def write(self, quads: Iterable[Quad]) -> None:
        """Write quads."""
        for piece in batched(quads, _PIECE):
            self._file.write(serialize(piece, format=RdfFormat.N_QUADS) or b"")
            self._counts.update(quad.graph_name for quad in piece)

    def write_graph(self, store: Store, graph: GraphName, count: int) -> None:
        """Write all quads of a graph, of which there are so many: much faster than one by one."""
        store.dump(cast(IO[bytes], _InGraph(self._file, graph)), RdfFormat.N_TRIPLES, from_graph=graph)
        self._counts[graph] += count

    def finish(self) -> QuadFile:
        """Return what was written; nothing more can be."""
        self.__exit__()
        return QuadFile(self._path, self._counts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._raw.close()


class _InGraph(io.RawIOBase):
    """Passes lines of N-Triples on with the name of a graph, as N-Quads."""

    def __init__(self, file: gzip.GzipFile, graph: GraphName) -> None:
        super().__init__()
        self._file, self._rest = file, b""
        self._end = b" .\n" if isinstance(graph, DefaultGraph) else f" {graph} .\n".encode()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        # A line break in a literal is escaped, so this ends a line.
        *whole, self._rest = (self._rest + bytes(data)).rpartition(b"\n")
        self._file.write(b"".join(whole).replace(b" .\n", self._end))
        return len(data)


def iter_lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Yield quads as N-Quads lines; sorted, unless there are too many."""
    return quads.lines() if isinstance(quads, QuadFile) else iter(sorted_lines(quads).splitlines(keepends=True))


def count_by_graph(quads: Iterable[Quad]) -> Mapping[GraphName, int]:
    """Return how many quads each graph has."""
    return quads.by_graph if isinstance(quads, QuadFile) else Counter(quad.graph_name for quad in quads)


def sorted_lines(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, lines sorted."""
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


_MODULUS: Final = 1 << 256


def content_digest(added: Iterable[bytes], *, removed: Iterable[bytes] = (), before: str = f"{0:064x}") -> str:
    """Return the digest, 64 hexadecimal digits, after adding and removing N-Quads lines, with or without their ends.

    `before` is the digest of the dataset that they are added to and removed from; by default that of the empty one.
    """
    total = int(before, 16) + sum(map(_hash, added)) - sum(map(_hash, removed))
    return f"{total % _MODULUS:064x}"


def _hash(line: bytes) -> int:
    return int.from_bytes(hashlib.sha256(line.rstrip(b"\n")).digest())
