"""Apply changes that are known quad by quad: patches, and what a version changed, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad

from digitech_kg.commit.request import Patch
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.errors import CallError, Conflict
from digitech_kg.namespaces import GraphName, Namespaces, value_of
from digitech_kg.snapshot import QuadFile, QuadSorter, SnapshotRepository, in_pieces, without

#: Things that a message names.
_MOST_NAMED = 5


def apply_patch(patch: Patch, target: TrackedStore, directory: Path) -> None:
    """Remove and add what a patch names, and empty the graphs that it replaces of all else.

    What is too large for memory is sorted in a directory.
    """
    added = patch.change.added
    if isinstance(added, QuadFile):
        _replace(patch.replaces, added, target, directory)
        target.load(added, directory)
        return
    for graph in patch.replaces:
        target.remove(quad for quad in target.graph(graph) if quad not in added)
    target.apply(patch.change)


def _replace(graphs: Iterable[GraphName], wanted: QuadFile, target: TrackedStore, directory: Path) -> None:
    there = QuadSorter(directory)
    for graph in graphs:
        for piece in in_pieces(target.iter_graph(graph)):
            there.add(piece)
    for piece in QuadFile.of(without(there.lines(), wanted.lines()), graphs, directory).pieces():
        target.remove(piece)


def revert_version(
    repository: SnapshotRepository, version: str, target: TrackedStore, names: Namespaces, *, derives: bool
) -> None:
    """Take back what a version changed; nothing if all of it is taken back already.

    If the dataset derives anything, only graphs that are written by hand change: the others follow.

    Raises `CallError` for the first version, `Conflict` if later versions have changed the same again.
    """
    if not repository.manifest(version).previous:
        raise CallError(
            f"version {version} is the first: there is nothing to go back to",
            hint="Name a later one, or restore a backup: digitech-kg restore --force.",
        )
    change = repository.change(version)
    if derives:
        change = change.of_graphs(lambda graph: not names.graphs.is_derived(graph))
    gone = [quad for quad in change.added if quad not in target.store]
    back = [quad for quad in change.removed if quad in target.store]
    if len(gone) + len(back) == len(change):
        return
    if gone or back:
        hint = f"Take those back first, or change it by hand. See: digitech-kg history {version}"
        raise Conflict(f"later versions changed the same again: {_subjects([*gone, *back], names)}", hint=hint)
    target.apply(change.inverted())


def _subjects(quads: Iterable[Quad], names: Namespaces) -> str:
    found = sorted({names.shorten(value_of(quad.subject)) for quad in quads})
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return ", ".join(found[:_MOST_NAMED]) + more
