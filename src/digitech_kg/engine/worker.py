"""What runs in a worker process: parse and evaluate one query at a time on a store, write the result, reply.

Messages between the server and a worker go over a socket: lengths, a JSON header, and a body, sent in one piece. The
body of a reply is the result; a large one is in a file without a name, which is handed over instead.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from contextlib import suppress
from typing import IO, Any

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, Store

from digitech_kg.engine.request import BoundedWriter, QueryRewriter
from digitech_kg.formats import by_name, check_xml, is_unwritable
from digitech_kg.sparql_text.mistakes import read_syntax_error
from digitech_kg.sparql_text.tokens import names_graphs
from digitech_kg.triple_store import store_of

_LENGTHS, _HANDLE = struct.Struct("!II"), struct.Struct("i")
_ROOM_FOR_FILE = socket.CMSG_LEN(_HANDLE.size)
#: Most messages fit into one piece. The memory for a larger one is mapped and unmapped each time, which takes longer
#: than all the rest of receiving it.
_PIECE = 64 * 1024


class Wire:
    """One end of a connection. A message is its header's and body's lengths, the header, and the body or a file."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._poller = select.poll()
        self._poller.register(end, select.POLLIN)

    def send(self, header: dict[str, Any], body: bytes | IO[bytes] = b"") -> None:
        """Send a message. Raises `OSError` if the other end is gone."""
        text, content = json.dumps(header).encode(), body if isinstance(body, bytes) else b""
        message = b"".join((_LENGTHS.pack(len(text), len(content)), text, content))
        if isinstance(body, bytes):
            self._socket.sendall(message)
        else:
            socket.send_fds(self._socket, [message], [body.fileno()])

    def receive(self) -> tuple[dict[str, Any], bytes | IO[bytes]]:
        """Wait for a message and return its header and body. Raises `EOFError` if the other end is gone."""
        # A file comes with the beginning of its message. Most have none, and `socket.recv_fds` looks for one longer.
        first, control, _, _ = self._socket.recvmsg(_PIECE, _ROOM_FOR_FILE)
        data = bytearray(first or self._read())
        while len(data) < _LENGTHS.size:
            data += self._read()
        of_header, of_body = _LENGTHS.unpack_from(data)
        end = _LENGTHS.size + of_header
        while len(data) < end + of_body:
            data += self._read()
        header = json.loads(data[_LENGTHS.size : end])
        if control:
            return header, os.fdopen(_HANDLE.unpack(control[0][2])[0], "rb")
        return header, bytes(memoryview(data)[end : end + of_body])

    def _read(self) -> bytes:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise EOFError
        return piece

    def wait(self, seconds: float) -> bool:
        """Return whether a message, or the end, comes within the time."""
        return bool(self._poller.poll(max(0.0, seconds) * 1000))

    def close(self) -> None:
        self._socket.close()


def serve_queries(
    store: Store, wire: Wire, *, union_default_graph: bool, rewriter: QueryRewriter | None = None
) -> None:
    """Answer requests until the parent closes the connection."""
    with suppress(EOFError):
        while True:
            request, _ = wire.receive()
            header, body = answer(store, request, union_default_graph=union_default_graph, rewriter=rewriter)
            wire.send(header, body)
            if not isinstance(body, bytes):
                body.close()


def answer(
    store: Store, request: dict[str, Any], *, union_default_graph: bool, rewriter: QueryRewriter | None = None
) -> tuple[dict[str, Any], bytes | IO[bytes]]:
    """Evaluate one request; return the reply's header, and the result or a file with it.

    Every outcome is a header with a `status`: ok, syntax, format (the form has no accepted format), unwritable (the
    format can't hold the result), unevaluable, overflow, error.
    """
    started = time.perf_counter()
    writer = None
    try:
        results = _evaluate(store, request, union_default_graph, rewriter)
        is_solutions = isinstance(results, QuerySolutions | QueryBoolean)
        name = request["solutions_format"] if is_solutions else request["graph_format"]
        if name is None:
            return {"status": "format", "form": "solutions" if is_solutions else "graph"}, b""
        check = check_xml if name in ("xml", "rdfxml") else None
        writer = BoundedWriter(ceiling=request["ceiling"], check=check)
        results.serialize(writer, by_name(name).serializer)
        body = writer.finish()
    except Exception as error:
        return _reply_to_error(error, overflowed=writer is not None and writer.overflowed), b""
    seconds = time.perf_counter() - started
    return {"status": "ok", "format": name, "length": writer.length, "duration": seconds}, body


def _evaluate(store: Store, request: dict[str, Any], union_default_graph: bool, rewriter: QueryRewriter | None) -> Any:
    """Return the engine's results. Raises what it raises for the query as it was written."""
    text, arguments = request["text"], _engine_arguments(request, union_default_graph)
    if rewriter is not None:
        prefixes = tuple((name, iri) for name, iri in request["prefixes"])
        is_union = arguments.get("use_default_graph_as_union", False)
        rewritten = rewriter.rewrite(text, is_union=is_union, prefixes=prefixes)
        if rewritten != text:
            # Without data, this tells in no time what is wrong with the query, at its own line and column.
            store_of(()).query(text, **arguments)
            with suppress(SyntaxError):
                return store.query(rewritten, **arguments)
    return store.query(text, **arguments)


def _engine_arguments(request: dict[str, Any], union_default_graph: bool) -> dict[str, Any]:
    """Return the engine's arguments for names in the query and for the dataset that the request names, if it does."""
    arguments: dict[str, Any] = {"base_iri": request["base_iri"]}
    if request["prefixes"]:
        arguments["prefixes"] = dict(request["prefixes"])
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:
        arguments["default_graph"] = [NamedNode(iri) if iri else DefaultGraph() for iri in default]
        arguments["named_graphs"] = [NamedNode(iri) for iri in named]
    elif not names_graphs(request["text"]):
        # The union would win over the query's own FROM and FROM NAMED.
        arguments["use_default_graph_as_union"] = union_default_graph
    return arguments


def _reply_to_error(error: Exception, *, overflowed: bool) -> dict[str, Any]:
    if isinstance(error, SyntaxError):
        message, line, column = read_syntax_error(error)
        return {"status": "syntax", "message": message, "line": line, "column": column}
    if overflowed:
        return {"status": "overflow"}
    if is_unwritable(error):
        return {"status": "unwritable", "message": str(error)}
    # An unknown function, or a graph's name that isn't an IRI, is the query's fault; everything else is trouble of the
    # store or of an endpoint.
    faulty = isinstance(error, ValueError) or (isinstance(error, RuntimeError) and "function" in str(error))
    return {"status": "unevaluable" if faulty else "error", "message": str(error)}
