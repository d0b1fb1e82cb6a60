"""How to get the dataset, and what it was made from.

Sources: DCAT 3, sections 6.3 (catalogues), 6.8 (distributions) and 6.9 (services),
https://www.w3.org/TR/vocab-dcat-3/; VoID, section 3, https://www.w3.org/TR/void/#access; PROV-O,
https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.census import Census
from digitech_kg.description.facts import fact
from digitech_kg.downloads import DOWNLOADS, Download
from digitech_kg.namespaces import BASE, DCAT, DCTERMS, DK, FOAF, GRAPH, PROV, RDF, VOID

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

_Rights = Iterable[tuple[NamedNode, NamedNode]]


def describe_access(dataset: NamedNode, census: Census) -> Iterator[Quad]:
    """Yield the catalogue, distributions and services of `dataset`, and the documents and records it was made from."""
    rights = [(DCTERMS.license, licence) for licence in census.about(DCTERMS.license)]
    yield from _catalogue(dataset, census)
    for service in _SERVICES:
        yield from _service(dataset, *service, rights)
    for download in DOWNLOADS.values():
        yield from _distribution(dataset, download, rights)
    for document in census.documents():
        yield fact(dataset, PROV.wasDerivedFrom, document)
    for source in census.members(DK.Source):
        if source.startswith("<"):
            yield fact(dataset, DCTERMS.source, NamedNode(source[1:-1]))


def _catalogue(dataset: NamedNode, census: Census) -> Iterator[Quad]:
    """The graph of descriptions is a catalogue in DCAT's sense: of this dataset and the services for it."""
    catalogue = GRAPH.catalog
    yield fact(catalogue, RDF.type, DCAT.Catalog)
    yield fact(catalogue, DCTERMS.title, Literal("Description of the dataset", language="en"))
    text = "The dataset, the files it comes in, and the services that answer from it."
    yield fact(catalogue, DCTERMS.description, Literal(text, language="en"))
    yield fact(catalogue, FOAF.homepage, NamedNode(BASE))
    yield fact(catalogue, DCAT.dataset, dataset)
    for publisher in census.about(DCTERMS.publisher):
        yield fact(catalogue, DCTERMS.publisher, publisher)
    yield fact(dataset, DCTERMS.conformsTo, NamedNode(BASE + "ontology"))


def _service(
    dataset: NamedNode, path: str, name: str, title: str, standard: str, described: str, rights: _Rights
) -> Iterator[Quad]:
    service, address = NamedNode(f"{dataset.value}/service/{name}"), NamedNode(BASE + path)
    yield fact(GRAPH.catalog, DCAT.service, service)
    yield fact(service, RDF.type, DCAT.DataService)
    yield fact(service, DCTERMS.title, Literal(title, language="en"))
    yield fact(service, DCTERMS.conformsTo, NamedNode(standard))
    yield fact(service, DCAT.endpointURL, address)
    yield fact(service, DCAT.endpointDescription, NamedNode(BASE + described))
    yield fact(service, DCAT.servesDataset, dataset)
    yield from (fact(service, *right) for right in rights)
    if path == "sparql":
        yield fact(dataset, VOID.sparqlEndpoint, address)
        part = NamedNode(f"{dataset.value}/distribution/{name}")
        yield fact(dataset, DCAT.distribution, part)
        yield fact(part, RDF.type, DCAT.Distribution)
        yield fact(part, DCTERMS.title, Literal("Answers to queries over the dataset", language="en"))
        yield fact(part, DCAT.accessURL, address)
        yield fact(part, DCAT.accessService, service)
        yield from (fact(part, *right) for right in rights)


def distribution_of(dataset: NamedNode, download: Download) -> NamedNode:
    """Give the IRI of the distribution that a download is."""
    return NamedNode(f"{dataset.value}/distribution/{download.name}")


def _distribution(dataset: NamedNode, download: Download, rights: _Rights) -> Iterator[Quad]:
    file, part = NamedNode(f"{BASE}download/{download.file}"), distribution_of(dataset, download)
    yield fact(dataset, DCAT.distribution, part)
    yield fact(part, RDF.type, DCAT.Distribution)
    yield fact(part, DCTERMS.title, Literal(download.title, language="en"))
    yield fact(part, DCAT.accessURL, file)
    yield fact(part, DCAT.downloadURL, file)
    yield fact(part, DCAT.mediaType, NamedNode(_MEDIA_TYPE + download.media_type))
    if download.package:
        yield fact(part, DCAT.packageFormat, NamedNode(_MEDIA_TYPE + download.package))
    if download.compression:
        yield fact(part, DCAT.compressFormat, NamedNode(_MEDIA_TYPE + download.compression))
    if download.conforms_to:
        yield fact(part, DCTERMS.conformsTo, NamedNode(download.conforms_to))
    yield from (fact(part, *right) for right in rights)
    # A dump in VoID's sense is one of RDF, in a format that has an IRI.
    if "/ns/formats/" in download.conforms_to:
        yield fact(dataset, VOID.dataDump, file)
        yield fact(dataset, VOID.feature, NamedNode(download.conforms_to))
