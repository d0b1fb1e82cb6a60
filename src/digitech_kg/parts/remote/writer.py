"""Pass writes on to a store elsewhere, which applies them as it does: there are no versions there and no gate."""

from __future__ import annotations

import time
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from digitech_kg.commit.graphs import read_payloads
from digitech_kg.commit.request import Commit, GraphWrite, Outcome, SparqlUpdate, Write
from digitech_kg.commit.update import check_syntax
from digitech_kg.engine.request import QueryService
from digitech_kg.errors import CallError, Forbidden, QuerySyntaxError, QueryTimeout, RemoteFailure
from digitech_kg.http_client import Received
from digitech_kg.parts.remote.client import RemoteClient, check_forwardable_operation, with_base
from digitech_kg.sparql_text.checks import way_out
from digitech_kg.sparql_text.tokens import split_operations

_CEILING: Final = 1024 * 1024


class RemoteWriter:
    """Writes to the store of a remote service by SPARQL 1.1 Update. Thread-safe; `close` it at the end."""

    def __init__(self, url: str, service: QueryService, *, timeout_s: float, connections: int = 4) -> None:
        self._client = RemoteClient(url, connections=connections)
        self._service = service
        self._timeout_s = timeout_s

    def prepare(self) -> None:
        """Do nothing: connections are opened when they are needed."""

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Have a write carried out.

        Raises `QuerySyntaxError` or `CallError` for what can't be carried out, `Forbidden`, and what the store's
        failures amount to: `RemoteFailure`, `QueryTimeout`, `Busy`. Whether a write that failed so took place, only the
        store knows.
        """
        _check_commit(commit)
        match write:
            case SparqlUpdate():
                parameters = _update_parameters(write, self._service.names.base)
            case GraphWrite():
                parameters = [("update", _as_update(write, self._service.names.base))]
            case _:
                raise Forbidden("the store behind --engine has no history to go back to")
        started, before = time.perf_counter(), self._service.snapshot.version
        received = self._client.post(parameters, accept="*/*", timeout_s=self._timeout_s, ceiling=_CEILING)
        self._service.follow()
        with received.body:
            _check_status(received, self._timeout_s)
        seconds = {"store": round(time.perf_counter() - started, 4)}
        return Outcome(self._service.snapshot.version, before, published=True, seconds=seconds)

    def close(self) -> None:
        self._client.close()


def _check_commit(commit: Commit) -> None:
    """Refuse what only a store with versions can promise."""
    if commit.dry_run:
        raise CallError("a store behind --engine can't try a write without doing it", hint="Leave dryRun out.")
    if commit.if_match or commit.if_none_match:
        hint = "Leave If-Match and If-None-Match out; the last write wins there."
        raise CallError("a store behind --engine has no versions of graphs to compare", hint=hint)


def _update_parameters(write: SparqlUpdate, base_iri: str) -> list[tuple[str, str]]:
    check_syntax(write.text, base_iri)
    for operation in split_operations(write.text):
        check_forwardable_operation(operation.prologue, operation.text)
        if operation.words[0] == "LOAD":
            raise way_out("LOAD")
    parameters = [("update", with_base(write.text, base_iri))]
    parameters += [("using-graph-uri", iri) for iri in write.using]
    return parameters + [("using-named-graph-uri", iri) for iri in write.using_named]


def _as_update(write: GraphWrite, base_iri: str) -> str:
    """Return a graph write as an update (SPARQL 1.1 Graph Store HTTP Protocol, section 5)."""
    graph = NamedNode(write.graph) if write.graph is not None else DefaultGraph()
    target = f"GRAPH {graph}" if isinstance(graph, NamedNode) else "DEFAULT"
    steps = [f"DROP SILENT {target}"] if write.method in ("PUT", "DELETE") else []
    if write.method != "DELETE":
        quads = (Quad(q.subject, q.predicate, q.object) for q in read_payloads(write.payloads, graph, base_iri))
        triples = (serialize(quads, format=RdfFormat.N_TRIPLES) or b"").decode()
        steps.append(f"INSERT DATA {{ {target} {{\n{triples}}} }}" if write.graph else f"INSERT DATA {{\n{triples}}}")
    return " ;\n".join(steps)


def _check_status(received: Received, timeout_s: float) -> None:
    if 200 <= received.status < 300:
        return
    said = " ".join(received.body.read().decode("utf-8", "replace").split())[:500]
    if received.status in (400, 422):
        raise QuerySyntaxError(f"the remote store refuses the update: {said}")
    if received.status in (408, 504):
        message, hint = f"the remote store gave up: {said}", "Split the update into several."
        raise QueryTimeout(message, limit="write_timeout", value=timeout_s, unit="seconds", hint=hint)
    if received.status in (401, 403):
        hint = "Whoever runs this server should give an account that may write in --engine-update."
        raise RemoteFailure(f"the remote store doesn't let this service write: {said}", hint=hint)
    raise RemoteFailure(f"the remote store answered the update with status {received.status}: {said}")
