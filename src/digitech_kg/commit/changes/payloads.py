"""Triples of a request's body, as quads of the graph that they are for."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from digitech_kg.commit.changes.bodies import check_body, check_lengths
from digitech_kg.commit.request import Payload
from digitech_kg.errors import CallError, QuerySyntaxError
from digitech_kg.formats import by_name
from digitech_kg.triple_store import store_of


def read_payloads(payloads: Iterable[Payload], graph: NamedNode | DefaultGraph, base_iri: str) -> list[Quad]:
    """Return the triples of files as quads of one graph; blank nodes of different files stay apart.

    Raises `QuerySyntaxError` with line and column for a body that is not in its format, `CallError` for one that names
    graphs itself, `Forbidden` for RDF/XML that declares entities, `LimitExceeded` for one that nests too deeply or has
    terms that are too long.
    """
    # In a store literals get the form that they will have in the dataset.
    scratch = store_of([])
    base = graph.value if isinstance(graph, NamedNode) else base_iri
    for payload in payloads:
        try:
            with payload.path.open("rb") as file:
                check_body(file, payload.format)
                quads = parse(file, format=by_name(payload.format).rdf, base_iri=base, rename_blank_nodes=True)
                scratch.bulk_extend(_moved(check_lengths(quad), graph) for quad in quads)
        except SyntaxError as error:
            message = f"the body is not valid {payload.format}: {error.msg or error}"
            hint = "Correct the body at this place and send it again."
            found = QuerySyntaxError(message, line=error.lineno, column=error.offset, hint=hint)
            found.title = "Syntax error"
            raise found from None
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
