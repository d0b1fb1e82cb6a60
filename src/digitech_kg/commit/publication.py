"""Put together the directory of a version."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad

from digitech_kg.book import FILE_NAME, book_quads, update_book, write_book
from digitech_kg.commit.description import write_catalog, write_censuses
from digitech_kg.commit.rules import Rules
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.description import GraphCensus
from digitech_kg.hooks import load, parts_on
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import EDITS, Change, Manifest, Snapshot
from digitech_kg.snapshot.files import sync_files


@dataclass(frozen=True)
class Companions:
    """What stands beside the store of a version."""

    rules: Rules
    catalog: frozenset[Quad]
    censuses: Mapping[str, GraphCensus]
    edits: Change


def write_version(
    directory: Path, manifest: Manifest, target: TrackedStore, companions: Companions, previous: Snapshot | None
) -> Manifest:
    """Write all that belongs to a version into its directory (from `writing`), and return its manifest, completed.

    The store is closed then, and nothing is left to do but to publish the directory.
    """
    change = target.change
    companions.rules.write(directory)
    write_catalog(directory, companions.catalog)
    write_censuses(directory, companions.censuses)
    # The engine counts, and files are packed, while Python writes the book.
    with ThreadPoolExecutor(1) as beside:
        before = previous.directory if previous else None
        counted = beside.submit(_write_files_of_parts, directory, before, change, target, manifest.names)
        packed = beside.submit(change.write, directory) if previous else None
        _write_book(directory, target, change, previous, manifest)
        counted.result()
        if packed is not None:
            packed.result()
    if companions.edits:
        companions.edits.write(directory, EDITS)
    target.close()
    sync_files(directory)
    return replace(manifest, edits=len(companions.edits))


def _write_files_of_parts(
    directory: Path, before: Path | None, change: Change, target: TrackedStore, names: Namespaces
) -> None:
    for part in parts_on(names):
        if part.version_files:
            load(part.version_files)(directory, before, change, target.store)


def _write_book(
    directory: Path, target: TrackedStore, change: Change, previous: Snapshot | None, manifest: Manifest
) -> None:
    path = directory / FILE_NAME
    before = previous.directory / FILE_NAME if previous is not None and previous.names == manifest.names else None
    # If most of the dataset is new, it is read once, and not again for each subject.
    if previous is None or before is None or not before.is_file() or len(change) > previous.manifest.quads:
        write_book(path, book_quads(target.store, manifest.names), manifest.names)
    else:
        update_book(path, before, change.added, change.removed, manifest.names)
