"""Write whole graphs, and see to it that only those are written that may be."""

from __future__ import annotations

from collections.abc import Collection

from pyoxigraph import DefaultGraph, NamedNode

from digitech_kg.access import DEFAULT_GRAPH
from digitech_kg.errors import Forbidden
from digitech_kg.namespaces import DERIVED_GRAPHS
from digitech_kg.snapshot import Manifest
from digitech_kg.update.delta import TrackedStore
from digitech_kg.update.payloads import read_payloads
from digitech_kg.update.request import Commit, GraphName, GraphWrite


def write_graph(write: GraphWrite, target: TrackedStore) -> None:
    """Carry out an operation of the SPARQL 1.1 Graph Store HTTP Protocol (section 5)."""
    graph = NamedNode(write.graph) if write.graph is not None else DefaultGraph()
    quads = read_payloads(write.payloads, graph)
    if write.method in ("PUT", "DELETE"):
        wanted = set(quads)
        target.remove(quad for quad in target.graph(graph) if quad not in wanted)
    if write.method == "DELETE" and isinstance(graph, NamedNode):
        target.store.remove_graph(graph)
    elif write.method != "DELETE":
        if isinstance(graph, NamedNode):
            target.store.add_graph(graph)
        target.add(quads)


def check_graphs(touched: Collection[GraphName], commit: Commit, manifest: Manifest) -> None:
    """Raise `Forbidden` if a derived graph was written to, made or dropped, or one that the author may not write to."""
    derived = sorted(str(graph) for graph in touched if manifest.derives and graph in DERIVED_GRAPHS)
    if derived:
        hint = "Change the claims or axioms that it is derived from; it follows by itself."
        raise Forbidden(f"the graph {derived[0]} is derived from the others and never written by hand", hint=hint)
    if commit.graphs is not None:
        foreign = sorted(str(graph) for graph in touched if _name_for_tokens(graph) not in commit.graphs)
        if foreign:
            hint = f"The token may write to: {', '.join(sorted(commit.graphs))}."
            raise Forbidden(f"the token is not for the graph {foreign[0]}", hint=hint)


def _name_for_tokens(graph: GraphName) -> str:
    return DEFAULT_GRAPH if isinstance(graph, DefaultGraph) else str(graph).strip("<>")
