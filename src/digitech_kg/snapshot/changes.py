"""What a version added and removed, as sets of quads, in files if they are too large for memory.

The changes of a version are kept beside its manifest for as long as the history. A digest tells datasets
apart: the sum, modulo 2^256, of the SHA-256 of each N-Quads line. The order of the quads does not matter, and a quad is
added or taken away by adding or subtracting its own hash. It names datasets, and doesn't protect from forgery.
"""

import gzip
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import Quad, RdfFormat, parse, serialize

from digitech_kg.iteration import batched
from digitech_kg.namespaces import GraphName

#: Quads that are in memory at a time.
_PIECE: Final = 50_000
#: Bytes of lines that are in memory at a time.
_PIECE_BYTES: Final = 4_000_000


class QuadFile(Set[Quad]):
    """A set of quads, most of them in a file and `few` others in memory. To look a quad up reads all of them."""

    def __init__(
        self, path: Path, by_graph: Mapping[GraphName, int], few: frozenset[Quad] = frozenset(), *, hashes: int
    ) -> None:
        """`hashes` is the sum of the hashes of the lines in the file."""
        self.path, self.few, self.hashes = path, few, hashes
        #: How many quads each graph has; other graphs have none.
        self.by_graph: Mapping[GraphName, int] = Counter(by_graph) + Counter(quad.graph_name for quad in few)

    def joined(self, few: frozenset[Quad]) -> "QuadFile":
        """Return the same quads and a few others that are not among them."""
        in_file = Counter(self.by_graph) - Counter(quad.graph_name for quad in self.few)
        return QuadFile(self.path, in_file, self.few | few, hashes=self.hashes)

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


def write_quads(path: Path, pieces: Iterable[tuple[GraphName, bytes]]) -> QuadFile:
    """Write quads, as lines of N-Quads with the graph that they are of, into a file; each comes once."""
    counts, hashes = Counter[GraphName](), 0
    with path.open("wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
        for graph, piece in pieces:
            packed.write(piece)
            lines = piece.splitlines()
            hashes += _sum_of_hashes(lines)
            counts[graph] += len(lines)
    return QuadFile(path, counts, hashes=hashes)


def iter_pieces(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Yield quads as N-Quads, many whole lines at a time, in no order."""
    few = quads
    if isinstance(quads, QuadFile):
        few = quads.few
        with gzip.open(quads.path) as file:
            while lines := file.readlines(_PIECE_BYTES):
                yield b"".join(lines)
    for batch in batched(few, _PIECE):
        yield serialize(batch, format=RdfFormat.N_QUADS) or b""


def count_by_graph(quads: Iterable[Quad]) -> Mapping[GraphName, int]:
    return quads.by_graph if isinstance(quads, QuadFile) else Counter(quad.graph_name for quad in quads)


def sorted_lines(quads: Iterable[Quad]) -> bytes:
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


_MODULUS: Final = 1 << 256


#: The digest of a dataset without quads.
NO_QUADS: Final = f"{0:064x}"


def digest_after(before: str, added: Iterable[Quad], removed: Iterable[Quad]) -> str:
    """Return the digest of a dataset that had another one before quads came and went."""
    return f"{(int(before, 16) + _sum_of(added) - _sum_of(removed)) % _MODULUS:064x}"


def _sum_of(quads: Iterable[Quad]) -> int:
    if isinstance(quads, QuadFile):
        return quads.hashes + _sum_of(quads.few)
    return sum(_sum_of_hashes(lines.splitlines()) for lines in iter_pieces(quads))


def _sum_of_hashes(lines: Iterable[bytes]) -> int:
    return sum(int.from_bytes(sha256(line).digest()) for line in lines)


_SUFFIX: Final = ".nq.gz"
_SIDES: Final = ("added", "removed")
#: Names of the files of what a version changed.
CHANGE_FILES: Final = tuple(side + _SUFFIX for side in _SIDES)
#: Begins the names of the files of what online edits changed in what the project's files say.
EDITS: Final = "edits-"


@dataclass(frozen=True)
class Change:
    """The quads that lead from one version to another; none is in both sets. A large set is a `QuadFile`."""

    added: Set[Quad] = frozenset()
    removed: Set[Quad] = frozenset()

    def then(self, later: "Change") -> "Change":
        """Return what this change and a later one touched, as it is in the end.

        What was taken back counts too: a project's files may have taken the earlier change over in between.
        """
        return Change((self.added - later.removed) | later.added, (self.removed - later.added) | later.removed)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def graphs(self) -> set[GraphName]:
        return {*count_by_graph(self.added), *count_by_graph(self.removed)}

    def only(self, wanted: Callable[[Quad], bool]) -> "Change":
        return Change(frozenset(filter(wanted, self.added)), frozenset(filter(wanted, self.removed)))

    def of_graphs(self, wanted: Callable[[GraphName], bool]) -> "Change":
        graphs = {graph for graph in self.graphs() if wanted(graph)}
        return self.only(lambda quad: quad.graph_name in graphs) if graphs else Change()

    def write(self, directory: Path, prefix: str = "") -> None:
        for side, quads in zip(_SIDES, (self.added, self.removed), strict=True):
            path, few = directory / (prefix + side + _SUFFIX), quads
            if isinstance(quads, QuadFile):
                if quads.path != path:
                    shutil.copyfile(quads.path, path)
                few = quads.few
            # No time and no name in the header: equal changes give equal files.
            with path.open("ab") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                packed.write(sorted_lines(few))

    @classmethod
    def read(cls, directory: Path, prefix: str = "") -> "Change":
        """Read what `write` wrote. Raises `FileNotFoundError` if it is not there."""
        texts = (gzip.decompress((directory / (prefix + side + _SUFFIX)).read_bytes()) for side in _SIDES)
        return cls(*(frozenset(parse(text, format=RdfFormat.N_QUADS)) for text in texts))
