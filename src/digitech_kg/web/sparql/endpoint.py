"""`/sparql`: queries and updates by the SPARQL Protocol, and the description of the service."""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Blueprint, redirect, request, url_for
from pyoxigraph import RdfFormat, parse
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from digitech_kg.engine.request import QueryAnswer, QueryRequest, QueryService
from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.formats import FORMATS, Format
from digitech_kg.namespaces import SD, VOID
from digitech_kg.settings import MIB, Settings
from digitech_kg.sparql_text.tokens import find_keyword
from digitech_kg.web.http.caching import AnswerCache, CachedAnswer, choose_coding, encode, encode_chunks
from digitech_kg.web.http.limits import ClientLimits, read_body
from digitech_kg.web.http.middleware import OUTCOME, PATH
from digitech_kg.web.http.negotiation import ResultFormats, choose_results, prefers_page
from digitech_kg.web.http.problems import Reply
from digitech_kg.web.reading.reader import GraphReader, advise_on, write_rdf
from digitech_kg.web.site import Site
from digitech_kg.web.sparql.protocol import UPDATE, ProtocolRequest, is_update, parse_query, read_parameters
from digitech_kg.web.sparql.writing import WriteService, may_write_unannounced, media_type_of

_METHODS_WITH_BODY = ("POST", "QUERY")
#: Query strings up to this length are remembered as they were read.
_SHORT = 8192
_VARY = ("Vary", "Accept, Accept-Encoding")
_CACHE_CONTROL = ("Cache-Control", "no-cache")
#: What may differ though the dataset is the same: answers that use one aren't kept.
_FLEETING = ("SERVICE", "RAND", "NOW", "UUID", "STRUUID", "BNODE")


