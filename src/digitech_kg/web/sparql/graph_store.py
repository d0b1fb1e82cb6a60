"""The SPARQL 1.1 Graph Store HTTP Protocol, to read and write (https://www.w3.org/TR/sparql11-http-rdf-update/)."""

import uuid
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from flask import Blueprint, redirect, request, url_for
from pyoxigraph import DefaultGraph, NamedNode
from werkzeug.wrappers import Response

from digitech_kg.access import AccessToken
from digitech_kg.commit.request import Import, RdfFile
from digitech_kg.engine.request import DatasetClause, QueryRequest, QueryService
from digitech_kg.errors import CallError, NotFound, QuerySyntaxError, SourceError, TooLarge, UnsupportedMediaType
from digitech_kg.formats import Format, Kind, of_kind
from digitech_kg.namespaces import Namespaces
from digitech_kg.settings import MIB
from digitech_kg.snapshot.manifest import graph_key
from digitech_kg.snapshot.repository import storage_failure
from digitech_kg.web.http.limits import check_uncoded, discard
from digitech_kg.web.http.negotiation import prefers_page, requested_graph_format
from digitech_kg.web.http.problems import Reply
from digitech_kg.web.site import Site
from digitech_kg.web.sparql.endpoint import endpoint_url, to_response
from digitech_kg.web.sparql.protocol import Parameters, absolute_iri, parse_graph_call, parse_parameters
from digitech_kg.web.sparql.writing import WriteService, outcome_response, parse_commit

_METHODS: Final = ["GET", "PUT", "POST", "DELETE"]
_PIECE: Final = 64 * 1024
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def graph_store_blueprint(site: Site, writes: WriteService) -> Blueprint:
    """Return the blueprint of `/graph-store` (indirect and direct) and `/graph/…` (direct, by a graph's own path)."""
    blueprint, names, store = Blueprint("graph_store", __name__), site.service.names, _GraphStore(site, writes)

    @blueprint.route("/graph-store", methods=_METHODS)
    def indirect() -> Response:
        if request.method == "POST" and not {"graph", "default"}.intersection(request.args):
            # Its address is its name. Among the project's own graphs it would be that of a document.
            return store.answer(f"{endpoint_url(request.environ)}/{uuid.uuid4()}")
        return store.answer(_named_in_query(names))

    @blueprint.route("/graph-store/<path:_name>", methods=_METHODS)
    def direct(_name: str) -> Response:
        return store.answer(endpoint_url(request.environ))

    @blueprint.route("/graph/<path:_name>", methods=_METHODS)
    def by_path(_name: str) -> Response:
        is_read = request.method in ("GET", "HEAD") and "format" not in request.args
        if is_read and prefers_page(request.headers.get("Accept", "")):
            response: Response = redirect(url_for("browse.page", path=request.path.lstrip("/")), code=303)
            response.vary.add("Accept")
            return response
        return store.answer(names.base + request.path.lstrip("/"))

    return blueprint


class _GraphStore:
    """Carries out requests for a graph by its name; None is the default graph."""

    def __init__(self, site: Site, writes: WriteService) -> None:
        self._service, self._clients, self._writes = site.service, site.clients, writes
        self._most = site.settings.write_size * MIB

    def answer(self, graph: str | None) -> Response:
        is_write = request.method not in ("GET", "HEAD")
        # Before the body is read: with its name misspelt, a dry run would write.
        said = parse_graph_call(request.query_string.decode("latin-1"), is_write=is_write)
        return self._write(absolute_iri(graph) if graph else None, said) if is_write else self._read(graph)

    def _exists(self, graph: str | None) -> bool:
        return graph is None or graph in self._service.snapshot.manifest.graphs

    def _read(self, graph: str | None) -> Response:
        """Return a graph. Asking for one counts to the client like a query."""
        names = self._service.names
        with self._clients.admit(request.remote_addr or ""):
            fmt = requested_graph_format()
            if not self._exists(graph):
                known = sorted(set(self._service.snapshot.manifest.graphs) - {graph_key(DefaultGraph())})
                close = names.guess(graph or "", known)
                there = f"Did you mean {close}?" if close else f"The graphs are: {', '.join(known)[:20_000]}."
                raise _unknown_graph(graph, there)
            return to_response(_reply(self._service, graph, fmt))

    def _write(self, graph: str | None, said: Parameters) -> Response:
        with self._writes.admit(request.environ) as token:
            is_new, name = not self._exists(graph), NamedNode(graph) if graph else DefaultGraph()
            if request.method == "DELETE":
                discard(request.environ["wsgi.input"])
                if is_new:
                    raise _unknown_graph(graph, "It may be deleted already.")
                return self._finish(Import((), name, replace=True, strict=True), said, token, is_new=False)
            with self._writes.incoming_directory() as directory:
                bodies = _receive(directory, self._most)
                operation = Import(bodies, name, replace=request.method != "POST", strict=True)
                return self._finish(operation, said, token, is_new=is_new)

    def _finish(self, operation: Import, said: Parameters, token: AccessToken, *, is_new: bool) -> Response:
        commit = parse_commit(request.environ, said, action="graph-store", author=token.name)
        try:
            outcome = self._writes.write(operation, commit)
        except SourceError as error:
            fault = error.faults[0]
            hint = fault.mend if "@context" in fault.mend else "Correct the body at this place and send it again."
            refused = QuerySyntaxError(f"the body {fault.what}", line=fault.line, column=fault.column, hint=hint)
            refused.title = "Syntax error"
            raise refused from None
        created, graph = is_new and not commit.dry_run, operation.graph
        location = _location(graph.value, self._service.names) if created and isinstance(graph, NamedNode) else ""
        return outcome_response(outcome, status=201 if created else 200, location=location)


