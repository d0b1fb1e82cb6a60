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
from digitech_kg.description.linksets import describe_linksets
from digitech_kg.namespaces import BASE, DCAT, DCTERMS, DK, GRAPH, PREFIXES, RDF, RDFS, SD, SH, SPEX, VOID, XSD
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


def _fact(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, GRAPH.catalog)


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)


def _statistics(census: Census) -> Iterator[Quad]:
    yield _fact(DATASET, RDF.type, VOID.Dataset)
    yield _fact(DATASET, RDF.type, DCAT.Dataset)
    yield _fact(DATASET, VOID.triples, _count(census.by_graph.total()))
    yield _fact(DATASET, VOID.distinctSubjects, _count(census.subjects))
    yield _fact(DATASET, VOID.properties, _count(len(census.by_property)))
    yield _fact(DATASET, VOID.classes, _count(len(census.by_class())))
    yield _fact(DATASET, VOID.uriSpace, Literal(BASE))
    yield _fact(DATASET, VOID.vocabulary, NamedNode(PREFIXES["dk"]))
    for graph, number in sorted(census.by_graph.items(), key=str):
        yield _fact(DATASET, SD.namedGraph, graph)
        yield _fact(graph, RDF.type, SD.NamedGraph)
        yield _fact(graph, SD.name, graph)
        yield _fact(graph, VOID.triples, _count(number))
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
    yield _fact(DATASET, link, part)
    yield _fact(part, RDF.type, VOID.Dataset)
    yield _fact(part, names, term)
    yield _fact(part, counts, _count(number))


def _saved_query(query: SavedQuery) -> Iterator[Quad]:
    iri = NamedNode(PREFIXES["query"] + query.name)
    match = _FORM.search(query.body)
    cls, prop = _FORMS[match[1].upper() if match else "SELECT"]
    yield _fact(iri, RDF.type, SH[cls])
    yield _fact(iri, RDF.type, DK.SavedQuestion)
    for language, summary in (("en", query.summary), *query.summaries):
        yield _fact(iri, RDFS.label, Literal(summary, language=language))
    yield _fact(iri, DCTERMS.description, Literal(query.description, language="en"))
    yield _fact(iri, SH[prop], Literal(query.body))
    for tag in query.tags:
        yield _fact(iri, DCAT.keyword, Literal(tag, language="en"))
    for endpoint in query.endpoints:
        yield _fact(iri, SPEX.federatesWith, NamedNode(endpoint))
