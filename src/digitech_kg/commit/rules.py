"""The shapes that a dataset has to satisfy, kept beside each version so that a write is held against the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitech_kg.sources import Project
from digitech_kg.validation import load_shapes

_FILES: Final = ("shapes.nt", "house-rules.nt")


@dataclass(frozen=True)
class Rules:
    """Shapes as N-Triples: those for all data, and those for the ontology alone."""

    data: bytes = b""
    ontology: bytes = b""

    def write(self, directory: Path) -> None:
        """Write the shapes into the directory of a version."""
        for name, shapes in zip(_FILES, (self.data, self.ontology), strict=True):
            (directory / name).write_bytes(shapes)

    @classmethod
    def read(cls, directory: Path) -> Rules:
        """Read what `write` wrote."""
        return cls(*((directory / name).read_bytes() for name in _FILES))


NO_RULES: Final = Rules()


def load_rules(project: Project) -> Rules:
    """Return the shapes of a project. Raises `SourceError` for faulty shapes, or if there are none."""
    house_rules = project.house_rule_files()
    return Rules(load_shapes(project.shape_files()), load_shapes(house_rules) if house_rules else b"")
