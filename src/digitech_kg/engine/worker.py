"""The code of a worker process: evaluate one query at a time on a store, and reply with the result.

What the server sends are the arguments of `answer`, and what that returns or raises is sent back. A large result is in
a file without a name, which is handed over after the reply.
"""

import os
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import IO, Any

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, Store

from digitech_kg.engine.request import BoundedWriter, QueryRequest, no_accepted_format, too_large
from digitech_kg.errors import CallError, DigitechError, EngineFailure
from digitech_kg.formats import cannot_hold, check_xml, is_unwritable
from digitech_kg.sparql_text.mistakes import syntax_error
from digitech_kg.sparql_text.tokens import names_graphs
from digitech_kg.triple_store import store_of


def serve_queries(store: Store, connection: Connection, *, union_default_graph: bool, rewriter: Any = None) -> None:
    """Answer requests until the parent closes the connection."""
    with suppress(EOFError):
        while True:
            arguments = connection.recv()
            try:
                *told, source = answer(store, *arguments, union_default_graph=union_default_graph, rewriter=rewriter)
            except DigitechError as error:
                connection.send(error)
                continue
            if isinstance(source, bytes):
                connection.send((*told, source))
            else:
                connection.send((*told, None))
                send_handle(connection, source.fileno(), os.getppid())
                source.close()


def answer(
    store: Store,
    request: QueryRequest,
    base_iri: str | None,
    ceiling: int,
    *,
    union_default_graph: bool,
    rewriter: Any = None,
) -> tuple[str, int, float, bytes | IO[bytes]]:
    """Evaluate one request. Return the name of the format, the length, the seconds, and the result or its file.

    Raises the `DigitechError` for what is wrong.
    """
    started = time.perf_counter()
    writer = None
    try:
        results = _evaluate(store, request, base_iri, union_default_graph, rewriter)
        is_solutions = isinstance(results, QuerySolutions | QueryBoolean)
        wanted = request.solutions_format if is_solutions else request.graph_format
        if wanted is None:
            raise no_accepted_format(is_solutions=is_solutions)
        writer = BoundedWriter(ceiling=ceiling, check=check_xml if wanted.name in ("xml", "rdfxml") else None)
        results.serialize(writer, wanted.serializer)
        source = writer.finish()
    except Exception as error:
        raise too_large(ceiling) if writer is not None and writer.overflowed else _error_of(error) from error
    return wanted.name, writer.length, time.perf_counter() - started, source


def _evaluate(
    store: Store, request: QueryRequest, base_iri: str | None, union_default_graph: bool, rewriter: Any
) -> Any:
    """Return the engine's results. Raises what it raises for the query as it was written."""
    text, arguments = request.text, _engine_arguments(request, base_iri, union_default_graph)
    if rewriter is not None:
        is_union = arguments.get("use_default_graph_as_union", False)
        rewritten = rewriter.rewrite(text, is_union=is_union, prefixes=request.prefixes)
        if rewritten != text:
            # Without data, this tells in no time what is wrong with the query, at its own line and column.
            store_of(()).query(text, **arguments)
            with suppress(SyntaxError):
                return store.query(rewritten, **arguments)
    return store.query(text, **arguments)


def _engine_arguments(request: QueryRequest, base_iri: str | None, union_default_graph: bool) -> dict[str, Any]:
    """Return the engine's arguments for names in the query and for the dataset that the request names, if it does."""
    arguments: dict[str, Any] = {"base_iri": base_iri}
    if request.prefixes:
        arguments["prefixes"] = dict(request.prefixes)
    if dataset := request.dataset:
        arguments["default_graph"] = [NamedNode(iri) if iri else DefaultGraph() for iri in dataset.default_graphs]
        arguments["named_graphs"] = [NamedNode(iri) for iri in dataset.named_graphs]
    elif not names_graphs(request.text):
        # The union would win over the query's own FROM and FROM NAMED.
        arguments["use_default_graph_as_union"] = union_default_graph
    return arguments


def _error_of(error: Exception) -> DigitechError:
    if isinstance(error, DigitechError):
        return error
    if isinstance(error, SyntaxError):
        return syntax_error(error)
    if is_unwritable(error):
        return cannot_hold(str(error))
    # An unknown function, or a graph's name that isn't an IRI, is the query's fault; everything else is trouble of the
    # store or of an endpoint.
    if isinstance(error, ValueError) or (isinstance(error, RuntimeError) and "function" in str(error)):
        hint = "Use functions and formats of SPARQL 1.1. The service description lists what else is supported."
        return CallError(f"the query can't be evaluated: {error}", hint=hint)
    return EngineFailure(f"the engine failed: {error}")
