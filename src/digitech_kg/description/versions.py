"""Describe a version of the dataset: when, by whom and from what it was made.

Source: PROV-O, https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.description.catalog import Catalog
from digitech_kg.namespaces import DCTERMS, PAV, PROV, RDF, RDFS, XSD, Namespaces, value_of


def describe_version(
    version: str, names: Namespaces, *, previous: str, created: str, action: str, author: str, message: str
) -> list[Quad]:
    """Return what is known of how a version came to be; `author` is the name of a token or "" for the operator."""
    catalog = Catalog(names)
    entity, activity = version_iri(version, names), _activity(version, names)
    time = Literal(created, datatype=XSD.dateTime)
    agent = NamedNode(f"{names.base}agent/{quote(author or 'operator', safe='')}")
    facts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (entity, RDF.type, PROV.Entity),
        (entity, PROV.specializationOf, names.dataset),
        (entity, RDFS.label, Literal(f"version {version}")),
        (entity, PAV.version, Literal(version)),
        (entity, PROV.generatedAtTime, time),
        (entity, PROV.wasGeneratedBy, activity),
        (activity, RDF.type, PROV.Activity),
        (activity, RDFS.label, Literal(action)),
        (activity, PROV.endedAtTime, time),
        (activity, PROV.wasAssociatedWith, agent),
        (agent, RDF.type, PROV.Agent),
        (agent, RDFS.label, Literal(author or "operator")),
    ]
    if previous:
        facts.append((entity, PROV.wasRevisionOf, version_iri(previous, names)))
    if message:
        facts.append((activity, DCTERMS.description, Literal(message)))
    return [catalog.fact(*fact) for fact in facts]


def described_versions(store: Store, names: Namespaces) -> set[str]:
    """Return the names of the versions that a dataset describes."""
    found = store.quads_for_pattern(None, PAV.version, None, names.graphs.catalog)
    return {value_of(quad.object) for quad in found if value_of(quad.subject).startswith(names.base + "history/")}


def quads_about_version(store: Store, version: str, names: Namespaces) -> list[Quad]:
    """Return what a dataset tells of a version, without its agent, which may have made others."""
    subjects, graph = (version_iri(version, names), _activity(version, names)), names.graphs.catalog
    return [quad for subject in subjects for quad in store.quads_for_pattern(subject, None, None, graph)]


def version_iri(version: str, names: Namespaces) -> NamedNode:
    """Return the IRI of a version, under which the server tells what it changed."""
    return NamedNode(f"{names.base}history/{version}")


def _activity(version: str, names: Namespaces) -> NamedNode:
    return NamedNode(f"{version_iri(version, names).value}#activity")
