"""The writing side of the SPARQL 1.1 Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from digitech_kg.access import DEFAULT_GRAPH, Token
from digitech_kg.commit import GraphWrite, Payload
from digitech_kg.engine import QueryService
from digitech_kg.errors import CallError, NotFound, TooLarge, UnsupportedMediaType
from digitech_kg.formats import Format, Kind, of_kind
from digitech_kg.messages import Message
from digitech_kg.namespaces import Namespaces
from digitech_kg.settings import Settings
from digitech_kg.snapshot import storage_failure
from digitech_kg.web.http.urls import iri_of_path, path_of_iri
from digitech_kg.web.sparql.endpoint import discard, endpoint_url
from digitech_kg.web.sparql.graph_store import named_in_query
from digitech_kg.web.sparql.protocol import absolute_iri
from digitech_kg.web.sparql.update_request import parse_commit
from digitech_kg.web.sparql.writing import WriteService, outcome_response

_MULTIPART: Final = "multipart/form-data"
_PIECE: Final = 64 * 1024
_METHODS: Final = ["PUT", "POST", "DELETE"]


def graph_writing_blueprint(service: QueryService, writes: WriteService, settings: Settings) -> Blueprint:
    """Return the blueprint of PUT, POST and DELETE on the addresses of graphs."""
    blueprint = Blueprint("graph_writing", __name__)
    most = settings.write_size * 1024 * 1024

    @blueprint.route("/graph-store", methods=_METHODS)
    def indirect() -> Response:
        named = {"graph", "default"}.intersection(request.args)
        if request.method == "POST" and not named:
            return write(iri_of_path(f"/graph/{uuid.uuid4()}", service.names))
        return write(named_in_query(service.names))

    @blueprint.route("/graph-store/<path:_name>", methods=_METHODS)
    def direct(_name: str) -> Response:
        return write(absolute_iri(endpoint_url(request.environ)))

    @blueprint.route("/graph/<path:_name>", methods=_METHODS)
    def by_path(_name: str) -> Response:
        return write(absolute_iri(iri_of_path(request.path, service.names)))

    def write(graph: str | None) -> Response:
        with writes.admit(request.environ, graph or DEFAULT_GRAPH) as token:
            exists = graph is None or graph in service.snapshot.manifest.graphs
            if request.method == "DELETE":
                if not exists:
                    raise NotFound(
                        Message("there is no graph <{graph}>", graph=(graph or "")[:500]),
                        hint="It may be deleted already.",
                        code="unknown-graph",
                    )
                return finish(GraphWrite("DELETE", graph), token, exists=True)
            with writes.incoming_directory() as directory:
                payloads = _receive(directory, most)
                return finish(GraphWrite(request.method, graph, payloads), token, exists=exists)

    def finish(operation: GraphWrite, token: Token, *, exists: bool) -> Response:
        commit = parse_commit(request.environ, action="graph-store", author=token.name, graphs=token.graphs)
        outcome = writes.write(operation, commit)
        created = not exists and not commit.dry_run
        location = _location(operation.graph, service.names) if created and operation.graph else ""
        return outcome_response(outcome, status=201 if created else 200, location=location)

    return blueprint


def _location(graph: str, names: Namespaces) -> str:
    """Return the path at which this server answers for a graph; without a host, since a client may send any."""
    path = path_of_iri(graph, names) or graph.removeprefix(request.url_root.rstrip("/"))
    if path.startswith(("/graph/", "/graph-store/")):
        return request.script_root + path
    return f"{request.script_root}/graph-store?graph={quote(graph, safe='')}"


def _receive(directory: Path, most: int) -> tuple[Payload, ...]:
    """Write the request's body, or the files of a multipart one, to a directory.

    Raises `UnsupportedMediaType` for types that are not RDF, `TooLarge` for more than `most` bytes, `StorageFailure`.
    """
    if request.content_encoding and request.content_encoding.lower() != "identity":
        raise UnsupportedMediaType("compressed request bodies are not accepted", hint="Send the body uncompressed.")
    if request.mimetype == _MULTIPART:
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


def _save(stream: IO[bytes], media_type: str, path: Path, most: int) -> Payload:
    fmt = _format_of(media_type)
    try:
        with path.open("wb") as file:
            for piece in _pieces(stream, most):
                file.write(piece)
    except OSError as error:
        raise storage_failure("write to", path.parent, error) from error
    return Payload(path, fmt.name)


def _pieces(stream: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield what a stream holds. Raises `TooLarge` when there is more than `most` bytes."""
    left = most
    while piece := stream.read(_PIECE):
        left -= len(piece)
        if left < 0:
            discard(stream)
            raise _too_large(most)
        yield piece


def _too_large(most: int) -> TooLarge:
    hint = (
        "Send it in parts with POST, or load it on the server: digitech-kg import. The operator can raise --write-size."
    )
    return TooLarge(Message("the body is larger than {size:,} bytes", size=most), hint=hint)


def _format_of(media_type: str) -> Format:
    formats = of_kind(Kind.GRAPH, Kind.DATASET)
    for fmt in formats:
        if media_type == fmt.media_type:
            return fmt
    for fmt in formats:
        # Most JSON has no triples as JSON-LD: taken for it, it would empty a graph.
        if media_type in fmt.aliases and media_type != "application/json":
            return fmt
    known = ", ".join(fmt.media_type for fmt in formats)
    what = (
        Message("'{media_type}' is not a format for RDF", media_type=media_type)
        if media_type
        else "the body's Content-Type is missing"
    )
    raise UnsupportedMediaType(what, hint=Message("Send one of: {names}.", names=known))
