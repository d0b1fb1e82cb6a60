"""Describe a version of the dataset: when, by whom and from what it was made.

Source: PROV-O, https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.description.census import DATASET
from digitech_kg.description.facts import fact
from digitech_kg.namespaces import BASE, DCTERMS, GRAPH, PAV, PROV, RDF, RDFS, XSD, value_of

_HISTORY: Final = BASE + "history/"


def describe_version(
    version: str, *, previous: str, created: str, action: str, author: str, message: str
) -> Iterator[Quad]:
    """Yield what is known of how a version came to be; `author` is the name of a token or "" for the operator."""
    entity, activity = version_iri(version), _activity(version)
    time = Literal(created, datatype=XSD.dateTime)
    agent = NamedNode(f"{BASE}agent/{quote(author or 'operator', safe='')}")
    yield fact(entity, RDF.type, PROV.Entity)
    yield fact(entity, PROV.specializationOf, DATASET)
    yield fact(entity, PAV.version, Literal(version))
    yield fact(entity, PROV.generatedAtTime, time)
    yield fact(entity, PROV.wasGeneratedBy, activity)
    yield fact(activity, RDF.type, PROV.Activity)
    yield fact(activity, RDFS.label, Literal(action))
    yield fact(activity, PROV.endedAtTime, time)
    yield fact(activity, PROV.wasAssociatedWith, agent)
    yield fact(agent, RDF.type, PROV.Agent)
    yield fact(agent, RDFS.label, Literal(author or "operator"))
    if previous:
        yield fact(entity, PROV.wasRevisionOf, version_iri(previous))
    if message:
        yield fact(activity, DCTERMS.description, Literal(message))


def described_versions(store: Store) -> set[str]:
    """Give the names of the versions that a dataset describes."""
    found = store.quads_for_pattern(None, PAV.version, None, GRAPH.catalog)
    return {value_of(q.object) for q in found if value_of(q.subject).startswith(_HISTORY)}


def quads_about_version(store: Store, version: str) -> list[Quad]:
    """Give what a dataset tells of a version, without its agent, which may have made others."""
    subjects = (version_iri(version), _activity(version))
    return [quad for subject in subjects for quad in store.quads_for_pattern(subject, None, None, GRAPH.catalog)]


def _activity(version: str) -> NamedNode:
    return NamedNode(f"{_HISTORY}{version}#activity")


def version_iri(version: str) -> NamedNode:
    """Give the IRI of a version, under which the server tells what it changed."""
    return NamedNode(_HISTORY + version)
