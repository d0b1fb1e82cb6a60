"""Triples of a request's body, as quads of the graph that they are for."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from digitech_kg.errors import CallError, QuerySyntaxError
from digitech_kg.formats import by_name
from digitech_kg.namespaces import BASE
from digitech_kg.triple_store import store_of
from digitech_kg.update.request import Payload


def read_payloads(payloads: Iterable[Payload], graph: NamedNode | DefaultGraph) -> list[Quad]:
    """Give the triples of files as quads of one graph; blank nodes of different files stay apart.

    Raises `QuerySyntaxError` with line and column for a body that is not in its format, `CallError` for one that names
    graphs itself.
    """
    # In a store literals get the form that they will have in the dataset.
    scratch = store_of([])
    base = graph.value if isinstance(graph, NamedNode) else BASE
    for payload in payloads:
        try:
            with payload.path.open("rb") as file:
                quads = parse(file, format=by_name(payload.format).rdf, base_iri=base, rename_blank_nodes=True)
                scratch.bulk_extend(_moved(quad, graph) for quad in quads)
        except SyntaxError as error:
            message = f"the body is not valid {payload.format}: {error.msg or error}"
            raise _not_valid(message, error) from None
        except ValueError as error:
            raise CallError(
                f"the body is not valid {payload.format}: {error}", hint="Mend it and send it again."
            ) from None
    return list(scratch)


def _moved(quad: Quad, graph: NamedNode | DefaultGraph) -> Quad:
    if not isinstance(quad.graph_name, DefaultGraph):
        hint = "Send triples without graph names, or each graph on its own. digitech-kg import takes files with graphs."
        raise CallError(
            f"the body names the graph {quad.graph_name}, but the request says which one it is for", hint=hint
        )
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _not_valid(message: str, error: SyntaxError) -> QuerySyntaxError:
    found = QuerySyntaxError(message, line=error.lineno, column=error.offset)
    found.title = "Syntax error"
    found.hint = "Mend the body at the place named and send it again."
    return found
