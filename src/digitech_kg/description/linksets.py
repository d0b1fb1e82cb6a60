"""VoID linksets: how many links of which kind lead to which data set.

Source: VoID, section 5 (a linkset has one link predicate), https://www.w3.org/TR/void/#linkset
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.description.facts import Catalog, count, english
from digitech_kg.mappings import TARGETS, Target
from digitech_kg.namespaces import DCTERMS, FOAF, RDF, VOID


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
        yield catalog.fact(linkset, VOID.linkPredicate, NamedNode(predicate))
        yield catalog.fact(linkset, VOID.subjectsTarget, catalog.dataset)
        yield catalog.fact(linkset, VOID.objectsTarget, catalog.part(f"target/{prefix}"))
        yield catalog.fact(linkset, VOID.triples, count(number))
    for target in TARGETS:
        if target.prefix in used:
            yield from _target(catalog, target)


def _target(catalog: Catalog, target: Target) -> Iterator[Quad]:
    iri = catalog.part(f"target/{target.prefix}")
    yield catalog.fact(iri, RDF.type, VOID.Dataset)
    yield catalog.fact(iri, DCTERMS.title, english(target.title))
    yield catalog.fact(iri, FOAF.homepage, NamedNode(target.homepage))
    yield catalog.fact(iri, VOID.uriSpace, Literal(target.namespace))
    if target.license:
        yield catalog.fact(iri, DCTERMS.license, NamedNode(target.license))
    if target.endpoint:
        yield catalog.fact(iri, VOID.sparqlEndpoint, NamedNode(target.endpoint))
