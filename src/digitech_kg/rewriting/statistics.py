"""How many triples a version has in all, by property and by class: exact counts, kept up to date by each commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode, Quad

from digitech_kg.rewriting.syntax import RDF_TYPE

#: The IRI of a property, and that of a class if it is `rdf:type` and there is one.
Kind = tuple[str, str]


@dataclass(frozen=True)
class Statistics:
    """Counts over all graphs, where a triple counts in each graph that has it: so the engine counts in their union."""

    triples: int = 0
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Triples with `rdf:type` by the IRI of the class.
    classes: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def all_classes_have_names(self) -> bool:
        """Whether each type is an IRI, so that the classes here are all."""
        return sum(self.classes.values()) == self.properties.get(RDF_TYPE, 0)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return {"triples": self.triples, "properties": dict(self.properties), "classes": dict(self.classes)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Statistics:
        """Return what `to_json` was called on."""
        return cls(row["triples"], row["properties"], row["classes"])

    def after(self, added: Iterable[Quad], removed: Iterable[Quad] = ()) -> Statistics:
        """Return the counts once quads were added that were not there and others removed that were."""
        return self.after_kinds(Counter(map(kind_of, added)), Counter(map(kind_of, removed)))

    def after_kinds(self, added: Mapping[Kind, int], removed: Mapping[Kind, int]) -> Statistics:
        """Return the counts once so many quads of each kind were added and removed."""
        properties, classes = Counter(self.properties), Counter(self.classes)
        for kinds, step in ((added, 1), (removed, -1)):
            for (name, of_class), count in kinds.items():
                properties[name] += step * count
                if of_class:
                    classes[of_class] += step * count
        return Statistics(properties.total(), _sorted(properties), _sorted(classes))


def kind_of(quad: Quad) -> Kind:
    """Return what of a quad counts."""
    name, value = quad.predicate.value, quad.object
    return name, value.value if name == RDF_TYPE and isinstance(value, NamedNode) else ""


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