class SparqlEndpoint:
    """Answers query operations of the SPARQL 1.1 Protocol, from the cache where it can."""

    def __init__(
        self, service: QueryService, settings: Settings, clients: ClientLimits, *, takes_updates: Callable[[], bool]
    ) -> None:
        self._service = service
        self._takes_updates = takes_updates
        self._max_body_bytes = settings.body_size * MIB
        self._cache = AnswerCache(settings.cache_size * MIB)
        self._clients = clients

    def respond(self, environ: dict[str, Any]) -> Reply | None:
        """Answer a request, or return None if the client prefers a page or the request is an update.

        Raises the errors of `digitech_kg.errors`.
        """
        reply = self._answer(environ)
        if reply is None or environ.get("HTTP_IF_NONE_MATCH", "").strip() != "*":
            return reply
        # The client has any answer already, and there is one (RFC 9110, section 13.1.2).
        reply.close()
        return Reply(304, [header for header in reply.headers if not header[0].startswith("Content-")])

    def _answer(self, environ: dict[str, Any]) -> Reply | None:
        found = self._read(environ)
        if found is None or found[1].html:
            return None
        operation, choice = found
        if operation.query is None:
            return self._describe(environ, choice)
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # Each access asks the file system whether it is still current.
        dataset = self._service.snapshot
        version = dataset.version
        etag = _etag(version, operation, choice, coding)
        if etag.strip('"') in parse_etags(environ.get("HTTP_IF_NONE_MATCH", "")).as_set(include_weak=True):
            headers = [("ETag", etag), ("Dataset-Version", version), _VARY, _CACHE_CONTROL]
            return Reply(304, headers, outcome={"outcome": "not modified"})
        if kept := self._cache.find(etag):
            return Reply(200, list(kept.headers), (kept.body,), outcome={"outcome": "cached", "bytes": len(kept.body)})
        with self._clients.admit(environ.get("REMOTE_ADDR", "")):
            prefixes = dataset.names.prefixes_in(operation.query)
            request = QueryRequest(operation.query, choice.solutions, choice.graph, operation.dataset, prefixes)
            answer = self._service.query(request, timeout_s=operation.timeout_s)
        if answer.version != version:
            etag = _etag(answer.version, operation, choice, coding)
        return self._reply(answer, operation.query, etag, coding)

    def _read(self, environ: dict[str, Any]) -> tuple[ProtocolRequest, ResultFormats] | None:
        """Return the query and what its result is to look like; None for an update."""
        method, query_string = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        accept = environ.get("HTTP_ACCEPT", "")
        if method not in _METHODS_WITH_BODY:
            read = _read_get if len(query_string) <= _SHORT else _read_get.__wrapped__
            return read(query_string, accept)
        if method == "POST" and (media_type_of(environ) == UPDATE or may_write_unannounced(environ)):
            return None
        parameters = read_parameters(environ, read_body(environ, self._max_body_bytes))
        if method == "POST" and is_update(parameters):
            return None
        operation = parse_query(parameters)
        return operation, choose_results(accept, operation.format)

    def _describe(self, environ: Mapping[str, Any], choice: ResultFormats) -> Reply:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise CallError("there is no query", hint="Give a SPARQL query in the parameter 'query'.")
        if choice.graph is None:
            hint = "Give a SPARQL query in the parameter 'query', or ask for RDF to get the service description."
            raise CallError("there is no query", hint=hint)
        body = describe_service(self._service, endpoint_url(environ), choice.graph, takes_updates=self._takes_updates())
        headers = [("Content-Type", choice.graph.content_type), ("Content-Length", str(len(body))), _VARY]
        headers.append(("Dataset-Version", self._service.snapshot.version))
        return Reply(200, headers, (body,), outcome={"outcome": "described", "bytes": len(body)})

    def _reply(self, answer: QueryAnswer, query: str, etag: str, coding: str) -> Reply:
        headers = [
            ("Content-Type", answer.format.content_type),
            ("Dataset-Version", answer.version),
            _VARY,
            _CACHE_CONTROL,
        ]
        if advice := advise_on(self._service, query):
            headers.append(("Query-Advice", ", ".join(each.field for each in advice)))
        lasting = find_keyword(query, *_FLEETING) is None
        if lasting:
            headers.append(("ETag", etag))
        outcome: dict[str, object] = {
            "outcome": "answered",
            "bytes": answer.length,
            "format": answer.format.name,
            "query": query,
        }
        if not isinstance(answer.source, bytes):
            headers.append(("Content-Encoding", coding) if coding else ("Content-Length", str(answer.length)))
            return Reply(200, headers, encode_chunks(answer.chunks(), coding), answer.close, outcome)
        body = answer.source
        if coding := choose_coding(coding, len(body)):
            body = encode(body, coding)
            headers.append(("Content-Encoding", coding))
        headers.append(("Content-Length", str(len(body))))
        if lasting:
            self._cache.keep(etag, CachedAnswer(body, tuple(headers)))
        return Reply(200, headers, (body,), outcome=outcome)


@lru_cache(maxsize=1024)
def _read_get(query_string: str, accept: str) -> tuple[ProtocolRequest, ResultFormats]:
    """Read and negotiate a GET; the same question is asked in the same words again and again."""
    operation = parse_query(read_parameters({"REQUEST_METHOD": "GET", "QUERY_STRING": query_string}))
    return operation, choose_results(accept, operation.format)


def endpoint_url(environ: Mapping[str, Any]) -> str:
    """Return the address of the request without its query string (PEP 3333, URL reconstruction)."""
    host = environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', '')}:{environ.get('SERVER_PORT', '')}"
    path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"), safe=PATH)
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}{path}"


def _etag(version: str, operation: ProtocolRequest, choice: ResultFormats, coding: str) -> str:
    formats = [fmt.name if fmt else "" for fmt in (choice.solutions, choice.graph)]
    graphs = [*operation.dataset.default_graphs, "", *operation.dataset.named_graphs]
    parts = "\0".join([operation.query or "", *graphs, *formats, coding])
    return f'"{version}.{hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:20]}"'


