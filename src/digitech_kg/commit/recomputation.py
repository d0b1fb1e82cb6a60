"""Compute anew the parts of a dataset that a change touches, and write what follows into its derived graphs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager

from pyoxigraph import Quad

from digitech_kg.commit.checks import Checks
from digitech_kg.commit.contents import Contents
from digitech_kg.commit.parts import SHARED, Parts
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.comparison import compare_documents, comparison_quads
from digitech_kg.namespaces import GraphName, Namespaces

Timed = Callable[[str], AbstractContextManager[None]]


def recompute(
    target: TrackedStore, parts: Parts, touched: Collection[GraphName] | None, checks: Checks, *, timed: Timed
) -> list[str]:
    """Bring the derived graphs of a store up to date after the graphs in `touched` were written to; None means all.

    Returns the documents that were computed anew; what the shapes say, `checks` will know. Raises `InconsistentData`
    with the claims of a document that contradicts itself; the store is of no use then.
    """
    contents, names = Contents(target, parts.names), parts.names
    with timed("preparing"):
        parts.share(contents.shared())
    everything = touched is None or contents.touches_shared(touched)
    if everything:
        with timed("inferring from what is shared"):
            _replace(target, names, SHARED, parts.shared(checks))
    changed = {names.graphs.document_of(graph) for graph in touched or ()} - {None}
    there = contents.documents()
    documents = [name for name in there if everything or name in changed]
    for name in documents:
        with timed("documents"):
            _replace(target, names, name, parts.document(name, contents.document(name), checks))
    gone = sorted(name for name in changed if name is not None and name not in there)
    for name in gone:
        _replace(target, names, name, ())
    with timed("other graphs"):
        _take_outside(target, contents, parts, touched, checks, everything=everything)
    if documents or gone:
        with timed("comparing"):
            _compare(target, names, contents)
    return [*documents, *gone]


def _replace(target: TrackedStore, names: Namespaces, name: str, quads: Iterable[Quad]) -> None:
    """Make the derived graphs of a document, or of what is shared, hold these quads."""
    quads = list(quads)
    for graph in names.graphs.derived_of(name):
        target.replace(graph, (quad for quad in quads if quad.graph_name == graph))


def _take_outside(
    target: TrackedStore,
    contents: Contents,
    parts: Parts,
    touched: Collection[GraphName] | None,
    checks: Checks,
    *,
    everything: bool,
) -> None:
    """Have what belongs to no document checked, and label the claims of outside sources."""
    if everything:
        parts.things(contents.stated(), checks)
    if everything or contents.touches_outside(touched or ()):
        outside = contents.outside()
        parts.outside(outside, checks)
        target.replace(parts.names.graphs.external_labels, parts.external_labels(outside))
    for graph in contents.foreign(touched or ()):
        if parts.may_fail(contents, graph):
            parts.outside(contents.graph(graph), checks)


def _compare(target: TrackedStore, names: Namespaces, contents: Contents) -> None:
    documents = contents.documents()
    quads = []
    if len(documents) > 1:
        whole = {name: contents.whole_document(name) for name in documents}
        quads = list(comparison_quads(compare_documents(whole, contents.shared(), names), names))
    target.replace(names.graphs.comparison, quads)
