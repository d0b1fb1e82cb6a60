"""Write a book from the quads of a dataset, update it with a change, and open the book of a version.

Quads are read as lines of N-Quads: each term is then parsed once, however many quads have it.
"""

import errno
import os
import re
import shutil
import sqlite3
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from digitech_kg.book.claim_reader import ClaimReader
from digitech_kg.book.issues import IssueReader
from digitech_kg.book.rows import claims_citing, delete_rows, insert_rows, iter_rows, iter_subjects
from digitech_kg.book.schema import BOOK_FILE, INDEXES, IRI, TABLES, kind_of, statement
from digitech_kg.book.searching import SearchReader
from digitech_kg.book.tables import gone
from digitech_kg.iteration import batched
from digitech_kg.namespaces import SHAPES, TERMS, GraphName, Namespaces
from digitech_kg.snapshot.changes import iter_pieces
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

#: Subject, property, value and graph of a quad as N-Quads writes them; a graph comes with the space after it.
_Fields = tuple[bytes, bytes, bytes, bytes]
#: A line without a blank node as subject or value, and without a triple term.
_LINE: Final = re.compile(
    rb'^(<[^<>]*+>) (<[^<>]*+>) (<[^<>]*+>|"(?:[^"\\]++|\\.)*+"\S*+) (<[^<>]*+> |_:\S++ |)\.$', re.MULTILINE
)
#: Rows of so many batches may wait to be inserted.
_MOST_PENDING: Final = 2


def write_book(path: Path, quads: Iterable[Quad], names: Namespaces) -> None:
    """Write the book of a dataset to a new file while its quads come. Raises `OSError` for what the disk refuses.

    Quads that come twice, or don't stand in a book, do no harm.
    """
    with _system_errors(), closing(_open(path)) as database:
        database.executescript(TABLES)
        writer = _Writer(database, names)
        for lines in iter_pieces(quads):
            writer.add(_kept(lines, names))
        database.commit()
        _insert_rows(path, database, names)
        database.execute("ANALYZE")
        database.commit()


def _insert_rows(path: Path, database: sqlite3.Connection, names: Namespaces) -> None:
    """Insert what follows from what is said, with all indexes.

    A thread writes meanwhile. What is said is read over a connection of its own, in one transaction that begins
    before: no page that it reads changes from now on, and it looks at none that do.
    """
    with closing(_connect(f"{path.absolute().as_uri()}?immutable=1")) as said, ThreadPoolExecutor(1) as beside:
        said.execute("BEGIN")
        said.execute("SELECT 1 FROM said LIMIT 1").fetchall()
        indexed = beside.submit(database.executescript, statement("index_said"))
        pending = deque[Future[None]]()
        for rows in iter_rows(iter_subjects(said), names):
            pending.append(beside.submit(insert_rows, database, rows))
            if len(pending) > _MOST_PENDING:
                pending.popleft().result()
        indexed.result()
        for inserted in pending:
            inserted.result()
    database.executescript(INDEXES)


def update_book(path: Path, before: Path, added: Iterable[Quad], removed: Iterable[Quad], names: Namespaces) -> None:
    """Write a book that differs from the one before, which may be the same file, by quads that came and went.

    It is a hard link to the one before if nothing that stands in it changed. Raises `OSError` for what the disk
    refuses.
    """
    come, gone = (filter(None, (_kept(lines, names) for lines in iter_pieces(quads))) for quads in (added, removed))
    first = [next(come, []), next(gone, [])]
    if path != before:
        if not any(first):
            path.hardlink_to(before)
            return
        shutil.copyfile(before, path)
    with _system_errors(), closing(_open(path)) as database, database:
        writer, touched = _Writer(database, names), set[int]()
        for quads in chain([first[1]], gone):
            touched |= writer.remove(quads)
        for quads in chain([first[0]], come):
            touched |= writer.add(quads)
        touched |= claims_citing(database, touched)
        for batch in batched(sorted(touched)):
            delete_rows(database, batch)
            for rows in iter_rows(iter_subjects(database, batch), names):
                insert_rows(database, rows)


def _kept(lines: bytes, names: Namespaces) -> list[_Fields]:
    """Return the quads that stand in a book.

    Those are quads without blank nodes, and of foreign graphs only those with an IRI of the project's own.
    """
    base, graphs = f"<{names.base}".encode(), f"<{names.graphs.root}".encode()
    vocabulary = (f"<{TERMS}".encode(), f"<{SHAPES}".encode())

    def is_own(term: bytes) -> bool:
        return term.startswith(base) and not term.startswith(vocabulary)

    # Nothing of a million lines of others need be taken apart.
    found: list[_Fields] = _LINE.findall(lines) if base in lines else []
    return [row for row in found if row[3].startswith(graphs) or is_own(row[0]) or is_own(row[2])]


