"""How to get the dataset, and what it was made from.

Sources: DCAT 3, sections 6.3 (catalogues), 6.8 (distributions) and 6.9 (services),
https://www.w3.org/TR/vocab-dcat-3/; VoID, section 3, https://www.w3.org/TR/void/#access; PROV-O,
https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.census import Census
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
        yield _fact(dataset, PROV.wasDerivedFrom, document)
    for source in census.members(DK.Source):
        if source.startswith("<"):
            yield _fact(dataset, DCTERMS.source, NamedNode(source[1:-1]))


def _catalogue(dataset: NamedNode, census: Census) -> Iterator[Quad]:
    """The graph of descriptions is a catalogue in DCAT's sense: of this dataset and the services for it."""
    catalogue = GRAPH.catalog
    yield _fact(catalogue, RDF.type, DCAT.Catalog)
    yield _fact(catalogue, DCTERMS.title, Literal("Description of the dataset", language="en"))
    text = "The dataset, the files it comes in, and the services that answer from it."
    yield _fact(catalogue, DCTERMS.description, Literal(text, language="en"))
    yield _fact(catalogue, FOAF.homepage, NamedNode(BASE))
    yield _fact(catalogue, DCAT.dataset, dataset)
    for publisher in census.about(DCTERMS.publisher):
        yield _fact(catalogue, DCTERMS.publisher, publisher)
    yield _fact(dataset, DCTERMS.conformsTo, NamedNode(BASE + "ontology"))


def _service(
    dataset: NamedNode, path: str, name: str, title: str, standard: str, described: str, rights: _Rights
) -> Iterator[Quad]:
    service, address = NamedNode(f"{dataset.value}/service/{name}"), NamedNode(BASE + path)
    yield _fact(GRAPH.catalog, DCAT.service, service)
    yield _fact(service, RDF.type, DCAT.DataService)
    yield _fact(service, DCTERMS.title, Literal(title, language="en"))
    yield _fact(service, DCTERMS.conformsTo, NamedNode(standard))
    yield _fact(service, DCAT.endpointURL, address)
    yield _fact(service, DCAT.endpointDescription, NamedNode(BASE + described))
    yield _fact(service, DCAT.servesDataset, dataset)
    yield from (_fact(service, *fact) for fact in rights)
    if path == "sparql":
        yield _fact(dataset, VOID.sparqlEndpoint, address)
        part = NamedNode(f"{dataset.value}/distribution/{name}")
        yield _fact(dataset, DCAT.distribution, part)
        yield _fact(part, RDF.type, DCAT.Distribution)
        yield _fact(part, DCTERMS.title, Literal("Answers to queries over the dataset", language="en"))
        yield _fact(part, DCAT.accessURL, address)
        yield _fact(part, DCAT.accessService, service)
        yield from (_fact(part, *fact) for fact in rights)


def distribution_of(dataset: NamedNode, download: Download) -> NamedNode:
    """Give the IRI of the distribution that a download is."""
    return NamedNode(f"{dataset.value}/distribution/{download.name}")


def _distribution(dataset: NamedNode, download: Download, rights: _Rights) -> Iterator[Quad]:
    file, part = NamedNode(f"{BASE}download/{download.file}"), distribution_of(dataset, download)
    yield _fact(dataset, DCAT.distribution, part)
    yield _fact(part, RDF.type, DCAT.Distribution)
    yield _fact(part, DCTERMS.title, Literal(download.title, language="en"))
    yield _fact(part, DCAT.accessURL, file)
    yield _fact(part, DCAT.downloadURL, file)
    yield _fact(part, DCAT.mediaType, NamedNode(_MEDIA_TYPE + download.media_type))
    if download.package:
        yield _fact(part, DCAT.packageFormat, NamedNode(_MEDIA_TYPE + download.package))
    if download.compression:
        yield _fact(part, DCAT.compressFormat, NamedNode(_MEDIA_TYPE + download.compression))
    if download.conforms_to:
        yield _fact(part, DCTERMS.conformsTo, NamedNode(download.conforms_to))
    yield from (_fact(part, *fact) for fact in rights)
    # A dump in VoID's sense is one of RDF, in a format that has an IRI.
    if "/ns/formats/" in download.conforms_to:
        yield _fact(dataset, VOID.dataDump, file)
        yield _fact(dataset, VOID.feature, NamedNode(download.conforms_to))


def _fact(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, GRAPH.catalog)
