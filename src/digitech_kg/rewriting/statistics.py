"""What is counted of a version: triples in all, by property, class and kinds of ends; subjects and objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.sparql_text.tree import RDF_TYPE

#: The IRI of a property, that of a class if it is `rdf:type` and there is one, and the kinds of subject and object.
Kind = tuple[str, str, str]
#: Kinds of terms, as SPARQL's functions name them.
_KINDS: Final = {NamedNode: "iri", BlankNode: "blank", Literal: "literal", Triple: "triple"}


@dataclass(frozen=True)
class Statistics:
    """Counts over all graphs, where a triple counts in each graph that has it: so the engine counts in their union."""

    triples: int = 0
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Triples with `rdf:type` by the IRI of the class.
    classes: Mapping[str, int] = field(default_factory=dict)
    #: Triples by the kinds of their subject and object, such as "iri literal".
    ends: Mapping[str, int] = field(default_factory=dict)
    #: How many terms are the subject, or the object, of a triple with a property; of any with "".
    subjects: Mapping[str, int] = field(default_factory=dict)
    objects: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def all_classes_have_names(self) -> bool:
        """Whether each type is an IRI, so that the classes here are all."""
        return sum(self.classes.values()) == self.properties.get(RDF_TYPE, 0)

    def with_end(self, place: int, kind: str) -> int:
        """Return how many triples have a term of a kind as their subject (place 0) or object (1)."""
        return sum(count for ends, count in self.ends.items() if ends.split()[place] == kind)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Statistics:
        """Return what `to_json` was called on. Raises `TypeError` if other counts are there."""
        return cls(**row)

    def after(
        self,
        added: Mapping[Kind, int],
        removed: Mapping[Kind, int],
        subjects: Mapping[str, int],
        objects: Mapping[str, int],
    ) -> Statistics:
        """Return the counts once so many quads of each kind were added and removed, and so many ends are there."""
        properties, classes, ends = Counter(self.properties), Counter(self.classes), Counter(self.ends)
        for kinds, step in ((added, 1), (removed, -1)):
            for (name, of_class, kinds_of_ends), count in kinds.items():
                properties[name] += step * count
                ends[kinds_of_ends] += step * count
                if of_class:
                    classes[of_class] += step * count
        counts = (_sorted(counted) for counted in (properties, classes, ends, subjects, objects))
        return Statistics(properties.total(), *counts)


def kind_of(quad: Quad) -> Kind:
    """Return what of a quad counts."""
    name, value = quad.predicate.value, quad.object
    of_class = value.value if name == RDF_TYPE and isinstance(value, NamedNode) else ""
    return name, of_class, f"{_KINDS[type(quad.subject)]} {_KINDS[type(value)]}"


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
