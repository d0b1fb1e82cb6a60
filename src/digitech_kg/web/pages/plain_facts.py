"""What a page says of a resource beside claims: triples of files, of other sources, and what follows by reasoning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import NamedNode

from digitech_kg.book import Fact
from digitech_kg.mappings import target_of
from digitech_kg.namespaces import DCAT, RDF, RDFS, SD, SKOS, VOID, Namespaces
from digitech_kg.web.reading.addresses import explanation_of
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name

#: Shown elsewhere on the page than among the properties.
_SHOWN_APART: Final = frozenset((RDFS.label, RDF.type, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.comment))
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS: Final = frozenset(
    (
        VOID.classPartition,
        VOID.propertyPartition,
        VOID.subset,
        VOID.dataDump,
        DCAT.distribution,
        SD.namedGraph,
    )
)
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A triple that is no claim: of a file, from outside, or inferred (then with the address of its proof)."""

    value: DisplayValue
    #: Where it is from or leads to.
    note: str = ""
    why: str = ""


Facts = tuple[tuple[Name, tuple[PlainFact, ...]], ...]


@dataclass(frozen=True)
class FactGroups:
    """The facts on a resource, by what kind of graph holds them."""

    own: Facts
    outside: Facts
    #: What it is called in other data.
    links: Facts
    #: What the catalogue says of the dataset or of a part of it.
    described: Facts
    inferred: Facts


def group_facts(facts: Iterable[Fact], labels: Labels, names: Namespaces) -> FactGroups:
    """Return what is said of a resource by what kind of graph says it."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_group_of(fact, names)].append(fact)

    def shown(group: str, hidden: Collection[NamedNode] = _SHOWN_APART) -> Facts:
        kept = (fact for fact in groups[group] if fact.property not in hidden)
        return by_name((labels.name(fact.property.value), _plain_fact(fact, labels, names)) for fact in kept)

    return FactGroups(
        own=shown("own"),
        outside=shown("outside"),
        links=shown("links"),
        described=shown("described", _SHOWN_APART | _PARTS),
        inferred=shown("inferred", ()),
    )


def _group_of(fact: Fact, names: Namespaces) -> str:
    """Return the field of `FactGroups` that a fact belongs to; "" for what a page doesn't show."""
    graphs = names.graphs
    apart = {graphs.links.value: "links", graphs.catalog.value: "described", graphs.comparison.value: ""}
    if fact.graph in apart:
        return apart[fact.graph]
    if fact.graph.startswith(f"{graphs.root}external/"):
        return "outside"
    return "inferred" if fact.is_inferred else "" if fact.is_derived else "own"


def by_name(entries: Iterable[tuple[Name, _Entry]]) -> tuple[tuple[Name, tuple[_Entry, ...]], ...]:
    """Return entries by the name that they come with, each once, the names in alphabetical order."""
    groups: dict[Name, dict[_Entry, None]] = defaultdict(dict)
    for name, entry in entries:
        groups[name][entry] = None
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda name: name.text.casefold()))


def _plain_fact(fact: Fact, labels: Labels, names: Namespaces) -> PlainFact:
    note, why = "", ""
    if fact.graph == names.graphs.links.value and (target := target_of(fact.value.value)) is not None:
        note = target.title
    elif fact.graph.startswith(f"{names.graphs.root}external/"):
        note = fact.graph.removeprefix(names.graphs.root)
    elif fact.is_inferred:
        end = fact.value.value if isinstance(fact.value, NamedNode) else str(fact.value)
        why = explanation_of(fact.subject, fact.property.value, end, names)
        if fact.document:
            note = labels.name(names.thing(fact.document).value).text
    return PlainFact(labels.value(fact.value), note, why)
