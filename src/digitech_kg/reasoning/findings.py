"""What a reasoner reports, before the hierarchies are followed and what was stated is taken out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple


class Role(NamedTuple):
    """An object or datatype property, or the inverse of an object property."""

    iri: str
    inverse: bool = False

    def inverted(self) -> Role:
        """Give the other direction."""
        return Role(self.iri, not self.inverse)


@dataclass
class Findings:
    """Filled by one reasoner. Hierarchies may be direct or complete, values at the most specific property or all."""

    consistent: bool = True
    subclasses: set[tuple[str, str]] = field(default_factory=set)
    subroles: set[tuple[Role, Role]] = field(default_factory=set)
    types: set[tuple[NamedNode, str]] = field(default_factory=set)
    #: Property values whose ends are named.
    values: set[Triple] = field(default_factory=set)
    unsatisfiable: set[str] = field(default_factory=set)

    def add_equivalent_classes(self, classes: list[str], nothing: str) -> None:
        """Note classes with the same members; with `nothing` among them they have none."""
        if nothing in classes:
            self.unsatisfiable.update(cls for cls in classes if cls != nothing)
            return
        self.subclasses.update((a, b) for a in classes for b in classes if a != b)
