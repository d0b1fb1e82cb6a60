"""What a version added and removed, kept beside its manifest as N-Quads for as long as the history."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.namespaces import GraphName
from digitech_kg.snapshot.quad_files import QuadFile, count_by_graph, sorted_lines

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

    def inverted(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.removed, self.added)

    def then(self, later: Change) -> Change:
        """Return the net change of this one followed by another."""
        return Change(
            (self.added - later.removed) | (later.added - self.removed),
            (self.removed - later.added) | (later.removed - self.added),
        )

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def graphs(self) -> set[GraphName]:
        """Return the graphs that change."""
        return {*count_by_graph(self.added), *count_by_graph(self.removed)}

    def only(self, wanted: Callable[[Quad], bool]) -> Change:
        """Return the part that is about some quads."""
        return Change(frozenset(filter(wanted, self.added)), frozenset(filter(wanted, self.removed)))

    def of_graphs(self, wanted: Callable[[GraphName], bool]) -> Change:
        """Return the part that is about some graphs."""
        graphs = {graph for graph in self.graphs() if wanted(graph)}
        return self.only(lambda quad: quad.graph_name in graphs) if graphs else Change()

    def write(self, directory: Path, prefix: str = "") -> None:
        """Write both sets to a directory."""
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
    def read(cls, directory: Path, prefix: str = "", lines: int | None = None) -> Change:
        """Read what `write` wrote, or the first lines of each side. Raises `FileNotFoundError` if it is not there."""
        return cls(*(_read(directory / (prefix + side + _SUFFIX), lines) for side in _SIDES))


def _read(path: Path, lines: int | None) -> frozenset[Quad]:
    with gzip.open(path) as file:
        text = file.read() if lines is None else b"".join(islice(file, lines))
        return frozenset(parse(text, format=RdfFormat.N_QUADS))
