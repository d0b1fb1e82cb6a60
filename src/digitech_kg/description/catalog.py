"""Quads of `graph:catalog`: how much there is of what, in which graph, how to get it, and which questions are saved.

Sources: VoID, https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/; PROV-O, https://www.w3.org/TR/prov-o/;
SHACL section 5 (sh:select, sh:ask, sh:construct as descriptions of queries).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.census import GraphCensus, count_quads
from digitech_kg.formats import Download
from digitech_kg.graph_view import GraphView
from digitech_kg.hooks import downloads_of
from digitech_kg.mappings.model import TARGETS
from digitech_kg.namespaces import (
    DCAT,
    DCTERMS,
    DK,
    FOAF,
    PROV,
    RDF,
    RDFS,
    SD,
    SH,
    SPEX,
    TERMS,
    VOID,
    XSD,
    Graphs,
    Namespaces,
)
from digitech_kg.sources.saved_queries import SavedQuery


class Catalog:
    """The catalogue of one project: makes its quads and the IRIs of what it describes."""

    def __init__(self, names: Namespaces) -> None:
        self.names = names
        self.graph = names.graphs.catalog
        self.dataset = names.dataset

    def fact(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        """Return a fact about the dataset, or about a part or version of it."""
        return Quad(subject, predicate, value, self.graph)

    def part(self, name: str) -> NamedNode:
        """Return the IRI of a part of the dataset: a distribution, a partition, a linkset."""
        return NamedNode(f"{self.dataset.value}/{name}")

    def page(self, path: str) -> NamedNode:
        """Return the IRI under which a path of the site is published."""
        return NamedNode(self.names.base + path)


def count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)


def english(text: str) -> Literal:
    return Literal(text, language="en")


_TITLES = {
    "ontology": "The ontology",
    "things": "Things that several documents share",
    "comparison": "How claims of different documents stand to each other",
    "topics": "Topics, and which things belong under them",
    "issues": "Issues, with the claims on each side",
    "positions": "Where each document stands on each issue, and how documents stand to each other on it",
    "links": "Links to other data sets",
    "catalog": "The description of the dataset",
}
_PARTS = {
    "": "Document {}: its metadata, passages, claims and things",
    "statements": "Plain statements of {}",
    "evidence": "Which claims of {} each plain statement rests on",
    "inferred": "What follows from the statements of {}",
}


def describe_graphs(catalog: Catalog, censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the description of each named graph, by its IRI."""
    for iri, census in sorted(censuses.items()):
        if ":" not in iri:
            continue
        graph = NamedNode(iri)
        yield catalog.fact(catalog.dataset, SD.namedGraph, graph)
        yield catalog.fact(graph, RDF.type, SD.NamedGraph)
        yield catalog.fact(graph, SD.name, graph)
        yield catalog.fact(graph, VOID.triples, count(census.triples))
        yield catalog.fact(graph, VOID.distinctSubjects, count(census.subjects))
        if title := title_of(graph, catalog.names.graphs):
            yield catalog.fact(graph, DCTERMS.title, english(title))


def title_of(graph: NamedNode, graphs: Graphs) -> str:
    """Return in English what a graph of the project holds; "" for any other graph.

    >>> title_of(NamedNode("https://example.org/graph/note/inferred"), Graphs("https://example.org/graph/"))
    'What follows from the statements of note'
    """
    if not graph.value.startswith(graphs.root):
        return ""
    name, _, part = graph.value.removeprefix(graphs.root).partition("/")
    if (source := graphs.source_of(graph)) is not None:
        return f"{'Plain statements' if graphs.is_derived(graph) else 'Facts'} of another source: {source}"
    if name in _TITLES:
        return _TITLES[name] if not part else "What follows from the ontology and the shared things alone"
    return _PARTS[part].format(name) if part in _PARTS else ""


def describe_linksets(catalog: Catalog, counts: Mapping[str, int]) -> Iterator[Quad]:
    """Yield a linkset per data set and predicate; `counts` has the mappings by both, as a census has them."""
    used = set()
    for key, number in sorted(counts.items()):
        prefix, predicate = key.split(" ")
        used.add(prefix)
        kind = predicate.replace("#", "/").rsplit("/", 1)[1]
        linkset = catalog.part(f"linkset/{prefix}/{kind}")
        yield catalog.fact(catalog.dataset, VOID.subset, linkset)
        yield catalog.fact(linkset, RDF.type, VOID.Linkset)
        yield catalog.fact(linkset, RDFS.label, english(f"Links to {prefix}: {kind}"))
        yield catalog.fact(linkset, VOID.linkPredicate, NamedNode(predicate))
        yield catalog.fact(linkset, VOID.subjectsTarget, catalog.dataset)
        yield catalog.fact(linkset, VOID.objectsTarget, catalog.part(f"target/{prefix}"))
        yield catalog.fact(linkset, VOID.triples, count(number))
    for target in (target for target in TARGETS if target.prefix in used):
        iri = catalog.part(f"target/{target.prefix}")
        yield catalog.fact(iri, RDF.type, VOID.Dataset)
        yield catalog.fact(iri, DCTERMS.title, english(target.title))
        yield catalog.fact(iri, FOAF.homepage, NamedNode(target.homepage))
        yield catalog.fact(iri, VOID.uriSpace, Literal(target.namespace))


