"""The query service over a SPARQL 1.1 store elsewhere: the same interface, limits and answers as for a snapshot.

Its book is written anew in the background when the store has changed.
"""

import hashlib
import json
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.book import BOOK_FILE, Book, write_book
from digitech_kg.engine.request import QueryAnswer, QueryRequest, no_accepted_format
from digitech_kg.errors import DigitechError, RemoteFailure
from digitech_kg.formats import Kind, by_name
from digitech_kg.http_client import HttpClient, HttpError, Received, without_credentials
from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.remote.client import (
    accept_header,
    check_forwardable,
    check_status,
    convert,
    failure_of,
    source_format,
    with_base,
)
from digitech_kg.settings import MIB, Settings
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.sparql_text.checks import check_query
from digitech_kg.sparql_text.tokens import names_graphs

#: After so many versions the dataset is read again even if its figures are the same: not every change shows in them.
_MOST_TRUSTED: Final = 10
_JSON = by_name("json")
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
#: Whether a sample of the named graphs is missing from the default graph.
_NO_UNION = "ASK { { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 50 } FILTER NOT EXISTS { ?s ?p ?o } }"
#: True only from a store that ignores which graphs a query names.
_DEAF = "ASK FROM <urn:x-digitech-kg:no-such-graph> { ?s ?p ?o }"
#: How many triples each graph has, and how long their objects are together.
_FIGURES = (
    "SELECT ?g (COUNT(*) AS ?n) (SUM(STRLEN(STR(?o))) AS ?length) "
    "WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
)
#: What a book holds of a graph, and which triples of a foreign one.
_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH %s { ?s ?p ?o } FILTER(!ISBLANK(?s) && !ISBLANK(?o)) %s }"
_NAMING_OWN = 'FILTER(STRSTARTS(STR(?s), "%s") || (ISIRI(?o) && STRSTARTS(STR(?o), "%s")))'
#: Quads of the project's own graphs from which on a book of them takes too long: 40 s, here.
_MOST_QUADS = 2_000_000


