"""Quads of `graph:catalog`: how much there is of what, in which graph, and which questions are saved.

Sources: VoID, https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/;
SHACL section 5 (sh:select, sh:ask, sh:construct as descriptions of queries).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.access import describe_access
from digitech_kg.description.census import DATASET, Census
from digitech_kg.description.facts import count, fact
from digitech_kg.description.linksets import describe_linksets
from digitech_kg.namespaces import BASE, DCAT, DCTERMS, DK, PREFIXES, RDF, RDFS, SD, SH, SPEX, VOID
from digitech_kg.sources import SavedQuery

_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLExecutable", "select"),
}
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE | re.IGNORECASE)


def describe(census: Census) -> Iterator[Quad]:
    """Yield the description of a dataset; equal datasets get equal descriptions."""
    yield from _statistics(census)
    yield from describe_linksets(DATASET, census.links)
    yield from describe_access(DATASET, census)


def describe_queries(queries: Iterable[SavedQuery]) -> Iterator[Quad]:
    """Yield the description of the saved questions."""
    for query in queries:
        yield from _saved_query(query)


def _statistics(census: Census) -> Iterator[Quad]:
    yield fact(DATASET, RDF.type, VOID.Dataset)
    yield fact(DATASET, RDF.type, DCAT.Dataset)
    yield fact(DATASET, VOID.triples, count(census.by_graph.total()))
    yield fact(DATASET, VOID.distinctSubjects, count(census.subjects))
    yield fact(DATASET, VOID.properties, count(len(census.by_property)))
    yield fact(DATASET, VOID.classes, count(len(census.by_class())))
    yield fact(DATASET, VOID.uriSpace, Literal(BASE))
    yield fact(DATASET, VOID.vocabulary, NamedNode(PREFIXES["dk"]))
    for graph, number in sorted(census.by_graph.items(), key=str):
        yield fact(DATASET, SD.namedGraph, graph)
        yield fact(graph, RDF.type, SD.NamedGraph)
        yield fact(graph, SD.name, graph)
        yield fact(graph, VOID.triples, count(number))
    for cls, members in sorted(census.by_class().items(), key=str):
        yield from _partition("class", cls, VOID.classPartition, VOID["class"], VOID.entities, members)
    for prop, number in sorted(census.by_property.items(), key=str):
        yield from _partition("property", prop, VOID.propertyPartition, VOID.property, VOID.triples, number)


def _partition(
    kind: str, term: NamedNode, link: NamedNode, names: NamedNode, counts: NamedNode, number: int
) -> Iterator[Quad]:
    """A part of the dataset by class or property; only for terms of ours, others are counted in the whole."""
    if not term.value.startswith(PREFIXES["dk"]):
        return
    part = NamedNode(f"{DATASET.value}/{kind}/{term.value.removeprefix(PREFIXES['dk'])}")
    yield fact(DATASET, link, part)
    yield fact(part, RDF.type, VOID.Dataset)
    yield fact(part, names, term)
    yield fact(part, counts, count(number))


def _saved_query(query: SavedQuery) -> Iterator[Quad]:
    iri = NamedNode(PREFIXES["query"] + query.name)
    match = _FORM.search(query.body)
    cls, prop = _FORMS[match[1].upper() if match else "SELECT"]
    yield fact(iri, RDF.type, SH[cls])
    yield fact(iri, RDF.type, DK.SavedQuestion)
    for language, summary in (("en", query.summary), *query.summaries):
        yield fact(iri, RDFS.label, Literal(summary, language=language))
    yield fact(iri, DCTERMS.description, Literal(query.description, language="en"))
    yield fact(iri, SH[prop], Literal(query.body))
    for tag in query.tags:
        yield fact(iri, DCAT.keyword, Literal(tag, language="en"))
    for endpoint in query.endpoints:
        yield fact(iri, SPEX.federatesWith, NamedNode(endpoint))
