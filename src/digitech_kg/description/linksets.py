"""VoID linksets: how many links of which kind lead to which data set.

Source: VoID, section 5 (a linkset has one link predicate), https://www.w3.org/TR/void/#linkset
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.linking.targets import TARGETS, Target
from digitech_kg.namespaces import DCTERMS, FOAF, GRAPH, RDF, VOID, XSD


def describe_linksets(dataset: NamedNode, counts: Mapping[tuple[str, str], int]) -> Iterator[Quad]:
    """Yield a linkset of `dataset` per data set and predicate; `counts` has the direct links by these two."""
    for (prefix, predicate), number in sorted(counts.items()):
        kind = predicate.replace("#", "/").rsplit("/", 1)[1]
        linkset = NamedNode(f"{dataset.value}/linkset/{prefix}/{kind}")
        yield _fact(dataset, VOID.subset, linkset)
        yield _fact(linkset, RDF.type, VOID.Linkset)
        yield _fact(linkset, VOID.linkPredicate, NamedNode(predicate))
        yield _fact(linkset, VOID.subjectsTarget, dataset)
        yield _fact(linkset, VOID.objectsTarget, NamedNode(f"{dataset.value}/target/{prefix}"))
        yield _fact(linkset, VOID.triples, Literal(str(number), datatype=XSD.integer))
    used = {prefix for prefix, _ in counts}
    for target in TARGETS:
        if target.prefix in used:
            yield from _describe_target(NamedNode(f"{dataset.value}/target/{target.prefix}"), target)


def _describe_target(iri: NamedNode, target: Target) -> Iterator[Quad]:
    yield _fact(iri, RDF.type, VOID.Dataset)
    yield _fact(iri, DCTERMS.title, Literal(target.title, language="en"))
    yield _fact(iri, FOAF.homepage, NamedNode(target.homepage))
    yield _fact(iri, VOID.uriSpace, Literal(target.namespace))
    if target.license:
        yield _fact(iri, DCTERMS.license, NamedNode(target.license))
    if target.endpoint:
        yield _fact(iri, VOID.sparqlEndpoint, NamedNode(target.endpoint))


def _fact(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, GRAPH.catalog)
