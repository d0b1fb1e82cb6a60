"""Published versions of a dataset: immutable directories, listed, opened and replaced atomically."""

from digitech_kg.snapshot.changes import EDITS, Change, sorted_lines
from digitech_kg.snapshot.digest import content_digest
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository, storage_failure
from digitech_kg.snapshot.retention import KEEP_ALL, Retention

__all__ = [
    "EDITS",
    "KEEP_ALL",
    "Change",
    "Manifest",
    "Retention",
    "Snapshot",
    "SnapshotRepository",
    "content_digest",
    "sorted_lines",
    "storage_failure",
]
