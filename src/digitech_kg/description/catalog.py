"""Write the quads of `graph:catalog`: counts for each graph, how to get the data, and the saved questions.

Sources: VoID, https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/; PROV-O, https://www.w3.org/TR/prov-o/;
SHACL section 5 (sh:select, sh:ask, sh:construct as descriptions of queries).
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

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
    local_name,
)
from digitech_kg.sources.saved_queries import SavedQuery
from digitech_kg.sparql_text.tokens import find_keyword


class Catalog:
    """The catalogue of one project: makes its quads and the IRIs of what it describes."""

    def __init__(self, names: Namespaces) -> None:
        self.names = names
        self.graph = names.graphs.catalog
        self.dataset = names.dataset

    def say(self, subject: NamedNode, said: Mapping[NamedNode, Any], of: NamedNode | None = None) -> Iterator[Quad]:
        """Yield what is said of a part: by property a term, English text, number, or several.

        The dataset leads to the part by the property `of`.
        """
        if of is not None:
            yield Quad(self.dataset, of, subject, self.graph)
        for predicate, values in said.items():
            for value in values if isinstance(values, list) else [values]:
                if isinstance(value, int):
                    value = Literal(str(value), datatype=XSD.integer)
                elif isinstance(value, str):
                    value = Literal(value, language="en")
                yield Quad(subject, predicate, value, self.graph)

    def part(self, name: str) -> NamedNode:
        """Return the IRI of a part of the dataset: a distribution, a partition, a linkset."""
        return NamedNode(f"{self.dataset.value}/{name}")


_TITLES: Final = tomllib.loads(Path(__file__).with_name("graph_titles.toml").read_text(encoding="utf-8"))


def _graphs(catalog: Catalog, censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the description of each named graph, by its IRI."""
    for iri, census in sorted(censuses.items()):
        if ":" in iri:
            graph = NamedNode(iri)
            numbers = {VOID.triples: census.triples, VOID.distinctSubjects: census.subjects}
            titles = list(filter(None, [title_of(graph, catalog.names.graphs)]))
            said = {RDF.type: SD.NamedGraph, SD.name: graph, **numbers, DCTERMS.title: titles}
            yield from catalog.say(graph, said, SD.namedGraph)


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
    if name in _TITLES["shared"]:
        return str(_TITLES["shared_inferred"] if part else _TITLES["shared"][name])
    return str(_TITLES["parts"].get(part, "") if part else _TITLES["document"]).format(name)


def _linksets(catalog: Catalog, counts: Mapping[str, int]) -> Iterator[Quad]:
    """Yield a linkset per data set and predicate; `counts` has the mappings by both, as a census has them."""
    used = set()
    for key, number in sorted(counts.items()):
        prefix, predicate = key.split(" ")
        used.add(prefix)
        kind = local_name(predicate)
        linkset = catalog.part(f"linkset/{prefix}/{kind}")
        said = {
            RDF.type: VOID.Linkset,
            RDFS.label: f"Links to {prefix}: {kind}",
            VOID.linkPredicate: NamedNode(predicate),
            VOID.subjectsTarget: catalog.dataset,
            VOID.objectsTarget: catalog.part(f"target/{prefix}"),
            VOID.triples: number,
        }
        yield from catalog.say(linkset, said, VOID.subset)
    for target in (target for target in TARGETS if target.prefix in used):
        said = {
            RDF.type: VOID.Dataset,
            DCTERMS.title: target.title,
            FOAF.homepage: NamedNode(target.homepage),
            VOID.uriSpace: Literal(target.namespace),
        }
        yield from catalog.say(catalog.part(f"target/{target.prefix}"), said)


_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
#: What is said of every dataset, with the places of a project left open.
_ALWAYS: Final = Template(Path(__file__).with_name("always.ttl").read_text(encoding="utf-8"))


