"""The site over a store in memory, without a build, a server or another process: pages in milliseconds."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask
from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store, Triple, parse

from books import book_like, book_of
from digitech_kg.book import Book, book_quads
from digitech_kg.engine.request import QueryAnswer, QueryRequest
from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.rewriting.rewriter import Rewriter
from digitech_kg.settings import Settings
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.web.app import create_app

DATA = Path(__file__).parents[1] / "data" / "pages" / "dataset.trig"
ONTOLOGY = Path(__file__).parents[2] / "ontology"
NAMES = Namespaces(
    "https://example.org/kg/",
    (
        ("memo", "https://example.org/kg/passage/memo/"),
        ("memo-claim", "https://example.org/kg/claim/memo/"),
        ("report", "https://example.org/kg/passage/report/"),
        ("report-claim", "https://example.org/kg/claim/report/"),
        ("register-claim", "https://example.org/kg/claim/register/"),
    ),
)


@dataclass(frozen=True)
class StoredDataset:
    """What a service says of its data."""

    version: str
    manifest: Manifest
    names: Namespaces


@dataclass(eq=False)
class StoredService:
    """Answers queries from a store in this process, the default graph being the union of all."""

    store: Store
    names: Namespaces
    union_default_graph: bool = True
    rewriter: Rewriter = field(default_factory=lambda: Rewriter(None))
    #: What it says of its data if nobody writes to the store: counting takes as long as some queries.
    fixed: StoredDataset | None = None
    _counted: dict[int, StoredDataset] = field(default_factory=dict)
    #: The book of the store if that is written already.
    written: Book | None = None
    #: By the size of the store, which every write of a test changes.
    _books: dict[int, Book] = field(default_factory=dict)

    @property
    def snapshot(self) -> StoredDataset:
        if self.fixed:
            return self.fixed
        size = len(self.store)
        if size not in self._counted:
            graphs = Counter(quad.graph_name.value for quad in self.store if isinstance(quad.graph_name, NamedNode))
            manifest = Manifest("000001-test", "digest", "inputs", "2024-05-01T00:00:00Z", size, dict(graphs))
            self._counted[size] = StoredDataset("000001-test", manifest, self.names)
        return self._counted[size]

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> QueryAnswer:  # noqa: ARG002
        text = self.rewriter.rewrite(request.text, is_union=True, prefixes=tuple(request.prefixes))
        found = self.store.query(
            text, use_default_graph_as_union=True, prefixes=dict(request.prefixes), base_iri=self.names.base
        )
        if isinstance(found, QueryTriples):
            assert request.graph_format is not None
            fmt, body = request.graph_format, found.serialize(format=request.graph_format.rdf)
        else:
            assert request.solutions_format is not None
            assert isinstance(request.solutions_format.serializer, QueryResultsFormat)
            fmt, body = request.solutions_format, found.serialize(format=request.solutions_format.serializer)
        return QueryAnswer(fmt, len(body or b""), body or b"", "000001-test")

    def book(self) -> Book:
        if self.written:
            return self.written
        size = len(self.store)
        if size not in self._books:
            self._books[size] = _book_of(
                frozenset(book_quads(self.store, self.names)), replace(self.names, parts_off=())
            )
        return self._books[size]

    def load(self) -> dict[str, int]:
        return {}

    def known_quads(self) -> int:
        return self.snapshot.manifest.quads

    def close(self) -> None:
        pass


#: The first book that was asked for by names, with what it holds.
_FIRST: dict[Namespaces, tuple[frozenset[Quad], Book]] = {}


@lru_cache(maxsize=8)
def _book_of(quads: frozenset[Quad], names: Namespaces) -> Book:
    """Return the book of some quads; most stores of tests hold nearly the same ones."""
    if names not in _FIRST:
        _FIRST[names] = quads, book_of(quads, names)
    before, book = _FIRST[names]
    return book if quads == before else book_like(book, quads - before, before - quads)


@cache
def _ontology() -> tuple[Triple, ...]:
    quads = (quad for file in sorted(ONTOLOGY.glob("*.ttl")) for quad in parse(path=file, format=RdfFormat.TURTLE))
    return tuple(quad.triple for quad in quads)


def open_service(data: Path = DATA, names: Namespaces = NAMES) -> StoredService:
    """Return a service over a TriG file and the packaged ontology."""
    store = Store()
    store.load(path=str(data), format=RdfFormat.TRIG)
    store.extend(Quad(*triple, names.graphs.ontology) for triple in _ontology())
    return StoredService(store, names)


def open_site(data_dir: Path, service: StoredService | None = None, *, text: tuple[str, ...] = ()) -> Flask:
    """Return the application over a service."""
    return create_app(service or open_service(), Settings(text=text), data_dir)
