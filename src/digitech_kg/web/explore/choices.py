"""What the explorer's filters offer: kinds, manners, and sections by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.namespaces import TERMS
from digitech_kg.web.explore import queries as graph_queries
from digitech_kg.web.explore.claim_graph import Edge
from digitech_kg.web.explore.state import Selection
from digitech_kg.web.reading.claim_views import MANNERS
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, iris_of, text_of

#: Kinds with a colour of their own; all others share the last one.
SHADES: Final = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be filtered by: `key` in the address, how often it occurs, and whether it is chosen."""

    key: str
    count: int
    chosen: bool
    #: None for manners, which pages name themselves.
    name: Name | None = None


@dataclass(frozen=True)
class SectionChoices:
    """The sections of one document."""

    document: Name
    sections: tuple[Choice, ...]


def rank_kinds(reader: GraphReader) -> tuple[str, ...]:
    """Return the kinds that have a colour of their own: those that most things are of; read once per snapshot."""
    return _rank_kinds(reader, reader.version)


@lru_cache(maxsize=4)
def _rank_kinds(reader: GraphReader, _version: str) -> tuple[str, ...]:
    return tuple(text_of(row, "kind") for row in reader.rows(graph_queries.KINDS, limit=SHADES))


def offer_kinds(
    reader: GraphReader, others: Iterable[str], labels: Labels, language: str, selection: Selection
) -> tuple[Choice, ...]:
    """Return the kinds of the neighbours, those that occur most first."""
    counts = Counter(kind for iri in others for kind in labels.name(iri).kinds)
    counts.update({iri_of_kind(key): 0 for key in selection.kinds})
    named = Labels(reader, language, counts)
    names = ((named.name(kind), count) for kind, count in counts.items())
    choices = [Choice(name.key, count, name.key in selection.kinds, name) for name, count in names]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.name.text if choice.name else "")))


def iri_of_kind(key: str) -> str:
    """Return the IRI of a class that stands in an address without the namespace of the packaged ontology."""
    return key if ":" in key else TERMS + key


def offer_manners(edges: Iterable[Edge], selection: Selection) -> tuple[Choice, ...]:
    """Return the manners in which the claims are made, the plainest first."""
    counts = Counter(edge.manner for edge in edges if edge.claim)
    offered = (manner for manner in MANNERS if counts[manner] or manner in selection.manners)
    return tuple(Choice(manner, counts[manner], manner in selection.manners) for manner in offered)


def offer_sections(reader: GraphReader, language: str, selection: Selection) -> tuple[SectionChoices, ...]:
    """Return the sections of each document, and the passage that is chosen if it is none of them."""
    rows, names = reader.rows(graph_queries.SECTIONS), reader.names
    root, groups = names.prefixes["passage"], defaultdict[str, list[str]](list)
    for row in rows:
        graph = row["graph"]
        if isinstance(graph, NamedNode) and (document := names.graphs.document_of(graph)):
            groups[document].append(text_of(row, "section"))
    chosen = root + selection.passage
    if selection.passage and not any(chosen in sections for sections in groups.values()):
        groups[names.document_of(chosen) or ""].append(chosen)
    things = {document: names.thing(document).value for document in groups}
    labels = Labels(reader, language, {*iris_of(rows), *things.values(), chosen if selection.passage else ""})
    return tuple(
        SectionChoices(labels.name(things[document]), tuple(_section(iri, root, labels, selection) for iri in sections))
        for document, sections in groups.items()
    )


def _section(iri: str, root: str, labels: Labels, selection: Selection) -> Choice:
    key = iri.removeprefix(root)
    return Choice(key, 0, key == selection.passage, labels.name(iri))
