"""How to get the dataset, and what it was made from.

Sources: DCAT 3, sections 6.3 (catalogues), 6.8 (distributions) and 6.9 (services),
https://www.w3.org/TR/vocab-dcat-3/; VoID, section 3, https://www.w3.org/TR/void/#access; PROV-O,
https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad

from digitech_kg.description.census import GraphCensus
from digitech_kg.description.facts import Catalog, english
from digitech_kg.downloads import DOWNLOADS, Download
from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, PROV, RDF, VOID, Namespaces

_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
#: What the dataset is served by: path, name, title, what it conforms to, and where it is described.
_SERVICES = (
    ("sparql", "sparql", "SPARQL endpoint", "https://www.w3.org/TR/sparql11-protocol/", "sparql"),
    (
        "reconcile",
        "reconciliation",
        "Reconciliation service, for OpenRefine and others",
        "https://reconciliation-api.github.io/specs/0.2/",
        "reconcile",
    ),
)
#: What the dataset's own description says that the catalogue and the parts of the dataset repeat.
_REPEATED = (DCTERMS.license, DCTERMS.publisher)

_Rights = Iterable[NamedNode]


def describe_access(catalog: Catalog, about: Iterable[Quad], censuses: Mapping[str, GraphCensus]) -> Iterator[Quad]:
    """Yield the catalogue, distributions and services of the dataset, and the documents and records it was made from.

    `about` is what is said of the dataset by hand.
    """
    licences, publishers = _repeated(catalog, about)
    yield from _catalogue(catalog, publishers)
    for service in _SERVICES:
        yield from _service(catalog, *service, licences)
    for download in DOWNLOADS.values():
        yield from _distribution(catalog, download, licences)
    for document in _documents(catalog.names, censuses):
        yield catalog.fact(catalog.dataset, PROV.wasDerivedFrom, NamedNode(document))
    for source in sorted({source for census in censuses.values() for source in census.sources}):
        if ":" in source:
            yield catalog.fact(catalog.dataset, DCTERMS.source, NamedNode(source))


def _repeated(catalog: Catalog, about: Iterable[Quad]) -> tuple[list[NamedNode], ...]:
    found: dict[NamedNode, set[NamedNode]] = {prop: set() for prop in _REPEATED}
    for quad in about:
        if quad.subject == catalog.dataset and quad.predicate in found and isinstance(quad.object, NamedNode):
            found[quad.predicate].add(quad.object)
    return tuple(sorted(values, key=str) for values in found.values())


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


def _service(
    catalog: Catalog, path: str, name: str, title: str, standard: str, described: str, licences: _Rights
) -> Iterator[Quad]:
    service, address = catalog.part(f"service/{name}"), catalog.page(path)
    yield catalog.fact(catalog.graph, DCAT.service, service)
    yield catalog.fact(service, RDF.type, DCAT.DataService)
    yield catalog.fact(service, DCTERMS.title, english(title))
    yield catalog.fact(service, DCTERMS.conformsTo, NamedNode(standard))
    yield catalog.fact(service, DCAT.endpointURL, address)
    yield catalog.fact(service, DCAT.endpointDescription, catalog.page(described))
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
    """Return the IRI of the distribution that a download is."""
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
