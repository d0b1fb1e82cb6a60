"""Apply what somebody wants written to a store: the one place that knows all kinds of writes but project files."""

from __future__ import annotations

from digitech_kg.commit.changes.graphs import write_graph
from digitech_kg.commit.changes.patching import apply_patch, revert_version
from digitech_kg.commit.changes.update import evaluate_update
from digitech_kg.commit.request import GraphWrite, Patch, Revert, SparqlUpdate
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import SnapshotRepository


def apply_write(
    write: SparqlUpdate | GraphWrite | Patch | Revert,
    target: TrackedStore,
    repository: SnapshotRepository,
    names: Namespaces,
    *,
    derives: bool,
    union_default_graph: bool,
) -> None:
    """Apply a write to graphs that are written by hand.

    Raises `QuerySyntaxError`, `CallError`, `Forbidden` or `Conflict` for what cannot be carried out; the store may then
    hold a part of the change, so it is to be thrown away.
    """
    match write:
        case SparqlUpdate():
            is_derived = names.graphs.is_derived if derives else lambda _: False
            evaluate_update(write, target, names.base, union_default_graph=union_default_graph, is_derived=is_derived)
        case GraphWrite():
            write_graph(write, target, names.base)
        case Patch():
            apply_patch(write, target, repository.data_dir)
        case Revert():
            revert_version(repository, write.version, target, names, derives=derives)