_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
#: What the dataset is served by: path, name, title, and what it conforms to.
_SERVICES = (
    ("sparql", "sparql", "SPARQL endpoint", "https://www.w3.org/TR/sparql11-protocol/"),
    (
        "reconcile",
        "reconciliation",
        "Reconciliation service, for OpenRefine and others",
        "https://reconciliation-api.github.io/specs/0.2/",
    ),
)
#: What the dataset's own description says that the catalogue and the parts of the dataset repeat.
_REPEATED = (DCTERMS.license, DCTERMS.publisher)

_Rights = Iterable[NamedNode]


def describe_access(catalog: Catalog, about: Iterable[Quad], censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the catalogue, distributions and services of the dataset, and the documents and records it was made from.

    `about` is what is said of the dataset by hand.
    """
    view = GraphView(about)
    licences, publishers = (sorted(view.nodes(catalog.dataset, prop), key=str) for prop in _REPEATED)
    yield from _catalogue(catalog, publishers)
    for service in _SERVICES:
        yield from _service(catalog, *service, licences)
    for download in downloads_of(catalog.names).values():
        yield from _distribution(catalog, download, licences)
    for document in _documents(catalog.names, censuses):
        yield catalog.fact(catalog.dataset, PROV.wasDerivedFrom, NamedNode(document))
    for source in sorted({source for census in censuses.values() for source in census.sources}):
        if ":" in source:
            yield catalog.fact(catalog.dataset, DCTERMS.source, NamedNode(source))


def _documents(names: Namespaces, censuses: Mapping[str, GraphCensus]) -> list[str]:
    """Return the documents that are described in a graph of their own."""
    graphs = {graph: names.graphs.document_of(NamedNode(graph)) for graph in censuses if ":" in graph}
    own = [graph for graph, name in graphs.items() if name and names.graphs.document(name).value == graph]
    return sorted({document for graph in own for document in censuses[graph].documents})


def _catalogue(catalog: Catalog, publishers: Iterable[NamedNode]) -> Iterator[Quad]:
    """The graph of descriptions is a catalogue in DCAT's sense: of this dataset and the services for it."""
    this = catalog.graph
    yield catalog.fact(this, RDF.type, DCAT.Catalog)
    yield catalog.fact(this, DCTERMS.title, english("Description of the dataset"))
    text = "The dataset, the files it comes in, and the services that answer from it."
    yield catalog.fact(this, DCTERMS.description, english(text))
    yield catalog.fact(this, FOAF.homepage, catalog.page(""))
    yield catalog.fact(this, DCAT.dataset, catalog.dataset)
    for publisher in publishers:
        yield catalog.fact(this, DCTERMS.publisher, publisher)
    yield catalog.fact(catalog.dataset, DCTERMS.conformsTo, catalog.page("ontology"))


def _service(catalog: Catalog, path: str, name: str, title: str, standard: str, licences: _Rights) -> Iterator[Quad]:
    service, address = catalog.part(f"service/{name}"), catalog.page(path)
    yield catalog.fact(catalog.graph, DCAT.service, service)
    yield catalog.fact(service, RDF.type, DCAT.DataService)
    yield catalog.fact(service, DCTERMS.title, english(title))
    yield catalog.fact(service, DCTERMS.conformsTo, NamedNode(standard))
    yield catalog.fact(service, DCAT.endpointURL, address)
    yield catalog.fact(service, DCAT.endpointDescription, address)
    yield catalog.fact(service, DCAT.servesDataset, catalog.dataset)
    yield from (catalog.fact(service, DCTERMS.license, licence) for licence in licences)
    if path == "sparql":
        yield catalog.fact(catalog.dataset, VOID.sparqlEndpoint, address)
        part = catalog.part(f"distribution/{name}")
        yield catalog.fact(catalog.dataset, DCAT.distribution, part)
        yield catalog.fact(part, RDF.type, DCAT.Distribution)
        yield catalog.fact(part, DCTERMS.title, english("Answers to queries over the dataset"))
        yield catalog.fact(part, DCAT.accessURL, address)
        yield catalog.fact(part, DCAT.accessService, service)
        yield from (catalog.fact(part, DCTERMS.license, licence) for licence in licences)


def distribution_of(download: Download, names: Namespaces) -> NamedNode:
    return Catalog(names).part(f"distribution/{download.name}")


def _distribution(catalog: Catalog, download: Download, licences: _Rights) -> Iterator[Quad]:
    file = catalog.page(f"download/{download.file_name(catalog.names)}")
    part = distribution_of(download, catalog.names)
    yield catalog.fact(catalog.dataset, DCAT.distribution, part)
    yield catalog.fact(part, RDF.type, DCAT.Distribution)
    yield catalog.fact(part, DCTERMS.title, english(download.title))
    yield catalog.fact(part, DCAT.accessURL, file)
    yield catalog.fact(part, DCAT.downloadURL, file)
    yield catalog.fact(part, DCAT.mediaType, NamedNode(_MEDIA_TYPE + download.media_type))
    if download.package:
        yield catalog.fact(part, DCAT.packageFormat, NamedNode(_MEDIA_TYPE + download.package))
    if download.compression:
        yield catalog.fact(part, DCAT.compressFormat, NamedNode(_MEDIA_TYPE + download.compression))
    if download.conforms_to:
        yield catalog.fact(part, DCTERMS.conformsTo, NamedNode(download.conforms_to))
    yield from (catalog.fact(part, DCTERMS.license, licence) for licence in licences)
    # A dump in VoID's sense is one of RDF, in a format that has an IRI.
    if "/ns/formats/" in download.conforms_to:
        yield catalog.fact(catalog.dataset, VOID.dataDump, file)
        yield catalog.fact(catalog.dataset, VOID.feature, NamedNode(download.conforms_to))


_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLExecutable", "select"),
}
_CALLED = (DCTERMS.title, FOAF.name)
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE | re.IGNORECASE)


