"""Versions and what they changed as JSON values, the same on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.namespaces import XSD
from digitech_kg.snapshot.grouping import Edit, Topic
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.snapshot.usage import measure_version


def version_document(repository: SnapshotRepository, manifest: Manifest) -> dict[str, Any]:
    """Return a version's manifest, whether its data is kept, and how much of the disk only it takes."""
    kept, size = repository.has_data(manifest.version), measure_version(repository, manifest.version)
    return {**asdict(manifest), "data_kept": kept, "disk_bytes": size}


def topics_document(topics: Iterable[Topic]) -> list[dict[str, Any]]:
    """Return what changed by thing and claim, with terms as in SPARQL's results."""
    return [{"thing": topic.thing, "changes": [_edit(edit) for edit in topic.edits]} for topic in topics]


def _edit(edit: Edit) -> dict[str, Any]:
    sides = {"removed": edit.removed, "added": edit.added}
    quads = {side: [_quad(quad) for quad in found] for side, found in sides.items()}
    return {"resource": edit.resource, "is_claim": edit.is_claim, **quads}


def _quad(quad: Quad) -> dict[str, Any]:
    names = {"subject": quad.subject, "predicate": quad.predicate, "object": quad.object}
    graph = {"graph": quad.graph_name.value} if isinstance(quad.graph_name, NamedNode) else {}
    return {**{name: _term(term) for name, term in names.items()}, **graph}


def _term(term: object) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "triple", "value": str(term)}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    datatype = {} if term.datatype == XSD.string else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **datatype}
