"""VoID linksets: how many links of which kind lead to which data set.

Source: VoID, section 5 (a linkset has one link predicate), https://www.w3.org/TR/void/#linkset
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.facts import count, fact
from digitech_kg.linking.targets import TARGETS, Target
from digitech_kg.namespaces import DCTERMS, FOAF, RDF, VOID


def describe_linksets(dataset: NamedNode, counts: Mapping[tuple[str, str], int]) -> Iterator[Quad]:
    """Yield a linkset of `dataset` per data set and predicate; `counts` has the direct links by these two."""
    for (prefix, predicate), number in sorted(counts.items()):
        kind = predicate.replace("#", "/").rsplit("/", 1)[1]
        linkset = NamedNode(f"{dataset.value}/linkset/{prefix}/{kind}")
        yield fact(dataset, VOID.subset, linkset)
        yield fact(linkset, RDF.type, VOID.Linkset)
        yield fact(linkset, VOID.linkPredicate, NamedNode(predicate))
        yield fact(linkset, VOID.subjectsTarget, dataset)
        yield fact(linkset, VOID.objectsTarget, NamedNode(f"{dataset.value}/target/{prefix}"))
        yield fact(linkset, VOID.triples, count(number))
    used = {prefix for prefix, _ in counts}
    for target in TARGETS:
        if target.prefix in used:
            yield from _describe_target(NamedNode(f"{dataset.value}/target/{target.prefix}"), target)


def _describe_target(iri: NamedNode, target: Target) -> Iterator[Quad]:
    yield fact(iri, RDF.type, VOID.Dataset)
    yield fact(iri, DCTERMS.title, Literal(target.title, language="en"))
    yield fact(iri, FOAF.homepage, NamedNode(target.homepage))
    yield fact(iri, VOID.uriSpace, Literal(target.namespace))
    if target.license:
        yield fact(iri, DCTERMS.license, NamedNode(target.license))
    if target.endpoint:
        yield fact(iri, VOID.sparqlEndpoint, NamedNode(target.endpoint))
