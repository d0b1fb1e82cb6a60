"""How to get the dataset, and what it was made from.

Sources: DCAT 3, section 6.8 (distributions), https://www.w3.org/TR/vocab-dcat-3/; VoID, section 3,
https://www.w3.org/TR/void/#access; PROV-O, https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.census import Census
from digitech_kg.formats import FORMATS, Kind
from digitech_kg.namespaces import BASE, DCAT, DCTERMS, DK, GRAPH, PROV, RDF, VOID

_SERVICE = NamedNode(BASE + "sparql")
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_PROTOCOL = NamedNode("https://www.w3.org/TR/sparql11-protocol/")


def describe_access(dataset: NamedNode, census: Census) -> Iterator[Quad]:
    """Yield the distributions of `dataset`, its SPARQL service, and the documents and records it was made from."""
    yield _fact(dataset, VOID.sparqlEndpoint, _SERVICE)
    yield _fact(_SERVICE, RDF.type, DCAT.DataService)
    yield _fact(_SERVICE, DCTERMS.title, Literal("SPARQL endpoint", language="en"))
    yield _fact(_SERVICE, DCTERMS.conformsTo, _PROTOCOL)
    yield _fact(_SERVICE, DCAT.endpointURL, _SERVICE)
    yield _fact(_SERVICE, DCAT.servesDataset, dataset)
    for fmt in FORMATS:
        if fmt.kind is Kind.SOLUTIONS:
            continue
        file = NamedNode(f"{BASE}download/digitech-kg.{fmt.extension}")
        part = NamedNode(f"{dataset.value}/distribution/{fmt.name}")
        yield _fact(dataset, DCAT.distribution, part)
        yield _fact(dataset, VOID.dataDump, file)
        yield _fact(part, RDF.type, DCAT.Distribution)
        yield _fact(part, DCTERMS.title, Literal(f"The dataset as {fmt.name}", language="en"))
        yield _fact(part, DCAT.accessURL, file)
        yield _fact(part, DCAT.downloadURL, file)
        yield _fact(part, DCAT.accessService, _SERVICE)
        yield _fact(part, DCAT.mediaType, NamedNode(_MEDIA_TYPE + fmt.media_type))
        if fmt.iri:
            yield _fact(dataset, VOID.feature, NamedNode(fmt.iri))
    yield from _provenance(dataset, census)


def _provenance(dataset: NamedNode, census: Census) -> Iterator[Quad]:
    for document in census.documents():
        yield _fact(dataset, PROV.wasDerivedFrom, document)
    for source in census.members(DK.Source):
        if source.startswith("<"):
            yield _fact(dataset, DCTERMS.source, NamedNode(source[1:-1]))


def _fact(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, GRAPH.catalog)
