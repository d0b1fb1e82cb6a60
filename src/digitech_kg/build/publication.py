"""Publish a whole dataset as the next snapshot of a data directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from digitech_kg.description import describe_version, quads_about_version
from digitech_kg.description.search_index import FILE_NAME, write_search_index
from digitech_kg.errors import Overtaken
from digitech_kg.namespaces import BASE, GRAPH
from digitech_kg.snapshot import EDITS, Change, Manifest, Snapshot, SnapshotRepository, content_digest
from digitech_kg.triple_store import dump, open_read_only, write_store

_DATA_SHAPES, _ONTOLOGY_SHAPES = "shapes.nt", "house-rules.nt"


@dataclass(frozen=True)
class Rules:
    """The shapes that a dataset has to satisfy, as N-Triples: those for all data, and those for the ontology alone."""

    data: bytes = b""
    ontology: bytes = b""

    def write(self, directory: Path) -> None:
        """Keep the shapes beside a snapshot's store."""
        (directory / _DATA_SHAPES).write_bytes(self.data)
        (directory / _ONTOLOGY_SHAPES).write_bytes(self.ontology)

    @classmethod
    def read(cls, directory: Path) -> Rules:
        """Read what `write` wrote."""
        return cls(*((directory / name).read_bytes() for name in (_DATA_SHAPES, _ONTOLOGY_SHAPES)))


NO_RULES: Final = Rules()


def publish_store(
    store: Store,
    repository: SnapshotRepository,
    rules: Rules = NO_RULES,
    *,
    edits: Change | None = None,
    after: str | None = None,
    **known: Any,
) -> Snapshot:
    """Publish any dataset as the next snapshot, with the `rules` that it satisfies kept beside it.

    `edits` is how it differs from the project's files; `known` gives the manifest's fields about how it came to be.
    Raises `Overtaken` if the current version is not the one that is to come before, where `after` names one ("" for
    none).
    """
    with repository.writing() as directory:
        previous, created = repository.current(), repository.now()
        if after is not None and after != (previous.version if previous else ""):
            raise Overtaken("somebody else has published a version meanwhile", hint="Run it again.")
        digest = content_digest(content_lines(store))
        version = repository.next_version(digest)
        if known.get("derives"):
            story = {name: known.get(name, "") for name in ("author", "message")}
            about = {"created": created, "action": known.get("action", "build"), **story}
            store.extend(describe_version(version, previous=previous.version if previous else "", **about))
            store.extend(earlier_versions(previous, repository))
        write_store(directory / "store", store)
        rules.write(directory)
        write_search_index(directory / FILE_NAME, store)
        change = difference(previous, store)
        if previous is not None:
            change.write(directory)
        if edits:
            edits.write(directory, EDITS)
        graphs = count_graphs(store)
        manifest = Manifest(
            version=version,
            content_digest=digest,
            created=created,
            quads=len(store),
            graphs=graphs,
            graph_versions=_graph_versions(version, graphs, previous, change),
            previous=previous.version if previous else "",
            edits=len(edits) if edits else 0,
            added=len(change.added) if previous else len(store),
            removed=len(change.removed),
            **{"inputs_sha256": "", **known},
        )
        return repository.publish(directory, manifest)


def content_lines(store: Store) -> list[bytes]:
    """Give the N-Quads lines that a snapshot's digest is made of: all but those of the description."""
    catalog = f" {GRAPH.catalog} .".encode()
    return [line for line in dump(store, RdfFormat.N_QUADS).splitlines() if not line.endswith(catalog)]


def count_graphs(store: Store) -> dict[str, int]:
    """Give the number of quads of each named graph, and of the default graph under `DEFAULT` if it has any."""
    counts = Counter(str(quad.graph_name).strip("<>") for quad in store)
    empty = {str(name).strip("<>"): 0 for name in store.named_graphs()}
    return dict(sorted({**empty, **counts}.items()))


def difference(previous: Snapshot | None, store: Store) -> Change:
    """Give what a store has and the previous snapshot had not, and the other way round."""
    if previous is None:
        return Change()
    before, after = frozenset(open_read_only(previous.store)), frozenset(store)
    return Change(after - before, before - after)


def earlier_versions(previous: Snapshot | None, repository: SnapshotRepository) -> list[Quad]:
    """Give what the previous snapshot knows of the versions whose data is still kept, itself included."""
    if previous is None:
        return []
    found: list[Quad] = []
    store = open_read_only(previous.store)
    for version in repository.versions():
        found += quads_about_version(store, version)
    agents = {quad.object for quad in found if isinstance(quad.object, NamedNode)}
    for agent in agents:
        if agent.value.startswith(BASE + "agent/"):
            found += store.quads_for_pattern(agent, None, None, GRAPH.catalog)
    return found


def _graph_versions(
    version: str, graphs: Mapping[str, int], previous: Snapshot | None, change: Change
) -> dict[str, str]:
    """Give the version in which each graph was last changed."""
    before = previous.manifest.graph_versions if previous else {}
    touched = {str(quad.graph_name).strip("<>") for quad in (*change.added, *change.removed)}
    return {name: version if name in touched else before.get(name, version) for name in graphs}