def _access(catalog: Catalog, about: Iterable[Quad], censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the catalogue, distributions and services of the dataset, and the documents and records it was made from.

    `about` is what is said of the dataset by hand. The graph of descriptions is a catalogue in DCAT's sense: of this
    dataset and the services for it. It repeats who publishes the dataset, and its parts repeat the licence.
    """
    view = GraphView(about)
    licences, publishers = (
        sorted(view.nodes(catalog.dataset, prop), key=str) for prop in (DCTERMS.license, DCTERMS.publisher)
    )
    places = {"base": catalog.names.base, "dataset": catalog.dataset.value, "catalog": catalog.graph.value}
    for quad in parse(_ALWAYS.substitute(places, terms=TERMS), RdfFormat.TURTLE):
        yield Quad(quad.subject, quad.predicate, quad.object, catalog.graph)
        if quad.predicate == RDF.type:
            yield from catalog.say(quad.subject, {DCTERMS.license: licences})
    yield from catalog.say(catalog.graph, {DCTERMS.publisher: publishers})
    for download in downloads_of(catalog.names).values():
        yield from _distribution(catalog, download, licences)
    sources = sorted({source for census in censuses.values() for source in census.sources if ":" in source})
    documents = list(map(NamedNode, _documents(catalog.names, censuses)))
    said = {PROV.wasDerivedFrom: documents, DCTERMS.source: list(map(NamedNode, sources))}
    yield from catalog.say(catalog.dataset, said)


def _documents(names: Namespaces, censuses: Mapping[str, GraphCensus]) -> list[str]:
    """Return the documents that are described in a graph of their own."""
    graphs = {graph: names.graphs.document_of(NamedNode(graph)) for graph in censuses if ":" in graph}
    own = [graph for graph, name in graphs.items() if name and names.graphs.document(name).value == graph]
    return sorted({document for graph in own for document in censuses[graph].documents})


#: Each file has claims of other sources beside those of documents, or is of the ontology alone.
_RIGHTS: Final = "What other sources say keeps their licences (dcterms:license and dcterms:rights of each dk:Source)."


def _distribution(catalog: Catalog, download: Download, licences: list[NamedNode]) -> Iterator[Quad]:
    file = NamedNode(f"{catalog.names.base}download/{download.file_name(catalog.names)}")
    part = catalog.part(f"distribution/{download.name}")
    standards = [NamedNode(download.conforms_to)] if download.conforms_to else []
    said = {
        RDF.type: DCAT.Distribution,
        DCTERMS.title: download.title,
        DCTERMS.description: _RIGHTS,
        DCAT.accessURL: file,
        DCAT.downloadURL: file,
        DCAT.mediaType: NamedNode(_MEDIA_TYPE + download.media_type),
        DCAT.packageFormat: [NamedNode(_MEDIA_TYPE + download.package)] if download.package else [],
        DCAT.compressFormat: [NamedNode(_MEDIA_TYPE + download.compression)] if download.compression else [],
        DCTERMS.conformsTo: standards,
        DCTERMS.license: licences,
    }
    yield from catalog.say(part, said, DCAT.distribution)
    # A dump in VoID's sense is one of RDF, in a format that has an IRI.
    if "/ns/formats/" in download.conforms_to:
        yield from catalog.say(catalog.dataset, {VOID.dataDump: file, VOID.feature: standards})


_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLExecutable", "select"),
}
_CALLED = (DCTERMS.title, FOAF.name)


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
    links = counted.get(catalog.names.graphs.links.value, GraphCensus()).links
    facts = [
        *_statistics(catalog, counted),
        *_graphs(catalog, counted),
        *_linksets(catalog, links),
        *_access(catalog, about, counted),
    ]
    # Tools show labels alone.
    labels = (
        Quad(quad.subject, RDFS.label, quad.object, catalog.graph)
        for quad in (*about, *facts)
        if quad.predicate in _CALLED and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    )
    return [*facts, *labels]


def describe_queries(queries: Iterable[SavedQuery], names: Namespaces) -> list[Quad]:
    catalog = Catalog(names)
    return [quad for query in queries for quad in _saved_query(catalog, query)]


def _statistics(catalog: Catalog, censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Numbers of the whole are sums over the graphs, and a census that takes away what is repeated."""
    classes, properties = Counter[str](), Counter[str]()
    for census in censuses.values():
        classes.update(census.classes)
        properties.update(census.properties)
    numbers = {VOID.triples: properties.total(), VOID.properties: len(properties), VOID.classes: len(classes)}
    yield from catalog.say(catalog.dataset, numbers)
    for counts, kind, partition, number in (
        (classes, "class", VOID.classPartition, VOID.entities),
        (properties, "property", VOID.propertyPartition, VOID.triples),
    ):
        for term, count in sorted(counts.items()):
            part, label = _part(catalog, kind, term), Literal(catalog.names.shorten(term))
            said = {RDF.type: VOID.Dataset, VOID[kind]: NamedNode(term), RDFS.label: label, number: count}
            yield from catalog.say(part, said, partition)


def _part(catalog: Catalog, kind: str, term: str) -> NamedNode:
    """Return the IRI of the part of the dataset that a term makes, named by the term's CURIE or else by a hash."""
    name = catalog.names.shorten(term)
    if not re.fullmatch(r"[\w.-]+:[\w.-]+", name):
        name = hashlib.sha256(term.encode()).hexdigest()[:16]
    return catalog.part(f"{kind}/{name}")


def _saved_query(catalog: Catalog, query: SavedQuery) -> Iterator[Quad]:
    form = find_keyword(query.body, *_FORMS)
    cls, prop = _FORMS[form.text.upper() if form else "SELECT"]
    said = {
        RDF.type: [SH[cls], DK.SavedQuestion],
        RDFS.label: [Literal(summary, language=language) for language, summary in query.summaries],
        DCTERMS.description: query.description,
        SH[prop]: Literal(query.text),
        DCTERMS.subject: [Literal(group, language=language) for language, group in query.groups],
        DCAT.keyword: list(query.tags),
        SPEX.federatesWith: list(map(NamedNode, query.endpoints)),
    }
    yield from catalog.say(catalog.names.query(query.name), said)
