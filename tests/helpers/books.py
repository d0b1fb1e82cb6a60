"""Books of quads that no version holds, in files that go with them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad

from digitech_kg.book import FILE_NAME, Book, write_book
from digitech_kg.namespaces import Namespaces


def book_of(quads: Iterable[Quad], names: Namespaces) -> Book:
    """Return the book of some quads, as a store gives them."""
    folder = Path(tempfile.mkdtemp(prefix="book-of-a-test-"))
    write_book(folder / FILE_NAME, quads, names)
    book = Book(folder / FILE_NAME, names)
    weakref.finalize(book, shutil.rmtree, folder, ignore_errors=True)
    return book
