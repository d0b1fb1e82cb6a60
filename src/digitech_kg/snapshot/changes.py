"""What a version added and removed, kept beside its manifest as sorted N-Quads for as long as the history."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from digitech_kg.namespaces import DERIVED_GRAPHS

_SUFFIX: Final = ".nq.gz"
_SIDES: Final = ("added", "removed")
#: Names of the files of what a version changed.
CHANGE_FILES: Final = tuple(side + _SUFFIX for side in _SIDES)
#: Begins the names of the files of what online edits changed in what the project's files say.
EDITS: Final = "edits-"


@dataclass(frozen=True)
class Change:
    """The quads that lead from one version to another; none is in both sets."""

    added: frozenset[Quad] = frozenset()
    removed: frozenset[Quad] = frozenset()

    def inverted(self) -> Change:
        """Give the change that takes this one back."""
        return Change(self.removed, self.added)

    def then(self, later: Change) -> Change:
        """Give the net change of this one followed by another."""
        return Change(
            (self.added - later.removed) | (later.added - self.removed),
            (self.removed - later.added) | (later.removed - self.added),
        )

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def only(self, wanted: Callable[[Quad], bool]) -> Change:
        """Give the part that is about some quads."""
        return Change(frozenset(filter(wanted, self.added)), frozenset(filter(wanted, self.removed)))

    def write(self, directory: Path, prefix: str = "") -> None:
        """Write both sets to a directory."""
        for side, quads in zip(_SIDES, (self.added, self.removed), strict=True):
            name = prefix + side + _SUFFIX
            # No time and no name in the header: equal changes give equal files.
            with (directory / name).open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                packed.write(sorted_lines(quads))

    @classmethod
    def read(cls, directory: Path, prefix: str = "") -> Change:
        """Read what `write` wrote. Raises `FileNotFoundError` if it is not there, never half of it."""
        return cls(*(_read(directory / (prefix + side + _SUFFIX)) for side in _SIDES))


def iter_lines(directory: Path, side: str, *, by_hand: bool) -> Iterator[bytes]:
    """Yield what a version "added" or "removed" as sorted N-Quads lines, without reading it as a whole.

    With `by_hand`, lines of derived graphs are left out.
    """
    left_out = tuple(f" {graph} .\n".encode() for graph in DERIVED_GRAPHS) if by_hand else ()
    try:
        with gzip.open(directory / (side + _SUFFIX)) as file:
            yield from (line for line in file if not line.endswith(left_out))
    except FileNotFoundError:
        return


def is_written_by_hand(quad: Quad) -> bool:
    """Whether a quad of a dataset that derives is in a graph that people write."""
    return quad.graph_name not in DERIVED_GRAPHS


def sorted_lines(quads: Iterable[Quad]) -> bytes:
    """Give quads as N-Quads, lines sorted."""
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


def _read(path: Path) -> frozenset[Quad]:
    with gzip.open(path) as file:
        return frozenset(parse(file.read(), format=RdfFormat.N_QUADS))
