"""Publish any quads as a version, for tests that need no project."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from bundled import NAMES
from digitech_kg.commit import Commit, Committer, Patch, create_empty
from digitech_kg.snapshot import Change, Snapshot, SnapshotRepository


def publish_quads(quads: Iterable[Quad], repository: SnapshotRepository) -> Snapshot:
    """Publish quads as the whole content of the next version, as `serve --empty` holds any data."""
    create_empty(repository, NAMES)
    wanted = frozenset(quads)
    graphs = frozenset(quad.graph_name for quad in wanted)
    Committer(repository).commit(Patch(Change(wanted), graphs), Commit())
    found = repository.current()
    assert found is not None
    return found
