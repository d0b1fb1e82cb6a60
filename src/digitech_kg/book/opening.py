"""Open the book of a version, or write it first where there is none."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from digitech_kg.book.claim_reader import ClaimReader
from digitech_kg.book.issues import IssueReader
from digitech_kg.book.passages import PassageReader
from digitech_kg.book.schema import FILE_NAME
from digitech_kg.book.searching import SearchReader
from digitech_kg.book.writing import write_book
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

#: Versions whose books are kept open.
_OPEN: Final = 4
_BUILDING: Final = threading.Lock()
#: The quads of a graph that name something of the project's own.
_NAMING_OWN: Final = """SELECT ?s ?p ?o WHERE { %s FILTER(ISIRI(?s) && (
  STRSTARTS(STR(?s), "%s") || (ISIRI(?o) && STRSTARTS(STR(?o), "%s")))) }"""


class Book(ClaimReader, PassageReader, SearchReader, IssueReader):
    """The read model of one version: what pages, reports, exports and reconciliation read instead of asking the engine.

    It holds every quad of the project's graphs without blank nodes, and of foreign graphs those that name something of
    the project's own. Several values of one property always come in the same order: IRIs before texts, each from A to
    Z. Thread-safe, and never changes.
    """


def open_book(snapshot: Snapshot) -> Book:
    """Return the book of a version. It is written first if the version has none that this program can read."""
    return _open(snapshot.directory, snapshot.store, snapshot.names)


def book_quads(store: Store, names: Namespaces) -> Iterator[Quad]:
    """Yield the quads of a store that a book can hold, graph by graph."""
    for graph in (*store.named_graphs(), DefaultGraph()):
        if not names.graphs.is_foreign(graph):
            yield from store.quads_for_pattern(None, None, None, graph)
        elif isinstance(graph, NamedNode | DefaultGraph):
            yield from _naming_own(store, graph, names)


@lru_cache(maxsize=_OPEN)
def _open(directory: Path, store: Path, names: Namespaces) -> Book:
    path = directory / FILE_NAME
    with _BUILDING:
        if not path.is_file():
            path = _write_missing(path, book_quads(open_read_only(store), names), names)
    return Book(path, names)


def _write_missing(path: Path, quads: Iterable[Quad], names: Namespaces) -> Path:
    """Write a book where it belongs, whole or not at all; where the disk is read-only, among temporary files."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="book-", dir=path.parent))
    except OSError:
        path = Path(tempfile.mkdtemp(prefix="digitech-kg-book-")) / path.name
        write_book(path, quads, names)
        return path
    write_book(folder / path.name, quads, names)
    (folder / path.name).replace(path)
    folder.rmdir()
    return path


def _naming_own(store: Store, graph: GraphName, names: Namespaces) -> Iterator[Quad]:
    triples = "{ ?s ?p ?o }" if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{ ?s ?p ?o }}"
    # The engine finds the few of a million faster than a loop here.
    found = cast(QuerySolutions, store.query(_NAMING_OWN % (triples, names.base, names.base)))
    for row in found:
        yield Quad(row["s"], row["p"], row["o"], graph)
