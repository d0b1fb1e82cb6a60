"""Quads of `graph:catalog`: how much there is of what, in which graph, and which questions are saved.

Sources: VoID, https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/;
SHACL section 5 (sh:select, sh:ask, sh:construct as descriptions of queries).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.access import describe_access
from digitech_kg.description.census import GraphCensus
from digitech_kg.description.facts import Catalog, count
from digitech_kg.description.graphs import describe_graphs
from digitech_kg.description.linksets import describe_linksets
from digitech_kg.namespaces import DCAT, DCTERMS, DK, RDF, RDFS, SH, SPEX, TERMS, VOID, Namespaces
from digitech_kg.sources import SavedQuery

_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLExecutable", "select"),
}
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE | re.IGNORECASE)


def describe(censuses: Mapping[str, GraphCensus], about: Iterable[Quad], names: Namespaces) -> list[Quad]:
    """Return the derived quads of `graph:catalog` about the dataset; equal datasets get equal ones.

    `censuses` has the census of each graph by its IRI, but that of the catalogue itself; `about` are the quads that say
    by hand what the dataset is (data/dataset.ttl), which are not returned again. No other quad is looked at.
    """
    catalog = Catalog(names)
    counted = {graph: census for graph, census in censuses.items() if graph != catalog.graph.value}
    links = counted.get(names.graphs.links.value, GraphCensus()).links
    return [
        *_statistics(catalog, counted),
        *describe_graphs(catalog, counted),
        *describe_linksets(catalog, links),
        *describe_access(catalog, about, counted),
    ]


def describe_queries(queries: Iterable[SavedQuery], names: Namespaces) -> list[Quad]:
    """Return the description of the saved questions."""
    catalog = Catalog(names)
    return [quad for query in queries for quad in _saved_query(catalog, query)]


def _statistics(catalog: Catalog, censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Numbers of the whole are sums over the graphs: who is a member of a class in two graphs counts twice."""
    this, classes, properties = catalog.dataset, Counter[str](), Counter[str]()
    for census in censuses.values():
        classes.update(census.classes)
        properties.update(census.properties)
    yield catalog.fact(this, RDF.type, VOID.Dataset)
    yield catalog.fact(this, RDF.type, DCAT.Dataset)
    yield catalog.fact(this, VOID.triples, count(properties.total()))
    yield catalog.fact(this, VOID.properties, count(len(properties)))
    yield catalog.fact(this, VOID.classes, count(len(classes)))
    yield catalog.fact(this, VOID.uriSpace, Literal(catalog.names.base))
    yield catalog.fact(this, VOID.vocabulary, NamedNode(TERMS))
    for cls, members in sorted(classes.items()):
        part = _part(catalog, "class", cls)
        yield catalog.fact(this, VOID.classPartition, part)
        yield catalog.fact(part, RDF.type, VOID.Dataset)
        yield catalog.fact(part, VOID["class"], NamedNode(cls))
        yield catalog.fact(part, VOID.entities, count(members))
    for prop, triples in sorted(properties.items()):
        part = _part(catalog, "property", prop)
        yield catalog.fact(this, VOID.propertyPartition, part)
        yield catalog.fact(part, RDF.type, VOID.Dataset)
        yield catalog.fact(part, VOID.property, NamedNode(prop))
        yield catalog.fact(part, VOID.triples, count(triples))


def _part(catalog: Catalog, kind: str, term: str) -> NamedNode:
    """Return the IRI of the part of the dataset that a term makes, named by the term's CURIE or else by a hash."""
    name = catalog.names.shorten(term)
    if not re.fullmatch(r"[\w.-]+:[\w.-]+", name):
        name = hashlib.sha256(term.encode()).hexdigest()[:16]
    return catalog.part(f"{kind}/{name}")


def _saved_query(catalog: Catalog, query: SavedQuery) -> Iterator[Quad]:
    iri = catalog.names.query(query.name)
    match = _FORM.search(query.body)
    cls, prop = _FORMS[match[1].upper() if match else "SELECT"]
    yield catalog.fact(iri, RDF.type, SH[cls])
    yield catalog.fact(iri, RDF.type, DK.SavedQuestion)
    for language, summary in (("en", query.summary), *query.summaries):
        yield catalog.fact(iri, RDFS.label, Literal(summary, language=language))
    yield catalog.fact(iri, DCTERMS.description, Literal(query.description, language="en"))
    yield catalog.fact(iri, SH[prop], Literal(query.body))
    for tag in query.tags:
        yield catalog.fact(iri, DCAT.keyword, Literal(tag, language="en"))
    for endpoint in query.endpoints:
        yield catalog.fact(iri, SPEX.federatesWith, NamedNode(endpoint))
