"""Group the changes of a version by thing and by claim, for people to read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad

from digitech_kg.iteration import grouped
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import Change, count_by_graph
from digitech_kg.snapshot.manifest import Manifest, graph_key
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.blocks import find_owners, root_of


@dataclass(frozen=True, slots=True)
class Edit:
    """What changed in one resource, given by its IRI; "" stands for nodes without a name that hang on nothing named.

    Quads are sorted by predicate, graph and value.
    """

    resource: str
    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]


def split_derived(change: Change, names: Namespaces) -> tuple[Change, dict[str, int]]:
    """Return the part of a change that was written by hand, and how many quads follow from it in each graph."""
    is_derived = names.graphs.is_derived
    counts = Counter(count_by_graph(change.added)) + Counter(count_by_graph(change.removed))
    derived = {names.shorten(graph_key(graph)): count for graph, count in counts.items() if is_derived(graph)}
    return change.of_graphs(lambda graph: not is_derived(graph)), dict(sorted(derived.items()))


def group_change(change: Change, names: Namespaces) -> list[Edit]:
    """Return a change by resource: things, then claims, by IRI; nodes without a name are part of what they hang on."""
    owners = find_owners((*change.removed, *change.added))
    added, removed = _by_resource(change.added, owners), _by_resource(change.removed, owners)
    resources = sorted({*added, *removed}, key=lambda iri: (iri.startswith(names.prefixes["claim"]), iri))
    return [Edit(iri, _sorted(added.get(iri, ())), _sorted(removed.get(iri, ()))) for iri in resources]


def _by_resource(quads: Iterable[Quad], owners: Mapping[Any, Any]) -> dict[str, list[Quad]]:
    rooted = ((root_of(quad.subject, owners), quad) for quad in quads)
    return grouped((root.value if isinstance(root, NamedNode) else "", quad) for root, quad in rooted)


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(quads, key=lambda quad: (str(quad.predicate), str(quad.graph_name), str(quad.object))))


def version_document(repository: SnapshotRepository, manifest: Manifest) -> dict[str, Any]:
    """Return a version's manifest, and whether its data is kept."""
    return {**asdict(manifest), "data_kept": repository.has_data(manifest.version)}


def changes_document(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """Return what changed by resource, each quad as a line of N-Quads."""
    return [
        {
            "resource": edit.resource,
            "removed": [f"{q} ." for q in edit.removed],
            "added": [f"{q} ." for q in edit.added],
        }
        for edit in edits
    ]