class RemoteService:
    """Answers queries from a store elsewhere. Thread-safe.

    A remote store has no snapshots, so a version covers `engine_refresh` seconds: clients and caches may keep an answer
    for that long.
    """

    def __init__(self, settings: Settings, names: Namespaces) -> None:
        self.settings, self.names = settings, names
        self.union_default_graph = settings.union_default_graph
        self._url, self._connections, self._refresh_s = settings.engine, settings.workers, settings.engine_refresh
        self._client = HttpClient(connections=self._connections)
        address = hashlib.sha256(without_credentials(self._url).encode()).hexdigest()
        self._stamp = f"remote-{address[:8]}-{int(time.time())}"
        self._started = time.monotonic()
        self._dataset_of = lru_cache(maxsize=1)(lambda version: RemoteDataset(version, self))
        #: The newest book, its version and figures of the store, and for how many versions these are the same.
        self._book: Book | None = None
        self._book_version, self._figures, self._trusted = "", object(), 0
        self._renewing = threading.Lock()

    @property
    def snapshot(self) -> "RemoteDataset":
        """The store's dataset as far as it is known in the present window of time."""
        window = int((time.monotonic() - self._started) / self._refresh_s)
        return self._dataset_of(f"{self._stamp}-{window}")

    def book(self) -> Book:
        """Return the read model of the store's dataset. The first time it is read while the caller waits.

        In each further window of time the old book is returned and renewed in the background. Raises what `query`
        raises, if there is no book.
        """
        book, version = self._book, self.snapshot.version
        if book is None:
            with self._renewing:
                return self._read_book(version) if self._book is None else self._book
        if self._book_version != version and self._renewing.acquire(blocking=False):
            threading.Thread(target=self._renew_book, args=(version,), daemon=True).start()
        return book

    def _renew_book(self, version: str) -> None:
        try:
            # If the store can't be reached its old book stays, and the next window of time tries again.
            with suppress(DigitechError):
                self._book_version = version
                self._read_book(version)
        finally:
            self._renewing.release()

    def _read_book(self, version: str) -> Book:
        """Read the dataset, if its figures are others: nearly all changes show in them."""
        figures, book = self.ask_store(_FIGURES, time.monotonic() + self.settings.query_timeout), self._book
        self._trusted = self._trusted + 1 if figures == self._figures else 0
        if book is None or self._trusted % _MOST_TRUSTED == 0:
            folder = Path(tempfile.mkdtemp(prefix="digitech-kg-book-"))
            write_book(folder / BOOK_FILE, self._quads(), self.names)
            book = Book(folder / BOOK_FILE, self.names)
            weakref.finalize(book, shutil.rmtree, folder, ignore_errors=True)
        self._book, self._book_version, self._figures = book, version, figures
        return book

    def _quads(self) -> Iterator[Quad]:
        """Yield the quads that a book holds, graph by graph."""
        graphs = {iri: NamedNode(iri) for iri in self.snapshot.manifest.graphs}
        own = {iri for iri, graph in graphs.items() if not self.names.graphs.is_foreign(graph)}
        if sum(self.snapshot.manifest.graphs[iri] for iri in own) > _MOST_QUADS:
            hint = "Ask it in SPARQL, or let the built-in engine serve the data."
            raise RemoteFailure("the remote store is too large for pages", hint=hint)
        for iri, graph in graphs.items():
            which = "" if iri in own else _NAMING_OWN % (self.names.base, self.names.base)
            request = QueryRequest(_TRIPLES % (graph, which), None, by_name("ntriples"))
            with self.query(request) as answer:
                for quad in parse(answer.read(), RdfFormat.N_TRIPLES):
                    yield Quad(quad.subject, quad.predicate, quad.object, graph)

    def load(self) -> dict[str, int]:
        return {"running": self._client.running}

    def known_quads(self) -> int | None:
        """Return the number of quads if it was counted in this window; counting may be slow."""
        manifest: Manifest | None = self.snapshot.__dict__.get("manifest")
        return manifest.quads if manifest else None

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> QueryAnswer:
        """Check a query, have the store run it, and return the whole result.

        Raises what `check_query` and `check_forwardable` raise, `QuerySyntaxError` for what the store does not
        understand, `NotAcceptable`, `QueryTimeout`, `LimitExceeded`, `Busy`, and `RemoteFailure` for all else.
        """
        started = time.monotonic()
        allowed = min(self.settings.query_timeout, timeout_s or self.settings.query_timeout)
        if request.prefixes:
            # On the query's own first line, so that lines in error messages stay true.
            declared = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in request.prefixes)
            request = replace(request, text=f"{declared} {request.text}", prefixes=())
        request = replace(request, text=with_base(request.text, self.names.base))
        check_query(request.text, self.settings.query_length)
        kind = check_forwardable(request.text)
        target = request.solutions_format if kind is Kind.SOLUTIONS else request.graph_format
        if target is None:
            raise no_accepted_format(is_solutions=kind is Kind.SOLUTIONS)
        dataset = self.snapshot
        form = {"query": request.text} | self._graphs(request, dataset, started + allowed)
        received = self._send(form, kind, started + allowed)
        with received.body:
            check_status(received)
            source, length = convert(
                received, source_format(received, kind), target, ceiling=self.settings.result_size * MIB
            )
        return QueryAnswer(target, length, source, dataset.version, time.monotonic() - started)

    def _graphs(self, request: QueryRequest, dataset: "RemoteDataset", deadline: float) -> dict[str, str | list[str]]:
        """Name the request's dataset, or all graphs where the union is wanted and the store's default is another."""
        # An empty name asks for the store's own default graph.
        default, named = list(filter(None, request.dataset.default_graphs)), list(request.dataset.named_graphs)
        if request.dataset or names_graphs(request.text):
            dataset.check_named_graphs_count(deadline)
        elif self.union_default_graph:
            default = named = dataset.graphs_to_name(deadline)
        return {"default-graph-uri": default, "named-graph-uri": named}

    def ask_store(self, text: str, deadline: float) -> list[dict[str, str]]:
        """Return the answer to a question of our own: the values of each row by variable; an empty row is a yes."""
        received = self._send({"query": text}, Kind.SOLUTIONS, deadline)
        with received.body:
            check_status(received)
            source = source_format(received, Kind.SOLUTIONS)
            body, _ = convert(received, source, _JSON, ceiling=self.settings.result_size * MIB)
        with QueryAnswer(_JSON, 0, body, "") as answer:
            document = json.loads(answer.read())
        if "boolean" in document:
            return [{}] if document["boolean"] else []
        return [{name: term["value"] for name, term in row.items()} for row in document["results"]["bindings"]]

    def _send(self, form: Mapping[str, str | list[str]], kind: Kind, deadline: float) -> Received:
        timeout_s, ceiling = max(0.0, deadline - time.monotonic()), self.settings.result_size * MIB
        accept = {"Accept": accept_header(kind)}
        try:
            return self._client.post(self._url, accept, form, timeout_s=timeout_s, max_bytes=ceiling)
        except HttpError as error:
            raise failure_of(
                error, self._url, timeout_s=timeout_s, ceiling=ceiling, connections=self._connections
            ) from None

    def close(self) -> None:
        self._client.close()


class RemoteDataset:
    """What a remote store holds, asked for when it is first needed and kept for one window of time."""

    def __init__(self, version: str, service: RemoteService) -> None:
        self.version, self.names = version, service.names
        self._service = service
        self._answers = dict[str, list[dict[str, str]]]()

    def _ask(self, text: str, deadline: float) -> list[dict[str, str]]:
        if text not in self._answers:
            self._answers[text] = self._service.ask_store(text, deadline)
        return self._answers[text]

    def graphs_to_name(self, deadline: float) -> list[str]:
        """Return the graphs to name for a union default graph; none where the store's default graph is one already."""
        return sorted(row["g"] for row in self._ask(_GRAPHS, deadline)) if self._ask(_NO_UNION, deadline) else []

    def check_named_graphs_count(self, deadline: float) -> None:
        """Raise `RemoteFailure` if the store ignores the graphs that a query names: its answer would be of others."""
        if self._ask(_DEAF, deadline):
            hint = "Use GRAPH instead of FROM and default-graph-uri. See docs/engines.md for how to set up the store."
            raise RemoteFailure("the remote store ignores which graphs a query names", hint=hint)

    @cached_property
    def manifest(self) -> Manifest:
        """Numbers of triples by graph. Raises what `RemoteService.query` raises."""
        rows = self._service.ask_store(_COUNTS, time.monotonic() + self._service.settings.query_timeout)
        if not all(row.get("n", "").isdigit() for row in rows):
            raise RemoteFailure("the remote store gave no count of its triples")
        graphs = {row["g"]: int(row["n"]) for row in rows if "g" in row}
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return Manifest(self.version, "", "", created, sum(graphs.values()), graphs)
