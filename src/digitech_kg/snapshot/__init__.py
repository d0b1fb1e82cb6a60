"""Published versions of a dataset: immutable directories, listed, opened and replaced atomically."""

from digitech_kg.snapshot.changes import EDITS, Change
from digitech_kg.snapshot.grouping import (
    Topic,
    group_change,
    topics_document,
    version_document,
)
from digitech_kg.snapshot.manifest import KEEP_ALL, Manifest, Retention, read_namespaces, write_namespaces
from digitech_kg.snapshot.quad_files import (
    QuadFile,
    QuadWriter,
    content_digest,
    count_by_graph,
    digest_after,
    iter_lines,
    iter_pieces,
    sorted_lines,
)
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository, storage_failure, sync_files

__all__ = [
    "EDITS",
    "KEEP_ALL",
    "Change",
    "Manifest",
    "QuadFile",
    "QuadWriter",
    "Retention",
    "Snapshot",
    "SnapshotRepository",
    "Topic",
    "content_digest",
    "count_by_graph",
    "digest_after",
    "group_change",
    "iter_lines",
    "iter_pieces",
    "read_namespaces",
    "sorted_lines",
    "storage_failure",
    "sync_files",
    "topics_document",
    "version_document",
    "write_namespaces",
]