def describe(
    censuses: Mapping[str, GraphCensus], about: Iterable[Quad], names: Namespaces
) -> tuple[frozenset[Quad], GraphCensus]:
    """Return the quads of `graph:catalog`, which count themselves too, and its own census.

    `censuses` has the census of each graph by its IRI; that of the catalogue is what it was before. `about` are the
    quads that say by hand what the dataset is (data/dataset.ttl). No other quad is looked at, and equal datasets get
    equal descriptions.
    """
    catalog, about = Catalog(names), frozenset(about)
    own = censuses.get(catalog.graph.value, GraphCensus())
    while True:
        counted = {**censuses, catalog.graph.value: own}
        quads = about.union(_describe(catalog, counted, about))
        found = count_quads(quads)
        # Numbers take as many quads whatever they are, so this ends once all classes and properties are there.
        if found == own:
            return quads, own
        own = found


def _describe(catalog: Catalog, counted: Mapping[str, GraphCensus], about: Iterable[Quad]) -> list[Quad]:
    names = catalog.names
    links = counted.get(names.graphs.links.value, GraphCensus()).links
    facts = [
        *_statistics(catalog, counted),
        *describe_graphs(catalog, counted),
        *describe_linksets(catalog, links),
        *describe_access(catalog, about, counted),
    ]
    return [*facts, *_labels(catalog, (*about, *facts))]


def describe_queries(queries: Iterable[SavedQuery], names: Namespaces) -> list[Quad]:
    catalog = Catalog(names)
    return [quad for query in queries for quad in _saved_query(catalog, query)]


def _labels(catalog: Catalog, facts: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the labels of what has a title or a name, as tools show labels alone."""
    for quad in facts:
        if quad.predicate in _CALLED and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield catalog.fact(quad.subject, RDFS.label, quad.object)


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
        yield catalog.fact(part, RDFS.label, Literal(catalog.names.shorten(cls)))
        yield catalog.fact(part, VOID.entities, count(members))
    for prop, triples in sorted(properties.items()):
        part = _part(catalog, "property", prop)
        yield catalog.fact(this, VOID.propertyPartition, part)
        yield catalog.fact(part, RDF.type, VOID.Dataset)
        yield catalog.fact(part, VOID.property, NamedNode(prop))
        yield catalog.fact(part, RDFS.label, Literal(catalog.names.shorten(prop)))
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
    yield catalog.fact(iri, SH[prop], Literal(query.text))
    for language, group in query.groups:
        yield catalog.fact(iri, DCTERMS.subject, Literal(group, language=language))
    for tag in query.tags:
        yield catalog.fact(iri, DCAT.keyword, Literal(tag, language="en"))
    for endpoint in query.endpoints:
        yield catalog.fact(iri, SPEX.federatesWith, NamedNode(endpoint))
