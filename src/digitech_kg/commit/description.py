"""Bring `graph:catalog` up to date: counts by graph, class and property, and the versions that are kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.description import (
    GraphCensus,
    count_graph,
    describe,
    describe_version,
    described_versions,
    quads_about_version,
)
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.snapshot import Manifest, Snapshot, SnapshotRepository, sorted_lines

#: What files say of the dataset itself, kept beside a store; and the counts of each graph.
_CATALOG: Final = "catalog.nq"
_CENSUS: Final = "census.json"


def read_catalog(snapshot: Snapshot | None) -> frozenset[Quad]:
    """Return what the files behind a version say of the dataset itself, saved questions included."""
    path = snapshot.directory / _CATALOG if snapshot else None
    if path is None or not path.is_file():
        return frozenset()
    return frozenset(parse(path.read_bytes(), format=RdfFormat.N_QUADS))


def write_catalog(directory: Path, catalog: Iterable[Quad]) -> None:
    """Write what `read_catalog` reads."""
    (directory / _CATALOG).write_bytes(sorted_lines(catalog))


def update_censuses(
    target: TrackedStore, previous: Snapshot | None, touched: Collection[GraphName], names: Namespaces
) -> dict[str, GraphCensus]:
    """Return the counts of every named graph by IRI; only those of graphs that were touched are counted anew.

    That of `graph:catalog` is what it was before.
    """
    path = previous.directory / _CENSUS if previous else None
    known = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.is_file() else {}
    found = {iri: GraphCensus.from_json(row) for iri, row in known.items() if iri == names.graphs.catalog.value}
    for graph in target.store.named_graphs():
        if not isinstance(graph, NamedNode) or graph == names.graphs.catalog:
            continue
        if graph in touched or graph.value not in known:
            found[graph.value] = count_graph(target.store, graph, names)
        else:
            found[graph.value] = GraphCensus.from_json(known[graph.value])
    return dict(sorted(found.items()))


def write_censuses(directory: Path, censuses: Mapping[str, GraphCensus]) -> None:
    """Write the counts beside a store, for the next version."""
    text = json.dumps({graph: census.to_json() for graph, census in censuses.items()}, sort_keys=True)
    (directory / _CENSUS).write_text(text, encoding="utf-8")


def describe_dataset(
    target: TrackedStore,
    manifest: Manifest,
    catalog: frozenset[Quad],
    censuses: Mapping[str, GraphCensus],
    repository: SnapshotRepository,
) -> dict[str, GraphCensus]:
    """Make `graph:catalog` hold what files say of the dataset, its counts, and how the versions kept came to be.

    Returns the counts with those of `graph:catalog`.
    """
    names = manifest.names
    kept = set(repository.versions())
    story = [
        quad
        for version in sorted(described_versions(target.store, names) & kept)
        for quad in quads_about_version(target.store, version, names)
    ]
    story += describe_version(
        manifest.version,
        names,
        previous=manifest.previous,
        created=manifest.created,
        action=manifest.action,
        author=manifest.author,
        message=manifest.message,
    )
    quads, own = describe(censuses, catalog, names, story)
    target.replace(names.graphs.catalog, quads)
    return {**censuses, names.graphs.catalog.value: own}