def describe_service(service: QueryService, endpoint: str, fmt: Format, *, takes_updates: bool) -> bytes:
    """Return the SPARQL 1.1 Service Description of what is really there, in a format for graphs.

    https://www.w3.org/TR/sparql11-service-description/
    """
    manifest = service.snapshot.manifest
    in_default = manifest.quads if service.union_default_graph else manifest.graphs.get("DEFAULT", 0)
    named = [
        f"; sd:namedGraph [ a sd:NamedGraph ; sd:name <{name}> ; sd:graph [ a sd:Graph ; void:triples {triples} ] ]"
        for name, triples in sorted(manifest.graphs.items())
        if name != "DEFAULT"
    ]
    # Inferred triples are in graphs of their own and are queried like any others: there is no entailment regime.
    text = f"""
        PREFIX sd: <{SD[""].value}>
        PREFIX void: <{VOID[""].value}>
        [] a sd:Service ;
            sd:endpoint <{endpoint}> ;
            sd:supportedLanguage sd:SPARQL11Query{", sd:SPARQL11Update" if takes_updates else ""} ;
            {"sd:feature sd:UnionDefaultGraph ;" if service.union_default_graph else ""}
            sd:resultFormat {", ".join(f"<{each.iri}>" for each in FORMATS)} ;
            sd:defaultEntailmentRegime <http://www.w3.org/ns/entailment/Simple> ;
            sd:defaultDataset [
                a sd:Dataset ;
                sd:defaultGraph [ a sd:Graph ; void:triples {in_default} ] {" ".join(named)}
            ] .
    """
    return write_rdf([quad.triple for quad in parse(text, RdfFormat.TURTLE)], fmt, service.names)


def sparql_blueprint(
    site: Site, endpoint: SparqlEndpoint, writes: WriteService, render_editor: Callable[[GraphReader], str]
) -> Blueprint:
    """Return the blueprint of `/sparql` over an endpoint; updates go to `writes`. People who ask nothing get a page."""
    blueprint = Blueprint("sparql", __name__)

    def editor() -> Response:
        page = render_editor(site.reader)
        return Response(page, content_type="text/html; charset=utf-8", headers={"Vary": "Accept"})

    @blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
    def sparql() -> Response:
        method, environ = request.method, request.environ
        is_read = method in ("GET", "HEAD")
        if is_read and "query" not in request.args and prefers_page(request.headers.get("Accept", "")):
            return editor()
        if method == "POST" and media_type_of(environ) == UPDATE:
            return writes.update(environ)
        if method == "POST" and may_write_unannounced(environ):
            writes.receive_form(environ)
        if (reply := endpoint.respond(environ)) is not None:
            return to_response(reply)
        parameters = read_parameters(environ, b"" if is_read else environ["wsgi.input"].getvalue())
        if method == "POST" and is_update(parameters):
            return writes.update(environ)
        operation = parse_query(parameters)
        return _lead_to_results(operation) if operation.query or operation.dataset else editor()

    return blueprint


def to_response(reply: Reply) -> Response:
    response = Response(reply.body, status=reply.status, headers=reply.headers)
    response.call_on_close(reply.close)
    request.environ[OUTCOME] = reply.outcome
    return response


def _lead_to_results(operation: ProtocolRequest) -> Response:
    """Send a browser to the page for its query.

    Raises `NotAcceptable` for a query on a dataset of its own, whose result no page shows.
    """
    if operation.dataset:
        available = [fmt.media_type for fmt in FORMATS]
        raise NotAcceptable("pages can't show results with default-graph-uri or named-graph-uri", available=available)
    kept: dict[str, Any] = {name: request.values[name] for name in ("view", "lang") if name in request.values}
    response = redirect(url_for("editor.results", query=operation.query, **kept), code=303)
    response.vary.add("Accept")
    return response
