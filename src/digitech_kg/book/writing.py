"""Write a book from the quads of a dataset, or bring a copy up to date with a change."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from digitech_kg.book.rows import SubjectRows, delete_rows, insert_rows, iter_subjects, sum_up
from digitech_kg.book.schema import INDEXES, IRI, TABLES, kind_of
from digitech_kg.iteration import batched
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.snapshot import QuadFile

#: Rows that are written together.
_BATCH: Final = 20_000


def write_book(path: Path, quads: Iterable[Quad], names: Namespaces) -> None:
    """Write the book of a dataset to a new file; quads of a graph that come together are written faster.

    Raises `OSError` for what the disk refuses.
    """
    with _opened(path) as database:
        database.executescript(TABLES)
        writer = _Writer(database, names)
        for batch in batched(quads, _BATCH):
            writer.add(batch)
        database.executescript(INDEXES)
        documents = writer.derive(iter_subjects(database))
        sum_up(database, documents)
        database.execute("ANALYZE")


def update_book(path: Path, before: Path, added: Iterable[Quad], removed: Iterable[Quad], names: Namespaces) -> None:
    """Write a book that differs from the one before by quads that came and went.

    It is a hard link to the one before if nothing that stands in it changed. Raises `OSError` for what the disk
    refuses.
    """
    come, gone = _kept(added, names), _kept(removed, names)
    if not come and not gone:
        path.hardlink_to(before)
        return
    shutil.copyfile(before, path)
    with _opened(path) as database:
        writer = _Writer(database, names)
        touched = sorted(writer.remove(gone) | writer.add(come))
        documents = set()
        for batch in batched(touched):
            documents |= delete_rows(database, batch)
            documents |= writer.derive(iter_subjects(database, batch))
        sum_up(database, documents)


def _kept(quads: Iterable[Quad], names: Namespaces) -> list[Quad]:
    """Return the quads that stand in a book."""
    if isinstance(quads, QuadFile):
        # Whatever is kept names something of the project's own: nothing else of a million lines need be parsed.
        own = f"<{names.base}".encode()
        lines = b"".join(line for line in quads.lines() if own in line)
        quads = parse(lines, format=RdfFormat.N_QUADS)
    return list(filter(_Chooser(names), quads))


class _Chooser:
    """Tells which quads stand in a book: those without blank nodes, and of foreign graphs those with an own IRI."""

    def __init__(self, names: Namespaces) -> None:
        self._names = names
        self._foreign: dict[GraphName, bool] = {}

    def __call__(self, quad: Quad) -> bool:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            return False
        graph = quad.graph_name
        if (foreign := self._foreign.get(graph)) is None:
            foreign = self._foreign[graph] = self._names.graphs.is_foreign(graph)
        if not foreign:
            return True
        is_own = self._names.is_own
        return is_own(subject.value) or (isinstance(value, NamedNode) and is_own(value.value))


class _Writer:
    """Adds quads to an open book, and the rows that follow from them."""

    def __init__(self, database: sqlite3.Connection, names: Namespaces) -> None:
        self._database, self._names = database, names
        self._keeps = _Chooser(names)
        self._kinds = {text: number for number, text in database.execute("SELECT id, text FROM kind")}
        self._terms: dict[tuple[str, str], int] = {}
        self._graphs: dict[GraphName, int] = {}
        self._last: int = database.execute("SELECT coalesce(max(id), 0) FROM term").fetchone()[0]
        #: Whether terms may be there that were not met by this writer.
        self._looks_up = self._last > 0
        self._new: list[tuple[int, str, int]] = []
        if IRI not in self._kinds:
            database.execute("INSERT INTO kind VALUES (?, ?)", (0, IRI))
            self._kinds[IRI] = 0

    def add(self, quads: Iterable[Quad]) -> set[int]:
        """Add quads and return the numbers of their subjects."""
        rows = sorted(self._row(quad) for quad in quads if self._keeps(quad))
        self._database.executemany("INSERT INTO term VALUES (?, ?, ?)", self._new)
        self._new.clear()
        self._database.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", rows)
        return {row[0] for row in rows}

    def remove(self, quads: Iterable[Quad]) -> set[int]:
        """Take quads out and return the numbers of their subjects. Their terms stay."""
        rows = [self._row(quad) for quad in quads]
        where = "subject = ? AND property = ? AND object = ? AND graph = ?"
        self._database.executemany(f"DELETE FROM said WHERE {where}", rows)  # noqa: S608
        return {row[0] for row in rows}

    def derive(self, subjects: Iterable[SubjectRows]) -> set[str]:
        """Write the rows that follow from what is said of subjects, and return the names of their documents."""
        return insert_rows(self._database, subjects, self._names)

    def _row(self, quad: Quad) -> tuple[int, int, int, int]:
        value = quad.object
        return (
            self._term(quad.subject.value, IRI),  # type: ignore[union-attr]
            self._term(quad.predicate.value, IRI),
            self._term(value.value, kind_of(value)),  # type: ignore[union-attr, arg-type]
            self._graph(quad.graph_name),
        )

    def _term(self, text: str, kind: str) -> int:
        number = self._terms.get((text, kind))
        if number is None:
            number = self._terms[text, kind] = self._find(text, kind) or self._create(text, kind)
        return number

    def _find(self, text: str, kind: str) -> int | None:
        if not self._looks_up or kind not in self._kinds:
            return None
        found = self._database.execute(
            "SELECT id FROM term WHERE text = ? AND kind = ?", (text, self._kinds[kind])
        ).fetchone()
        return int(found[0]) if found else None

    def _create(self, text: str, kind: str) -> int:
        if kind not in self._kinds:
            self._kinds[kind] = len(self._kinds)
            self._database.execute("INSERT INTO kind VALUES (?, ?)", (self._kinds[kind], kind))
        self._last += 1
        self._new.append((self._last, text, self._kinds[kind]))
        return self._last

    def _graph(self, graph: GraphName) -> int:
        if graph not in self._graphs:
            iri, graphs = "" if isinstance(graph, DefaultGraph) else graph.value, self._names.graphs
            derived, inferred = graphs.is_derived(graph), graphs.is_inferred(graph)
            self._database.execute(
                "INSERT OR IGNORE INTO graph(iri, document, inferred, derived) VALUES (?, ?, ?, ?)",
                (iri, graphs.document_of(graph) or "", inferred, derived),
            )
            (self._graphs[graph],) = self._database.execute("SELECT id FROM graph WHERE iri = ?", (iri,)).fetchone()
        return self._graphs[graph]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to write to; if the block ends with an exception, the file can't be used.

    It is flushed to the disk together with the version that it belongs to, not before.
    """
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA cache_size = -65536")
            yield database
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from error
