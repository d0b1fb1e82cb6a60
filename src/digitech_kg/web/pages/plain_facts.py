"""What a page says of a resource beside claims: triples of files, of other sources, and what follows by reasoning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import BlankNode, NamedNode

from digitech_kg.mappings import target_of
from digitech_kg.namespaces import DCAT, RDF, RDFS, SD, SKOS, VOID, Namespaces
from digitech_kg.web.reading.addresses import explanation_of
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name
from digitech_kg.web.reading.reader import RdfTerm, Row, text_of

#: Shown elsewhere on the page than among the properties.
_SHOWN_APART: Final[frozenset[RdfTerm]] = frozenset(
    (RDFS.label, RDF.type, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.comment)
)
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS: Final[frozenset[RdfTerm]] = frozenset(
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


def group_facts(triples: list[Row], iri: str, labels: Labels, names: Namespaces) -> FactGroups:
    """Return the facts among the rows of `browse_queries.TRIPLES`."""
    graphs, outside = names.graphs, names.graphs.root + "external/"

    def is_outside(graph: RdfTerm) -> bool:
        return isinstance(graph, NamedNode) and graph.value.startswith(outside)

    def is_own(graph: RdfTerm) -> bool:
        apart = graph in (graphs.links, graphs.catalog, graphs.comparison) or is_outside(graph)
        return not apart and not (isinstance(graph, NamedNode) and graphs.is_derived(graph))

    def is_inferred(graph: RdfTerm) -> bool:
        return isinstance(graph, NamedNode) and graphs.is_inferred(graph)

    def facts(wanted: Callable[[RdfTerm], bool], hidden: Collection[RdfTerm], *, inferred: bool = False) -> Facts:
        rows = [row for row in triples if wanted(row["graph"]) and row["property"] not in hidden]
        return by_name(
            (labels.name(text_of(row, "property")), _fact(row, iri if inferred else "", labels, names))
            for row in rows
            if not isinstance(row["value"], BlankNode)
        )

    return FactGroups(
        facts(is_own, _SHOWN_APART),
        facts(is_outside, _SHOWN_APART),
        facts(lambda graph: graph == graphs.links, _SHOWN_APART),
        facts(lambda graph: graph == graphs.catalog, _SHOWN_APART | _PARTS),
        facts(is_inferred, (), inferred=True),
    )


def by_name(entries: Iterable[tuple[Name, _Entry]]) -> tuple[tuple[Name, tuple[_Entry, ...]], ...]:
    """Return entries by the name that they come with, each once, the names in alphabetical order."""
    groups: dict[Name, dict[_Entry, None]] = defaultdict(dict)
    for name, entry in entries:
        groups[name][entry] = None
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda name: name.text.casefold()))


def _fact(row: Row, inferred_of: str, labels: Labels, names: Namespaces) -> PlainFact:
    graph, value = row["graph"], row["value"]
    note, why = "", ""
    if graph == names.graphs.links and (target := target_of(text_of(row, "value"))) is not None:
        note = target.title
    elif isinstance(graph, NamedNode) and graph.value.startswith(names.graphs.root + "external/"):
        note = graph.value.removeprefix(names.graphs.root)
    if inferred_of:
        end = value.value if isinstance(value, NamedNode) else str(value)
        why = explanation_of(inferred_of, text_of(row, "property"), end, names)
        if isinstance(graph, NamedNode) and (document := names.graphs.document_of(graph)):
            note = labels.name(names.thing(document).value).text
    return PlainFact(labels.value(value), note, why)
