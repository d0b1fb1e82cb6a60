"""Versions as people read them: what changed of each thing and in each claim about it.

The JSON values are the same on the command line and over HTTP.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.namespaces import DK, RDFS, XSD, Namespaces, value_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import SnapshotRepository

_LABELS: Final = (RDFS.label, RDFS.comment)


@dataclass(frozen=True, slots=True)
class Edit:
    """What changed in one resource, given by its IRI; "" stands for nodes without a name that hang on nothing named.

    Quads are sorted by predicate, graph and value.
    """

    resource: str
    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]
    is_claim: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing, with the edits of itself and of the claims about it, in that order."""

    thing: str
    edits: tuple[Edit, ...]


def split_derived(change: Change, names: Namespaces) -> tuple[Change, dict[str, int]]:
    """Return the part of a change that was written by hand, and how many quads follow from it in each graph."""
    by_hand = change.only(lambda quad: not names.graphs.is_derived(quad.graph_name))
    graphs = (quad.graph_name for quad in change.added | change.removed)
    derived = (graph.value for graph in graphs if isinstance(graph, NamedNode) and names.graphs.is_derived(graph))
    counts = Counter(map(names.shorten, derived))
    return by_hand, dict(sorted(counts.items()))


def group_change(change: Change, names: Namespaces, subjects: Mapping[str, str] | None = None) -> list[Topic]:
    """Return a change by thing, things by IRI; the nodes without a name of a resource count as part of it.

    `subjects` tells of claims which thing they are about, where the change itself does not; a claim of which that is
    not known is a topic of its own.
    """
    owners = _owners(change)
    added, removed = _by_resource(change.added, owners), _by_resource(change.removed, owners)
    about = {**(subjects or {}), **_claim_subjects(change.removed), **_claim_subjects(change.added)}
    topics: dict[str, list[Edit]] = defaultdict(list)
    for resource in {*added, *removed}:
        is_claim = resource.startswith(names.prefixes["claim"])
        edit = Edit(resource, _sorted(added.get(resource, ())), _sorted(removed.get(resource, ())), is_claim)
        topics[about.get(resource, resource) if edit.is_claim else resource].append(edit)
    return [Topic(thing, tuple(sorted(topics[thing], key=_order))) for thing in sorted(topics)]


def claims_without_subject(change: Change, names: Namespaces) -> set[str]:
    """Return the IRIs of the claims in a change that does not tell which thing they are about."""
    told = _claim_subjects(change.added | change.removed)
    named = {q.subject.value for q in change.added | change.removed if isinstance(q.subject, NamedNode)}
    return {iri for iri in named if iri.startswith(names.prefixes["claim"])} - set(told)


def labels_in(change: Change) -> dict[str, dict[str, str]]:
    """Return the labels of a change's resources, by IRI and language; labels after the change win over those before."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for quads in (change.added, change.removed):
        for quad in sorted((q for q in quads if q.predicate in _LABELS), key=_by_content):
            if isinstance(quad.object, Literal):
                labels[value_of(quad.subject)].setdefault(quad.object.language or "", quad.object.value)
    return dict(labels)


def _order(edit: Edit) -> tuple[bool, str]:
    return (edit.is_claim, edit.resource)


def _claim_subjects(quads: Iterable[Quad]) -> dict[str, str]:
    return {value_of(q.subject): value_of(q.object) for q in quads if q.predicate == DK.subject}


def _owners(change: Change) -> dict[BlankNode, BlankNode | NamedNode]:
    """Return what each node without a name hangs on."""
    return {
        quad.object: quad.subject
        for quad in (*change.removed, *change.added)
        if isinstance(quad.object, BlankNode) and isinstance(quad.subject, BlankNode | NamedNode)
    }


def _by_resource(quads: Iterable[Quad], owners: Mapping[BlankNode, BlankNode | NamedNode]) -> dict[str, list[Quad]]:
    found: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        node, passed = quad.subject, set[BlankNode]()
        while isinstance(node, BlankNode) and node in owners and node not in passed:
            passed.add(node)
            node = owners[node]
        found[node.value if isinstance(node, NamedNode) else ""].append(quad)
    return found


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(quads, key=_by_content))


def _by_content(quad: Quad) -> tuple[str, str, str]:
    return (str(quad.predicate), str(quad.graph_name), str(quad.object))


def version_document(repository: SnapshotRepository, manifest: Manifest) -> dict[str, Any]:
    """Return a version's manifest, and whether its data is kept."""
    return {**asdict(manifest), "data_kept": repository.has_data(manifest.version)}


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
