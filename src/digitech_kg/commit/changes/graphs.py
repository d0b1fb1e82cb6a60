"""Write whole graphs, and see to it that only those are written that may be."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from digitech_kg.access import DEFAULT_GRAPH
from digitech_kg.commit.changes.payloads import read_payloads
from digitech_kg.commit.request import Commit, GraphWrite
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.errors import CallError, Forbidden, InsufficientScope
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.validation import Result, Severity

#: Names that are at least so much alike may be meant to be the same (`difflib`: 1 is equal).
_ALIKE: Final = 0.8


def write_graph(write: GraphWrite, target: TrackedStore, base_iri: str) -> None:
    """Carry out an operation of the SPARQL 1.1 Graph Store HTTP Protocol (section 5)."""
    graph = NamedNode(write.graph) if write.graph is not None else DefaultGraph()
    quads = read_payloads(write.payloads, graph, base_iri)
    if write.method in ("PUT", "DELETE"):
        wanted = set(quads)
        target.remove(quad for quad in target.graph(graph) if quad not in wanted)
    if write.method == "DELETE" and isinstance(graph, NamedNode):
        target.store.remove_graph(graph)
    elif write.method != "DELETE":
        if isinstance(graph, NamedNode):
            target.store.add_graph(graph)
        target.add(quads)


def check_graphs(touched: Collection[GraphName], commit: Commit, names: Namespaces | None) -> None:
    """Raise `Forbidden` if a graph was touched that is derived, or that the author may not write to.

    `names` tells which graphs are derived; None if none is. Raises `CallError` for a graph without an IRI.
    """
    if any(isinstance(graph, BlankNode) for graph in touched):
        hint = "Give it an IRI in the file, or name a graph for all triples."
        raise CallError("a graph has a blank node for a name, so nobody could ask for it", hint=hint)
    derived = sorted(str(graph) for graph in touched if names and names.graphs.is_derived(graph))
    if derived:
        hint = "Change the claims or axioms that it is derived from; it follows by itself."
        raise Forbidden(f"the graph {derived[0]} is derived from the others and never written by hand", hint=hint)
    if commit.graphs is not None:
        foreign = sorted(str(graph) for graph in touched if _name_for_tokens(graph) not in commit.graphs)
        if foreign:
            hint = f"The token may write to: {', '.join(sorted(commit.graphs))}."
            iri = foreign[0].strip("<>")
            raise InsufficientScope(f"the token is not for the graph {foreign[0]}", hint=hint, scope="write", graph=iri)


def warn_of_new_graphs(before: Collection[str], touched: Collection[GraphName], names: Namespaces) -> Iterator[Result]:
    """Yield a warning for each new graph of the project that is called almost like one that was there before."""
    root = names.graphs.root
    known = {iri.removeprefix(root) for iri in before if iri.startswith(root)}
    new = {graph.value for graph in touched if isinstance(graph, NamedNode)}.difference(before)
    for iri in sorted(iri for iri in new if iri.startswith(root)):
        if alike := get_close_matches(iri.removeprefix(root), known, 1, _ALIKE):
            message = f"There was no graph {names.shorten(iri)} before. Did you mean {names.shorten(root + alike[0])}?"
            yield Result(iri, None, None, Severity.WARNING, message, None)


def _name_for_tokens(graph: GraphName) -> str:
    return DEFAULT_GRAPH if isinstance(graph, DefaultGraph) else str(graph).strip("<>")
