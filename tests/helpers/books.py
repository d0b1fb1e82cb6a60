"""Books of quads that no version holds, in files that go with them."""

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad

from digitech_kg.book import BOOK_FILE, Book, update_book, write_book
from digitech_kg.namespaces import Namespaces


def book_of(quads: Iterable[Quad], names: Namespaces) -> Book:
    """Return the book of some quads, as a store gives them."""
    write_book(path := _new_path(), quads, names)
    return _opened(path, names)


def book_like(other: Book, added: Iterable[Quad], removed: Iterable[Quad]) -> Book:
    """Return a book that differs from another by some quads, which is made in a tenth of the time."""
    update_book(path := _new_path(), other.path, added, removed, other.names)
    return _opened(path, other.names)


def _new_path() -> Path:
    return Path(tempfile.mkdtemp(prefix="book-of-a-test-")) / BOOK_FILE


def _opened(path: Path, names: Namespaces) -> Book:
    book = Book(path, names)
    weakref.finalize(book, shutil.rmtree, path.parent, ignore_errors=True)
    return book


_TERM = "(SELECT term.text || kind.text FROM term JOIN kind ON kind.id = term.kind WHERE term.id = %s)"
_GRAPH = "(SELECT iri FROM graph WHERE id = said.graph)"


def logical_rows(book: Book) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield the rows of each table with terms for numbers, which depend on the history of a book."""
    for table, terms in (
        ("said", ("subject", "property", "object")),
        ("claim", ("id", "subject", "predicate", "object")),
        ("passage", ("id",)),
        ("entry", ("id",)),
    ):
        columns = [name for (name,) in book.rows("SELECT name FROM pragma_table_info(?)", table)]
        told = [_TERM % f"{table}.{name}" if name in terms else _GRAPH if name == "graph" else name for name in columns]
        yield table, sorted(book.rows(f"SELECT {', '.join(told)} FROM {table}"), key=str)  # noqa: S608
    yield (
        "word",
        sorted(book.rows("SELECT term.text, names, texts FROM word JOIN term ON term.id = word.rowid")),
    )
