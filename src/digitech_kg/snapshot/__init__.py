"""Published versions of a dataset: immutable directories, listed, opened and replaced atomically."""

from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository

__all__ = ["Manifest", "Snapshot", "SnapshotRepository"]
