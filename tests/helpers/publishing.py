"""Publish any quads as a version, for tests that need no project."""

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, Quad

from bundled import NAMES
from digitech_kg.commit.building import create_empty
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, SparqlUpdate
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.triple_store import open_read_only


def publish_quads(quads: Iterable[Quad], repository: SnapshotRepository) -> Snapshot:
    """Publish quads as the whole content of the next version, as `serve --empty` holds any data."""
    before = open_read_only(create_empty(repository, NAMES).store)
    wanted = frozenset(quads)
    graphs = frozenset((DefaultGraph(), *(quad.graph_name for quad in wanted)))
    if gone := frozenset(before.named_graphs()) - graphs:
        Committer(repository).commit(SparqlUpdate(" ; ".join(f"DROP GRAPH {graph}" for graph in gone)), Commit())
    now = frozenset(quad for graph in graphs for quad in before.quads_for_pattern(None, None, None, graph))
    Committer(repository).commit(Change(wanted - now, now - wanted), Commit())
    found = repository.current()
    assert found is not None
    return found