class _Writer:
    """Adds quads to an open book, and takes quads out of it."""

    def __init__(self, database: sqlite3.Connection, names: Namespaces) -> None:
        self._database, self._names = database, names
        self._kinds: dict[str, int] = dict(database.execute("SELECT text, id FROM kind"))
        self._last: int = database.execute("SELECT coalesce(max(id), 0) FROM term").fetchone()[0]
        #: Whether terms may be there that were not met by this writer.
        self._looks_up = self._last > 0
        self._terms = cache(self._term)
        self._graphs = cache(self._graph)
        #: Terms that are to be written, in the order of their numbers.
        self._new: list[bytes] = []
        if IRI not in self._kinds:
            self._kind(IRI)

    def add(self, quads: Sequence[_Fields]) -> set[int]:
        """Add quads and return the numbers of their subjects."""
        rows = sorted(self._rows(quads))
        first = self._last - len(self._new) + 1
        terms = ((number, text, self._kind(kind)) for number, (text, kind) in enumerate(_parse(self._new), start=first))
        self._database.executemany("INSERT INTO term VALUES (?, ?, ?)", list(terms))
        self._new.clear()
        self._database.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", rows)
        return {row[0] for row in rows}

    def remove(self, quads: Sequence[_Fields]) -> set[int]:
        """Take quads out and return the numbers of their subjects. Their terms stay."""
        rows = self._rows(quads)
        self._database.executemany(statement("delete_said"), rows)
        return {row[0] for row in rows}

    def _rows(self, quads: Sequence[_Fields]) -> list[tuple[int, int, int, int]]:
        terms, graphs = self._terms, self._graphs
        return [(terms(subject), terms(prop), terms(value), graphs(graph)) for subject, prop, value, graph in quads]

    def _term(self, written: bytes) -> int:
        if self._looks_up:
            found = self._database.execute(statement("number_of_term"), next(_parse([written]))).fetchone()
            if found:
                return int(found[0])
        self._last += 1
        self._new.append(written)
        return self._last

    def _kind(self, kind: str) -> int:
        if kind not in self._kinds:
            self._kinds[kind] = len(self._kinds)
            self._database.execute("INSERT INTO kind VALUES (?, ?)", (self._kinds[kind], kind))
        return self._kinds[kind]

    def _graph(self, written: bytes) -> int:
        graph, graphs = _graph_of(written.decode().rstrip()), self._names.graphs
        iri = "" if isinstance(graph, DefaultGraph) else graph.value
        aside = 2 if graphs.is_foreign(graph) else int(graphs.is_inferred(graph))
        self._database.execute(
            "INSERT OR IGNORE INTO graph(iri, document, aside, derived) VALUES (?, ?, ?, ?)",
            (iri, graphs.document_of(graph) or "", aside, graphs.is_derived(graph)),
        )
        return int(self._database.execute("SELECT id FROM graph WHERE iri = ?", (iri,)).fetchone()[0])


def _parse(terms: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    lines = b"".join(b"<x:> <x:> %b .\n" % term for term in terms)
    triples: Any = parse(lines, format=RdfFormat.N_TRIPLES)
    return ((triple.object.value, kind_of(triple.object)) for triple in triples)


def _graph_of(written: str) -> GraphName:
    if not written:
        return DefaultGraph()
    return BlankNode(written[2:]) if written.startswith("_:") else NamedNode(written[1:-1])


def _open(path: Path) -> sqlite3.Connection:
    """Open a file to write to. It is flushed to the disk together with the version that it belongs to, not before."""
    database = _connect(path.absolute().as_uri())
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA cache_size = -65536")
    return database


def _connect(address: str) -> sqlite3.Connection:
    """Open a connection that any thread may use, one at a time."""
    return sqlite3.connect(address, uri=True, check_same_thread=False)


@contextmanager
def _system_errors() -> Iterator[None]:
    """Turn what SQLite says of the disk into what the system says of it; the file can't be used then."""
    try:
        yield
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from error


#: Versions whose books are kept open.
_OPEN: Final = 4
_BUILDING: Final = threading.Lock()
#: The quads of a graph that name something of the project's own.
_NAMING_OWN: Final = """SELECT ?s ?p ?o WHERE { %s FILTER(ISIRI(?s) && (
  STRSTARTS(STR(?s), "%s") || (ISIRI(?o) && STRSTARTS(STR(?o), "%s")))) }"""


class Book(ClaimReader, SearchReader, IssueReader):
    """The read model of one version: what pages, reports, exports and reconciliation read instead of asking the engine.

    It holds every quad of the project's graphs without blank nodes, and of foreign graphs those that name something of
    the project's own. Several values of one property always come in the same order: IRIs before texts, each from A to
    Z. Thread-safe, and never changes.
    """


@lru_cache(maxsize=_OPEN)
def open_book(snapshot: Snapshot) -> Book:
    """Return the book of a version. It is written first if the version has none that this program can read.

    Raises `Gone` if the version was removed.
    """
    path, names = snapshot.directory / BOOK_FILE, snapshot.names
    with _BUILDING:
        if not path.is_file():
            if not snapshot.store.is_dir():
                raise gone(snapshot.directory)
            path = _write_missing(path, book_quads(open_read_only(snapshot.store), names), names)
    return Book(path, names)


def book_quads(store: Store, names: Namespaces) -> Iterator[Quad]:
    """Yield the quads of a store that a book can hold, graph by graph."""
    for graph in (*store.named_graphs(), DefaultGraph()):
        if not names.graphs.is_foreign(graph):
            yield from store.quads_for_pattern(None, None, None, graph)
        elif isinstance(graph, NamedNode | DefaultGraph):
            triples = "{ ?s ?p ?o }" if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{ ?s ?p ?o }}"
            # The engine finds the few of a million faster than a loop here.
            for row in cast(QuerySolutions, store.query(_NAMING_OWN % (triples, names.base, names.base))):
                yield Quad(row["s"], row["p"], row["o"], graph)


def _write_missing(path: Path, quads: Iterable[Quad], names: Namespaces) -> Path:
    """Write a book where it belongs, whole or not at all; where the disk is read-only, among temporary files."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="book-", dir=path.parent))
    except OSError:
        path = Path(tempfile.mkdtemp(prefix="digitech-kg-book-")) / path.name
        write_book(path, quads, names)
        return path
    try:
        write_book(folder / path.name, quads, names)
        (folder / path.name).replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return path