def _unknown_graph(graph: str | None, hint: str) -> NotFound:
    message = f"there is no graph <{(graph or '')[:500]}>"
    return NotFound(message, hint=hint, code="unknown-graph")


def _named_in_query(names: Namespaces) -> str | None:
    """Return the graph that `?graph=` names, or None for `?default`. Raises `CallError` unless it is exactly one."""
    parameters = parse_parameters(request.query_string.decode("latin-1"), "the query string")
    graphs = [value for name, value in parameters if name == "graph"]
    defaults = [value for name, value in parameters if name == "default"]
    if len(graphs) + len(defaults) != 1:
        raise CallError("the request does not name exactly one graph", hint="Add ?graph=IRI or ?default.")
    if not graphs:
        return None
    # A graph may be named by its address on this server.
    path = absolute_iri(graphs[0]).removeprefix(request.url_root.rstrip("/"))
    return names.base + path.lstrip("/") if path.startswith("/graph/") else graphs[0]


def _reply(service: QueryService, graph: str | None, fmt: Format) -> Reply:
    """Return a graph with the tag of its version."""
    clause = DatasetClause((graph or "",))
    while True:
        manifest = service.snapshot.manifest
        version = manifest.version
        # A graph that did not change keeps its tag.
        tag = f"{manifest.graph_versions.get(graph or graph_key(DefaultGraph()), version)}.{fmt.name}"
        headers = [
            ("ETag", f'"{tag}"'),
            ("Dataset-Version", version),
            ("Vary", "Accept"),
            ("Cache-Control", "no-cache"),
        ]
        if request.if_none_match.contains_weak(tag):
            return Reply(304, headers)
        answer = service.query(QueryRequest(_ALL, None, fmt, clause))
        if answer.version == version:
            headers += [("Content-Type", fmt.content_type), ("Content-Length", str(answer.length))]
            outcome: dict[str, object] = {"outcome": "answered", "bytes": answer.length}
            return Reply(200, headers, answer.chunks(), answer.close, outcome)
        # A version was published between tag and answer, which must agree.
        answer.close()


def _location(graph: str, names: Namespaces) -> str:
    """Return the path at which this server answers for a graph; without a host, since a client may send any."""
    is_ours = graph.startswith(names.base)
    path = "/" + graph.removeprefix(names.base) if is_ours else graph.removeprefix(request.url_root.rstrip("/"))
    if path.startswith(("/graph/", "/graph-store/")):
        return request.script_root + path
    return f"{request.script_root}/graph-store?graph={quote(graph, safe='')}"


def _receive(directory: Path, most: int) -> tuple[RdfFile, ...]:
    """Write the request's body, or the files of a multipart one, to a directory.

    Raises `UnsupportedMediaType` for types that are not RDF, `TooLarge` for more than `most` bytes, `StorageFailure`.
    """
    check_uncoded(request.content_encoding or "")
    if request.mimetype == "multipart/form-data":
        if (request.content_length or 0) > most:
            raise _too_large(most)
        request.max_content_length = most
        parts = [part for parts in request.files.lists() for part in parts[1]]
        if not parts:
            raise CallError("the form has no file", hint="Send each graph as a file with its own Content-Type.")
        files = [(part.stream, part.mimetype) for part in parts]
    else:
        files = [(request.stream, request.mimetype)]
    return tuple(_save(stream, kind, directory / str(number), most) for number, (stream, kind) in enumerate(files))


def _save(stream: IO[bytes], media_type: str, path: Path, most: int) -> RdfFile:
    fmt, left = _format_of(media_type), most
    try:
        with path.open("wb") as file:
            while piece := stream.read(_PIECE):
                left -= file.write(piece)
                if left < 0:
                    discard(stream)
                    raise _too_large(most)
    except OSError as error:
        raise storage_failure("write to", path.parent, error) from error
    return RdfFile(path, fmt)


def _too_large(most: int) -> TooLarge:
    hint = (
        "Send it in parts with POST, or load it on the server: digitech-kg import. The operator can raise --write-size."
    )
    return TooLarge(f"the body is larger than {most:,} bytes", hint=hint)


def _format_of(media_type: str) -> Format:
    formats = of_kind(Kind.GRAPH, Kind.DATASET)
    for fmt in formats:
        # Most JSON has no triples when read as JSON-LD, so it would empty a graph.
        if media_type == fmt.media_type or (media_type in fmt.aliases and media_type != "application/json"):
            return fmt
    hint = f"Send one of: {', '.join(fmt.media_type for fmt in formats)}."
    if not media_type:
        raise UnsupportedMediaType("the body's Content-Type is missing", hint=hint)
    raise UnsupportedMediaType(f"'{media_type}' is not a format for RDF", hint=hint)
