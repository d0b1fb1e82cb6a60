"""What each graph of a dataset consists of, in numbers: a commit counts only the graphs that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Quad

from digitech_kg.mappings import PREDICATES, target_of
from digitech_kg.namespaces import DK, RDF, Namespaces, value_of


@dataclass(frozen=True)
class GraphCensus:
    """The numbers of one graph. Equal graphs have equal ones, and they come back from JSON as they were."""

    triples: int = 0
    subjects: int = 0
    #: Members by the IRI of their class.
    classes: Mapping[str, int] = field(default_factory=dict)
    #: Triples by the IRI of their property.
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Mappings to other data sets by the name of the data set, a space and the IRI of the property.
    links: Mapping[str, int] = field(default_factory=dict)
    #: What passages are part of that is no passage itself, sorted.
    documents: tuple[str, ...] = ()
    #: The members of `dk:Source`, sorted.
    sources: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all numbers as JSON has them."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> GraphCensus:
        """Return what `to_json` was called on. Raises `TypeError` for anything else."""
        told: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
        return cls(**told)


def count_graph(quads: Iterable[Quad], names: Namespaces) -> GraphCensus:
    """Return the census of a graph from its quads, each of which comes once."""
    passages = names.prefixes["passage"]
    subjects: set[str] = set()
    members: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    links: Counter[str] = Counter()
    documents: set[str] = set()
    sources: set[str] = set()
    for quad in quads:
        subject, prop, value = str(quad.subject), quad.predicate.value, quad.object
        subjects.add(subject)
        properties[prop] += 1
        if not isinstance(value, NamedNode):
            continue
        if quad.predicate == RDF.type:
            members[value.value] += 1
            if value == DK.Source:
                sources.add(value_of(quad.subject))
        elif quad.predicate == DK.isPartOf:
            if value_of(quad.subject).startswith(passages) and not value.value.startswith(passages):
                documents.add(value.value)
        elif prop in PREDICATES:
            target = target_of(value.value)
            links[f"{target.prefix if target else 'other'} {prop}"] += 1
    return GraphCensus(
        triples=properties.total(),
        subjects=len(subjects),
        classes=dict(sorted(members.items())),
        properties=dict(sorted(properties.items())),
        links=dict(sorted(links.items())),
        documents=tuple(sorted(documents)),
        sources=tuple(sorted(sources)),
    )
